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

from consult.requests.models import Case
from consult.rooms import queries, services
from consult.rooms.forms import PersonForm
from consult.rooms.models import Role, Room
from consult.rooms.permissions import may_show, role_in
from consult.rooms.words import page_words
from telemed.core.errors import Invalid
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@require_GET
def room(request: SignedIn, case_id: UUID) -> HttpResponse:
    """The room of a case. The first who comes opens it; after its end, that takes a button."""
    with intention(request.user, door="web"):
        case = queries.get_case(request.user, case_id)
        found = queries.find_room(case)
        if found is None:
            found = services.open_room(actor=request.user, case_id=case_id)
        role = role_in(case, request.user)
    context = {"case": case, "patient": case.patient, "room": found, "back": f"/cases/{case.pk}/"}
    if found.status == Room.Status.ENDED:
        return render(request, "rooms/ended.html", context)
    return render(request, "rooms/room.html", context | page(request, case, found, role))


def page(request: SignedIn, case: Case, room: Room, role: Role | None) -> dict[str, Any]:
    """What the room's template and script need to know."""
    shows = role is not None and may_show(role)
    other = case.asked if role == Role.REQUESTER else case.asking
    data = {
        "room": str(room.pk),
        "me": str(request.user.pk),
        "may_show": shows,
        "socket": f"/ws/rooms/{room.pk}/",
        "state": reverse("rooms:state", args=[room.pk]),
        "remove": reverse("rooms:remove", args=[room.pk]),
        "back": f"/cases/{case.pk}/",
        "csrf": get_token(request),
        "viewer": {"module": static("imaging/viewer.js"), "studies": [], "words": {}},
    }
    phone = other.phone if other else ""
    return {"role": role, "may_show": shows, "phone": phone, "data": data, "words": page_words()}


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
    form = PersonForm(request.POST)
    if not form.is_valid():
        field, messages = next(iter(form.errors.items()))
        raise Invalid(str(messages[0]), path=field)
    return form.cleaned_data
