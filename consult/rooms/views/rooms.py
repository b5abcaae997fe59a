"""The room's page and what is done by form."""

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
from consult.rooms import engines, forms, plugs, queries, services
from consult.rooms.models import Role, Room
from consult.rooms.permissions import (
    GUESTS,
    may_host,
    may_show,
    may_speak,
    only_sees,
    role_at,
)
from consult.rooms.views.guests import KEPT_OUT, wait
from consult.rooms.words import page_words
from records.chart.queries import panel_of
from records.chart.services import note_reading
from records.imaging.words import viewer_words
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn
from telemed.web.middleware import content_policy

RIGHTS = {
    "may_show": may_show,
    "may_host": may_host,
    "may_speak": may_speak,
    "only_sees": only_sees,
}
DOORS = ("remove", "people", "invite", "admit", "refuse", "hold", "resume")  # for hosts' scripts


@login_required
@require_GET
def room(request: SignedIn, case_id: UUID) -> HttpResponse:
    """The room of a case. The first who comes opens it; after its end, that takes a button."""
    with intention(request.user, door="web"):
        case = queries.get_case(request.user, case_id)
        found = queries.find_room(case)
        place = queries.find_place(request.user, case_id)
        role = role_at(case, request.user, place)
        guest = role in GUESTS
        if found is None:
            found = services.open_room(actor=request.user, case_id=case_id)
        beside = _beside(request, case, role)
        shows = role is not None and may_show(role)
        shown = desk(request.user, case) if shows else {"studies": []}
    if guest and place and (place.status in KEPT_OUT or found.status == Room.Status.ENDED):
        return wait(request, case, place)
    context = {
        "case": case,
        "patient": case.patient,
        "room": found,
        "back": "/" if guest else f"/cases/{case.pk}/",
    }
    if found.status == Room.Status.ENDED:
        return render(request, "rooms/ended.html", context)
    shown_page = render(
        request, "rooms/room.html", context | beside | page(request, case, found, role, shown)
    )
    if engine := engines.connected():
        shown_page["Content-Security-Policy"] = content_policy(request, lines=engine.origins)
    return shown_page


def _beside(request: SignedIn, case: Case, role: Role | None) -> dict[str, Any]:
    """The record and the unsigned opinion, for those who may see them; opening is a read."""
    if role is None or not may_show(role):
        return {"record": None, "draft": None, "statements": None}
    record = panel_of(request.user, case.patient)  # None where the record may not be read
    if record is not None:
        note_reading(actor=request.user, patient=case.patient)
    return {
        "record": record,
        "draft": draft_panel(request.user, case),
        "statements": statements_panel(request.user, case),
    }


def page(
    request: SignedIn, case: Case, room: Room, role: Role | None, shown: dict[str, Any]
) -> dict[str, Any]:
    """What the room's template and script need to know; `shown` is what the viewer opens with."""
    rights = {name: role is not None and may(role) for name, may in RIGHTS.items()}
    shows = rights["may_show"]
    other = case.asked if role == Role.REQUESTER else case.asking
    data = {
        "room": str(room.pk),
        "me": str(request.user.pk),
        **rights,
        "socket": f"/ws/rooms/{room.pk}/",
        "state": reverse("rooms:state", args=[room.pk]),
        "doors": {name: reverse(f"rooms:{name}", args=[room.pk]) for name in DOORS},
        "back": "/" if role in GUESTS else f"/cases/{case.pk}/",
        "csrf": get_token(request),
        "viewer": {
            "module": static("imaging/desk.js"),
            "words": viewer_words(),
            "csrf": get_token(request),
            **shown,
        },
        "still": reverse("keyimages:still", args=[case.pk]) if shows else "",
        "shown": reverse("rooms:shown", args=[room.pk]) if rights["only_sees"] else "",
    }
    phone = other.phone if other else ""
    parts = plugs.shown(request.user, room)
    return {
        "role": role,
        "phone": phone,
        "data": data,
        "words": page_words(),
        "parts": parts,
        **rights,
    }


@login_required
@require_POST
def reopen(request: SignedIn, case_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.open_room(actor=request.user, case_id=case_id)
    return redirect("rooms:room", case_id)


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
    return redirect("rooms:room", ended.case_id)


@login_required
@require_POST
def remove(request: SignedIn, room_id: UUID) -> HttpResponse:
    person = _person(request)
    with intention(request.user, door="web"):
        services.remove_participant(actor=request.user, room_id=room_id, **person)
    return HttpResponse(status=204)


@login_required
@require_POST
def allow(request: SignedIn, room_id: UUID) -> HttpResponse:
    user_id = _person(request)["user_id"]
    with intention(request.user, door="web"):
        services.allow_participant(actor=request.user, room_id=room_id, user_id=user_id)
    return HttpResponse(status=204)


def _person(request: HttpRequest) -> dict:
    form = forms.PersonForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    return form.cleaned_data
