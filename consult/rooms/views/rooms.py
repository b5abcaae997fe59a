"""The room's page and what is done by form."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from consult.keyimages.panels import desk
from consult.opinions.panels import draft_panel, statements_panel
from consult.requests.models import Case
from consult.requests.presenting import arriving
from consult.rooms import engines, forms, lines, plugs, queries, services
from consult.rooms.models import Removal, Role, Room
from consult.rooms.permissions import (
    CLINICAL,
    GUESTS,
    Matter,
    has_room,
    may_host,
    may_show,
    may_speak,
    only_sees,
    role_at,
)
from consult.rooms.record import readable
from consult.rooms.views.guests import KEPT_OUT, wait
from consult.rooms.words import page_words, visit_words
from records.chart.queries import panel_of
from records.chart.services import note_reading
from records.imaging.words import viewer_words
from telemed.core.intentions import intention
from telemed.people.models import User
from telemed.people.sessions import SignedIn
from telemed.web.middleware import content_policy

RIGHTS = {
    "may_show": may_show,
    "may_host": may_host,
    "may_speak": may_speak,
    "only_sees": only_sees,
}
APART = 600  # seconds without a socket, after which a page lets go of microphone and camera
DOORS = ("remove", "people", "invite", "admit", "refuse", "hold", "resume")  # for hosts' scripts
LINKS = ("listed", "invite", "renew", "end")  # the same of guests without an account


@login_required
@require_GET
def room(request: SignedIn, matter_id: UUID) -> HttpResponse:
    """
    The room of a case, or of a visit by video for its doctor. The first who comes opens it; after
    its end, that takes a button.
    """
    with intention(request.user, door="web"):
        matter = queries.get_matter(request.user, matter_id)
        found = queries.find_room(matter)
        place = queries.find_place(request.user, matter_id)
        role = role_at(matter, request.user, place)
        guest = role in GUESTS
        if found is None:
            found = services.open_room(actor=request.user, case_id=matter_id)
        beside = _beside(request, matter, role)
        shows = role is not None and may_show(role) and isinstance(matter, Case)
        shown = desk(request.user, found.consult) if shows else {"studies": []}
    if guest and place and (place.status in KEPT_OUT or found.status == Room.Status.ENDED):
        return wait(request, matter, place)
    context = about(found, back="/" if guest else "")
    if found.status == Room.Status.ENDED:
        with intention(request.user, door="web"):
            context["record"] = bool(readable(request.user, found))
            context["may_reopen"] = has_room(matter)
        return render(request, "rooms/ended.html", context)
    return show(request, context | beside | page(request, found, request.user, role, shown))


def about(room: Room, *, back: str = "") -> dict[str, Any]:
    """Whose room it is; `back`: where one goes from it, else to the case or the day's list."""
    case, visit = room.case, room.visit
    return {
        "case": case,
        "visit": visit,
        "patient": room.matter.patient,
        "room": room,
        "back": back or (f"/cases/{case.pk}/" if case else _day_of(room)),
    }


def _day_of(room: Room) -> str:
    visit = room.visit
    return f"{reverse('booking:day')}?day={visit.day}#a-{visit.pk}" if visit else "/"


def show(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The page, which may talk to the media engine."""
    shown_page = render(request, "rooms/room.html", context)
    if engine := engines.connected():
        shown_page["Content-Security-Policy"] = content_policy(request, lines=engine.origins)
    return shown_page


def beside_nothing() -> dict[str, Any]:
    """For who sees no part of the record."""
    return {"record": None, "draft": None, "statements": None}


def _beside(request: SignedIn, matter: Matter, role: Role | None) -> dict[str, Any]:
    """The record and the unsigned opinion, for those who may see them; opening is a read."""
    if role is None or not may_show(role):
        return beside_nothing()
    record = panel_of(request.user, matter.patient)  # None where the record may not be read
    if record is not None:
        note_reading(actor=request.user, patient=matter.patient)
    case = matter if isinstance(matter, Case) else None
    return {
        "record": record,
        "draft": draft_panel(request.user, case) if case else None,
        "statements": statements_panel(request.user, case) if case else None,
    }


def page(
    request: HttpRequest, room: Room, person: User, role: Role | None, shown: dict[str, Any]
) -> dict[str, Any]:
    """What the room's template and script need to know; `shown` is what the viewer opens with."""
    rights = {name: role is not None and may(role) for name, may in RIGHTS.items()}
    doctor = rights["may_show"]
    case = room.case
    if case is None:  # in a visit nobody leads: there are no images of a request
        rights["may_show"] = False
    shows = rights["may_show"]
    data = {
        "room": str(room.pk),
        "me": str(person.pk),
        "role": role,
        **rights,
        "socket": f"/ws/rooms/{room.pk}/",
        "state": reverse("rooms:state", args=[room.pk]),
        "doors": {name: reverse(f"rooms:{name}", args=[room.pk]) for name in DOORS},
        "links": {name: reverse(f"guests:{name}", args=[room.pk]) for name in LINKS},
        "check": {
            "sample": reverse("devices:sample"),
            "measure": reverse("rooms:measure", args=[room.pk]),
            "relays": reverse("rooms:relays", args=[room.pk]),
            "limits": {what: asdict(limit) for what, limit in lines.LIMITS.items()},
        },
        "apart": APART,
        "back": about(room, back="/" if role in GUESTS else "")["back"],
        "csrf": get_token(request),
        "viewer": {
            "module": static("imaging/desk.js"),
            "words": viewer_words(),
            "csrf": get_token(request),
            **shown,
        },
        "still": reverse("keyimages:still", args=[case.pk]) if shows and case else "",
        "shown": reverse("rooms:shown", args=[room.pk]) if rights["only_sees"] else "",
    }
    return {
        "role": role,
        "phone": _phone_of_the_other(room, person, role),
        "removals": Removal.choices,
        "data": data,
        "words": page_words() if case else visit_words(),
        "parts": plugs.shown(person, room) if case else [],
        **(arriving(person, case) if case else {}),
        "doctor": doctor,
        **rights,
    }


def _phone_of_the_other(room: Room, person: User, role: Role | None) -> str:
    """Where the ladder ends: the other institution's, the patient's, or the hospital's."""
    if visit := room.visit:
        own = role == Role.RESIDENT or role not in CLINICAL
        return visit.organisation.phone if own else visit.patient.phone
    case = room.consult
    other = case.asked if person.organisation_id == case.asking_id else case.asking
    return other.phone if other else ""


@login_required
@require_POST
def reopen(request: SignedIn, matter_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.open_room(actor=request.user, case_id=matter_id)
    return redirect("rooms:room", matter_id)


@login_required
@require_GET
def state(request: SignedIn, room_id: UUID) -> HttpResponse:
    """204 while one may be in the room; the script asks when its socket is refused."""
    with intention(request.user, door="web"):
        queries.check_entry(request.user, room_id)
    return HttpResponse(status=204)


@login_required
@require_POST
def end(request: SignedIn, room_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        ended = services.end_room(actor=request.user, room_id=room_id)
    return redirect(ended.path)


@login_required
@require_POST
def remove(request: SignedIn, room_id: UUID) -> HttpResponse:
    person = _person(forms.RemovalForm(request.POST))
    with intention(request.user, door="web"):
        services.remove_participant(actor=request.user, room_id=room_id, **person)
    return HttpResponse(status=204)


@login_required
@require_POST
def allow(request: SignedIn, room_id: UUID) -> HttpResponse:
    user_id = _person(forms.PersonForm(request.POST))["user_id"]
    with intention(request.user, door="web"):
        services.allow_participant(actor=request.user, room_id=room_id, user_id=user_id)
    return HttpResponse(status=204)


def _person(form: forms.PersonForm) -> dict:
    if not form.is_valid():
        raise forms.refusal(form)
    return form.cleaned_data
