"""On hold: sound and messages go on, the time of the consult does not count."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.rooms.models import Participant, Role, Room
from consult.rooms.quorum import absent_doctors, missing_sides
from consult.rooms.services.guests import lock_host
from consult.rooms.services.log import append
from consult.rooms.services.waiting import LEGAL, stop_waiting, wait_for
from telemed.core import moments
from telemed.core.errors import Conflict, Invalid
from telemed.core.intentions import require_intention
from telemed.notifications.services import notify
from telemed.people.models import User

SHORTEST = 2  # characters of a reason


def hold_room(*, actor: User, room_id: UUID, reason: str) -> Room:
    """Stop the time, for a said reason. Raises Conflict where no consult is under way."""
    require_intention()
    room = lock_host(actor, room_id).room
    if room.status == Room.Status.HELD:
        return room
    if room.status != Room.Status.LIVE:
        raise Conflict(_("The consult has not begun; there is nothing to hold."), path="status")
    if len(reason.strip()) < SHORTEST:
        raise Invalid(_("Say in a word why."), path="reason")
    _hold(room, by=actor, reason=reason.strip())
    return room


def resume_room(*, actor: User, room_id: UUID) -> Room:
    """Go on. Raises Conflict while a side's doctor is missing."""
    require_intention()
    room = lock_host(actor, room_id).room
    if room.status != Room.Status.HELD:
        return room
    if missing_sides(room, moments.now() - Participant.LEASE):
        raise Conflict(_("A doctor is missing; it cannot go on."), path="status")
    resume(room, by=actor)
    return room


def resume(room: Room, by: User | None = None) -> None:
    """Of a locked room: the time counts again."""
    now = moments.now()
    if room.held_at:
        room.held_for += now - room.held_at
    room.status, room.held_at, room.held_by = Room.Status.LIVE, None, None
    room.save(update_fields=["status", "held_at", "held_by", "held_for"])
    append(room, "room.resumed", by=by)
    stop_waiting(room)


def hold_if_alone(room: Room) -> None:
    """Of a locked room: one side's doctor was not seen for ALONE_FOR; that side is called."""
    if room.status != Room.Status.LIVE:
        return
    missing = missing_sides(room, moments.now() - Room.ALONE_FOR)
    if not missing:
        return
    _hold(room, by=None, reason="")
    wait_for(room, LEGAL)
    case = room.case
    if case is None:  # of a visit: whoever is there reads it, and the doctor rings
        return
    other = {Role.REQUESTER: case.asked, Role.SPECIALIST: case.asking}
    for role in sorted(missing) if len(missing) == 1 else ():
        other_side = other[role]
        for doctor in absent_doctors(room, role, moments.now() - Room.ALONE_FOR):
            notify(
                recipient=doctor,
                template="room.held",
                about=room.pk,
                url=f"/rooms/{case.pk}/",
                no=case.number,
                phone=other_side.phone if other_side else "",
            )


def _hold(room: Room, by: User | None, reason: str) -> None:
    room.status, room.held_at, room.held_by = Room.Status.HELD, moments.now(), by
    room.save(update_fields=["status", "held_at", "held_by"])
    append(room, "room.held", by=by, reason=reason)
