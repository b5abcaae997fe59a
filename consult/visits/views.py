"""The door that a link opens, the room behind it, and what staff do about a visit by video."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from consult.rooms import queries as rooms
from consult.rooms.models import Participant, Room
from consult.rooms.permissions import role_at
from consult.rooms.views import rooms as room_pages
from consult.rooms.views.guests import KEPT_OUT
from consult.visits import queries, services
from consult.visits.models import Link
from consult.visits.permissions import Standing, opens_at
from consult.visits.secrets import COOKIE, new_browser, path_of
from telemed.audit import refusals
from telemed.core.errors import DomainError
from telemed.core.intentions import System, intention
from telemed.people.sessions import SignedIn

LINKS = System("visit-links")  # before it is known whose a link is
STATUS = {Standing.ELSEWHERE: 409, Standing.REPLACED: 410, Standing.OVER: 410}
LIFE = 24 * 3600  # seconds; the link itself ends with the visit


@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, token: str) -> HttpResponse:
    """
    What the link opens: the visit, and one button. Looking uses nothing up, because programs that
    preview messages look too; the button binds the link to this browser.
    """
    with intention(LINKS, door="web"):
        link = queries.get_link(token)
    if request.method == "POST":
        return _enter(request, link)
    return _door(request, link)


def _enter(request: HttpRequest, link: Link) -> HttpResponse:
    cookie = request.COOKIES.get(COOKIE) or new_browser()
    try:
        with intention(link.holder, door="web"):
            entered = services.enter(actor=link.holder, link=link, cookie=cookie)
    except DomainError as error:
        refusals.note(link.holder, door="web", action="visit.enter", error=error)
        with intention(LINKS, door="web"):
            link.refresh_from_db()
        return _door(request, link)
    return _into(entered, cookie)


def _into(entered: Room, cookie: str) -> HttpResponse:
    answer = redirect("visits:room", entered.pk)
    answer.set_cookie(
        COOKIE,
        cookie,
        max_age=LIFE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


def _door(request: HttpRequest, link: Link) -> HttpResponse:
    with intention(link.holder, door="web"):
        standing = queries.standing_of(link, request.COOKIES.get(COOKIE, ""))
    context = {"visit": link.visit, "standing": standing, "opens_at": opens_at(link.visit)}
    return _private(render(request, "visits/door.html", context, status=STATUS.get(standing, 200)))


@require_GET
def room(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """The room for who entered; until the doctor is there, the waiting room."""
    link = _entered(request, room_id)
    with intention(link.holder, door="web"):
        place = services.knock(actor=link.holder, room_id=room_id)
        found = place.room
        role = role_at(found.matter, link.holder, place)
    if found.status == Room.Status.ENDED:
        return redirect(path_of(link.pk))
    if place.status in KEPT_OUT:
        return _private(render(request, "visits/waiting.html", _waiting(link, place)))
    back = path_of(link.pk)
    context = room_pages.about(found, back=back)
    context |= room_pages.beside_nothing()
    context |= room_pages.page(request, found, link.holder, role, {"studies": []})
    context["data"] |= {
        "socket": f"/ws/visits/{room_id}/",
        "state": reverse("visits:state", args=[room_id]),
        "back": back,
        "enters": True,
    }
    return _private(room_pages.show(request, context))


@require_GET
def waiting(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Asked every few seconds by the waiting room."""
    link = _entered(request, room_id)
    with intention(link.holder, door="web"):
        place = services.knock(actor=link.holder, room_id=room_id)
    over = place.status in KEPT_OUT or place.room.status == Room.Status.ENDED
    words = _waiting(link, place)["words"]
    return JsonResponse({"may_enter": not over, **words})


@require_GET
def state(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """204 while one may be in the room; the script asks when its socket is refused."""
    link = _entered(request, room_id)
    with intention(link.holder, door="web"):
        rooms.check_entry(link.holder, room_id)
    return HttpResponse(status=204)


@login_required
@require_POST
def enter(request: SignedIn, visit_id: UUID) -> HttpResponse:
    """From the own page, without the message: a link of one's own, used here at once."""
    cookie = request.COOKIES.get(COOKIE) or new_browser()
    with intention(request.user, door="web"):
        link = services.make_own_link(actor=request.user, visit_id=visit_id)
    with intention(link.holder, door="web"):
        entered = services.enter(actor=link.holder, link=link, cookie=cookie)
    return _into(entered, cookie)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: SignedIn, visit_id: UUID) -> HttpResponse:
    """A new link, and the page from which the desk reads it out; the patient has it by SMS."""
    if request.method == "POST":
        with intention(request.user, door="web"):
            services.make_link(actor=request.user, visit_id=visit_id)
        return redirect("visits:link", visit_id)
    with intention(request.user, door="web"):
        made = services.read_link(actor=request.user, visit_id=visit_id)
        context = {"visit": made.visit, "sent": queries.reached_at(made.visit) is not None}
    context["address"] = settings.PUBLIC_URL.rstrip("/") + path_of(made.pk)
    return _private(render(request, "visits/link.html", context))


@login_required
@require_POST
def finish(request: SignedIn, visit_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        visit = services.finish_visit(actor=request.user, visit_id=visit_id)
    return redirect(f"{reverse('booking:day')}?day={visit.day}#a-{visit.pk}")


def _entered(request: HttpRequest, room_id: UUID) -> Link:
    with intention(LINKS, door="web"):
        return queries.get_entered(request.COOKIES.get(COOKIE, ""), room_id)


def _waiting(link: Link, place: Participant) -> dict[str, Any]:
    words = {
        "title": _("The doctor is not in the room yet"),
        "text": _("Your place is kept. This page goes on by itself; keep it open."),
    }
    if place.status in (Participant.Status.REFUSED, Participant.Status.REMOVED):
        words = {
            "title": _("You are not in the room now"),
            "text": _("The doctor can let you in again. Keep this page open, or ring."),
        }
    return {"visit": link.visit, "room": place.room, "words": words}


def _private(answer: HttpResponse) -> HttpResponse:
    """Kept nowhere, found by no search."""
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
