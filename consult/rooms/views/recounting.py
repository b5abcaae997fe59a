"""What happened in a room, to read and to print."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from consult.rooms import services
from consult.rooms.words import part_names
from telemed.core import moments
from telemed.core.errors import Invalid
from telemed.core.intentions import intention
from telemed.people.models import Role
from telemed.people.sessions import SignedIn

LONGEST = 9  # digits of an event's number


@login_required
@require_GET
def record(request: SignedIn, room_id: UUID) -> HttpResponse:
    """?show=<part>&after=<number>: a page of the log in words; ?print=1: all of it, on paper."""
    if request.GET.get("print"):
        with intention(request.user, door="web"):
            found = services.print_record(actor=request.user, room_id=room_id)
        return render(request, "rooms/record_print.html", {"record": found, "room": found.room})
    show, after = request.GET.get("show", ""), _number(request.GET.get("after", "0"))
    with intention(request.user, door="web"):
        found = services.read_record(actor=request.user, room_id=room_id, show=show, after=after)
    case = found.room.case
    filters = [(part, name) for part, name in part_names() if part in found.parts]
    context = {"record": found, "room": found.room, "case": case, "filters": filters}
    context["counted"] = found.room.counted(moments.now())
    if request.user.role == Role.RESIDENT:
        return render(request, "rooms/record_resident.html", context)
    return render(request, "rooms/record.html", context)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > LONGEST:
        raise Invalid(_("This page of the list does not exist."), path="after")
    return int(text)
