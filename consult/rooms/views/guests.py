"""Who comes into a room by invitation, and who lets them in; the hold."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from consult.requests.models import Case
from consult.rooms import forms, queries, services
from consult.rooms.models import Participant, Room
from consult.rooms.permissions import Matter
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

KEPT_OUT = {
    Participant.Status.INVITED,
    Participant.Status.WAITING,
    Participant.Status.REFUSED,
    Participant.Status.REMOVED,
}


def wait(request: SignedIn, matter: Matter, place: Participant) -> HttpResponse:
    """The page on which a guest waits; opening it knocks. No part of the record is on it."""
    with intention(request.user, door="web"):
        place = services.knock(actor=request.user, room_id=place.room_id)
    case = matter if isinstance(matter, Case) else None
    context: dict[str, Any] = {"case": case, "visit": None if case else matter}
    context |= {"room": place.room, "place": place, "words": words_of(place)}
    return render(request, "rooms/waiting.html", context)


def words_of(place: Participant) -> dict[str, str]:
    """What stands on the page of who is not in yet."""
    if place.room.status == Room.Status.ENDED:
        return {"title": _("This room has ended"), "text": _("You can close this page.")}
    match place.status:
        case Participant.Status.REFUSED:
            minutes = int(Participant.AGAIN.total_seconds() // 60)
            said = _("After {n} minutes you may try again by loading this page.")
            return {"title": _("You were not let in"), "text": said.format(n=minutes)}
        case Participant.Status.REMOVED:
            said = _("Whoever invited you can invite you again.")
            return {"title": _("You were removed from this room."), "text": said}
    said = _("They know that you are here. This page goes on by itself; keep it open.")
    return {"title": _("Wait until somebody lets you in"), "text": said}


@login_required
@require_GET
def waiting(request: SignedIn, room_id: UUID) -> HttpResponse:
    """Asked every few seconds by that page: may one go in, and what stands there meanwhile."""
    with intention(request.user, door="web"):
        place = services.knock(actor=request.user, room_id=room_id)
    over = place.status in KEPT_OUT or place.room.status == Room.Status.ENDED
    return JsonResponse({"may_enter": not over, **words_of(place)})


@login_required
@require_GET
def people(request: SignedIn, room_id: UUID) -> HttpResponse:
    """Colleagues of either institution whose name begins like that, for the invitation."""
    text = request.GET.get("q", "").strip()[:40]
    with intention(request.user, door="web"):
        found = queries.find_colleagues(request.user, room_id, text) if text else []
    shown = [
        {
            "id": str(person.pk),
            "name": person.name,
            "organisation": person.organisation.name if person.organisation else "",
        }
        for person in found
    ]
    return JsonResponse({"people": shown})


@login_required
@require_POST
def invite(request: SignedIn, room_id: UUID) -> HttpResponse:
    form = forms.InvitationForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    with intention(request.user, door="web"):
        services.invite_guest(actor=request.user, room_id=room_id, **form.cleaned_data)
    return HttpResponse(status=204)


@login_required
@require_POST
def admit(request: SignedIn, room_id: UUID) -> HttpResponse:
    guest = _guest(request)
    with intention(request.user, door="web"):
        services.admit_guest(actor=request.user, room_id=room_id, user_id=guest)
    return HttpResponse(status=204)


@login_required
@require_POST
def refuse(request: SignedIn, room_id: UUID) -> HttpResponse:
    guest = _guest(request)
    with intention(request.user, door="web"):
        services.refuse_guest(actor=request.user, room_id=room_id, user_id=guest)
    return HttpResponse(status=204)


@login_required
@require_POST
def hold(request: SignedIn, room_id: UUID) -> HttpResponse:
    form = forms.HoldForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    with intention(request.user, door="web"):
        services.hold_room(actor=request.user, room_id=room_id, **form.cleaned_data)
    return HttpResponse(status=204)


@login_required
@require_POST
def resume(request: SignedIn, room_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.resume_room(actor=request.user, room_id=room_id)
    return HttpResponse(status=204)


def _guest(request: SignedIn) -> UUID:
    form = forms.PersonForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    guest: UUID = form.cleaned_data["user_id"]
    return guest
