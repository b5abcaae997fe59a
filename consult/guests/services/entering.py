"""Two taps: the link, and Enter; then a host lets in."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.guests.models import Link
from consult.guests.queries import standing_of
from consult.guests.secrets import KIND
from consult.rooms import services as rooms
from consult.rooms.links import Standing
from consult.rooms.models import Participant, Room
from telemed.audit import services as audit
from telemed.core.errors import Conflict, Gone
from telemed.core.intentions import require_intention
from telemed.people.models import User


def enter(*, actor: User, link: Link, cookie: str) -> Room:
    """
    Bind the link to this browser; doing it again in the same browser is done once.

    Raises Conflict in another browser, Gone for what was replaced, taken back or is over.
    """
    require_intention()
    room = rooms.lock_room(link.room_id)
    link = Link.objects.select_related("holder").get(pk=link.pk)
    _refuse(standing_of(link, cookie))
    if not rooms.bind_link(kind=KIND, link=link, cookie=cookie):
        _refuse(Standing.ELSEWHERE)
    audit.record(
        action="guest.enter", target=f"GuestLink/{link.pk}", patient_id=room.matter.patient_id
    )
    return room


def knock(*, actor: User, room_id: UUID) -> Participant:
    """Opening the page knocks, as it does for colleagues."""
    return rooms.knock(actor=actor, room_id=room_id)


def _refuse(standing: Standing) -> None:
    match standing:
        case Standing.ELSEWHERE:
            raise Conflict(_("This link was used on another phone or computer."), path="link")
        case Standing.REPLACED:
            raise Gone(_("This link was replaced by a newer one."), path="link")
        case Standing.OVER:
            raise Gone(_("This invitation is over or was taken back."), path="link")
