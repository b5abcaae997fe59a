"""The door that a guest's link opens, the room behind it, and what hosts do about such guests."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from consult.guests import forms, queries, services
from consult.guests.models import Link
from consult.guests.secrets import KIND, address_of
from consult.rooms.models import Participant, Role
from consult.rooms.views.guests import words_of
from consult.rooms.views.linked import Linked, private
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@require_GET
def listed(request: SignedIn, room_id: UUID) -> HttpResponse:
    """Whom the hosts asked in by a link; the addresses themselves are not shown again."""
    with intention(request.user, door="web"):
        found = queries.links_of(request.user, room_id)
    shown = [
        {
            "user": str(link.holder_id),
            "name": link.holder.name,
            "phone": link.phone,
            "role": str(Role(place.role).label),
            "state": str(Participant.Status(place.status).label),
        }
        for link, place in found
    ]
    return JsonResponse({"guests": shown})


@login_required
@require_POST
def invite(request: SignedIn, room_id: UUID) -> HttpResponse:
    form = forms.LinkForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    with intention(request.user, door="web"):
        link = services.invite(actor=request.user, room_id=room_id, **form.cleaned_data)
    return _shown_once(link)


@login_required
@require_POST
def renew(request: SignedIn, room_id: UUID) -> HttpResponse:
    guest = _guest(request)
    with intention(request.user, door="web"):
        link = services.renew(actor=request.user, room_id=room_id, user_id=guest)
    return _shown_once(link)


@login_required
@require_POST
def end(request: SignedIn, room_id: UUID) -> HttpResponse:
    guest = _guest(request)
    with intention(request.user, door="web"):
        services.take_back(actor=request.user, room_id=room_id, user_id=guest)
    return HttpResponse(status=204)


def _shown_once(link: Link) -> HttpResponse:
    """For the host to read out or copy."""
    until = timezone.localtime(link.expires_at)
    said = _("{who}: by SMS, and to read out. Good until {time}, in the browser that opens it.")
    words = said.format(who=link.holder.name, time=f"{until:%m-%d %H:%M}")
    return private(JsonResponse({"address": address_of(link.pk), "text": words}))


def _guest(request: SignedIn) -> UUID:
    form = forms.PersonForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    guest: UUID = form.cleaned_data["user_id"]
    return guest


def _at_door(link: Link) -> dict[str, Any]:
    return {"host": link.made_by.organisation if link.made_by else None}


def _less(context: dict[str, Any]) -> None:
    """No image goes to who has no account, not even what is shown; and nothing is asked of them."""
    context |= {"only_sees": False, "linked": True, "parts": []}
    context["data"] |= {"only_sees": False, "shown": ""}
    over = _("Your link opens this room no longer: it was taken back, replaced or has ended.")
    context["words"] |= {"over_absent": over, "over_signedout": over}


LINKED = Linked(
    kind=KIND,
    space="guests",
    get=queries.get_link,
    find_entered=queries.find_entered,
    find_once_entered=queries.find_once_entered,
    standing=queries.standing_of,
    enter=services.enter,
    knock=services.knock,
    at_door=_at_door,
    waiting_words=words_of,
    more=_less,
)
