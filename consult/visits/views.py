"""The door that a link opens, the room behind it, and what staff do about a visit by video."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consult.rooms.models import Participant
from consult.rooms.views.linked import Linked, private
from consult.visits import queries, services
from consult.visits.models import Link
from consult.visits.permissions import opens_at
from consult.visits.secrets import KIND, path_of
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@require_POST
def enter(request: SignedIn, visit_id: UUID) -> HttpResponse:
    """From the own page, without the message: a link of one's own, used here at once."""
    cookie = LINKED.cookie_of(request)
    with intention(request.user, door="web"):
        link = services.make_own_link(actor=request.user, visit_id=visit_id)
    with intention(link.holder, door="web"):
        entered = services.enter(actor=link.holder, link=link, cookie=cookie)
    return LINKED.into(entered, cookie)


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
    return private(render(request, "visits/link.html", context))


@login_required
@require_POST
def finish(request: SignedIn, visit_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        visit = services.finish_visit(actor=request.user, visit_id=visit_id)
    return redirect(f"{reverse('booking:day')}?day={visit.day}#a-{visit.pk}")


def _at_door(link: Link) -> dict[str, Any]:
    return {"visit": link.visit, "opens_at": opens_at(link.visit)}


def _waiting_words(place: Participant) -> dict[str, str]:
    if place.status in (Participant.Status.REFUSED, Participant.Status.REMOVED):
        return {
            "title": _("You are not in the room now"),
            "text": _("The doctor can let you in again. Keep this page open, or ring."),
        }
    return {
        "title": _("The doctor is not in the room yet"),
        "text": _("Your place is kept. This page goes on by itself; keep it open."),
    }


LINKED = Linked(
    kind=KIND,
    space="visits",
    get=queries.get_link,
    find_entered=queries.find_entered,
    find_once_entered=queries.find_once_entered,
    standing=queries.standing_of,
    enter=services.enter,
    knock=services.knock,
    at_door=_at_door,
    waiting_words=_waiting_words,
)
