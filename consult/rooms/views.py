"""The room's page and what is done by form."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from consult.rooms import queries, services
from consult.rooms.forms import PersonForm
from consult.rooms.models import Room
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
        role = queries.role_in(case, request.user)
    context = {"case": case, "patient": case.patient, "room": found, "role": role}
    if found.status == Room.Status.ENDED:
        return render(request, "rooms/ended.html", context)
    return render(request, "rooms/room.html", context)


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
        queries.get_participant(request.user, room_id)
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
        raise Invalid(messages[0], path=field)
    return form.cleaned_data
