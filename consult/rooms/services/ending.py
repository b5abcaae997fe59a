"""Rooms end: by a doctor, by themselves, or because nobody can meet in them any more."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests.models import Case
from consult.requests.services import close_after_room
from consult.rooms.events import RoomEnded
from consult.rooms.models import Participant, Room
from consult.rooms.permissions import BY_PLACE, CLINICAL, is_past
from consult.rooms.ported import open_room_of
from consult.rooms.services.log import append, lock_matter_of, lock_place, lock_room, recheck_room
from consult.rooms.services.media import shut_engine_room
from consult.rooms.services.waiting import stop_waiting
from telemed.core import moments, outbox
from telemed.core.errors import Forbidden
from telemed.core.intentions import require_intention
from telemed.notifications.services import notify, settle
from telemed.people.models import User


def end_room(*, actor: User, room_id: UUID) -> Room:
    """Close the room for everybody. It closes no case, but for one whose receipt asked to."""
    require_intention()
    lock_matter_of(room_id)
    place = lock_place(actor, room_id)
    if place.role in BY_PLACE or (place.role not in CLINICAL and place.room.is_under_way):
        raise Forbidden(_("Only the doctors of this case end its room."))
    finish(place.room, by=actor)
    return place.room


def end_visits_room(*, visit_id: UUID, by: User | None = None) -> None:
    """The visit is over, was moved or cancelled: whoever is in its room is sent out."""
    require_intention()
    room_id = Room.objects.filter(visit=visit_id).exclude(status=Room.Status.ENDED)
    if found := room_id.values_list("pk", flat=True).first():
        lock_matter_of(found)
        room = lock_room(found)
        if room.status != Room.Status.ENDED:
            finish(room, by=by)


def finish(room: Room, by: User | None) -> None:
    """Of a locked room, and its case or visit locked before it."""
    require_intention()
    now = moments.now()
    if room.held_at:
        room.held_for += now - room.held_at
    room.status, room.ended_at, room.leader, room.held_at = Room.Status.ENDED, now, None, None
    room.save(update_fields=["status", "ended_at", "leader", "held_at", "held_for"])
    if room.live_at and room.case_id:
        outbox.announce(RoomEnded(room_id=room.pk, case_id=room.case_id))
    shut_engine_room(room)
    stop_waiting(room)
    append(room, "room.ended", by=by)
    recheck_room(room_id=room.pk)
    settle(about=room.pk)
    if room.case_id:
        if room.live_at:
            _tell_who_was_out(room, by)
        close_after_room(case_id=room.case_id)


def lapse_room(*, case_id: UUID, reason: str, missed_by: str = "") -> bool:
    """
    Of a locked case: its room in which the sides never met ends with what it was opened for.

    `reason` is what became of the case; `missed_by` the side that did not come to an agreed time.
    """
    require_intention()
    room_id = open_room_of(case_id)
    if room_id is None:
        return False
    room = lock_room(room_id)
    if room.status != Room.Status.OPEN:  # who is in the middle of it goes on
        return False
    room.status, room.ended_at, room.leader = Room.Status.ENDED, moments.now(), None
    room.save(update_fields=["status", "ended_at", "leader"])
    shut_engine_room(room)
    stop_waiting(room)
    append(room, "room.lapsed", reason=reason, missed_by=missed_by)
    recheck_room(room_id=room.pk)
    settle(about=room.pk)
    return True


def lapse_if_past(*, room_id: UUID) -> bool:
    """The same by looking: for what ended a case without a word to its room."""
    require_intention()
    case = lock_matter_of(room_id)
    if not isinstance(case, Case) or not is_past(case):
        return False
    return lapse_room(case_id=case.pk, reason=case.status)


def _tell_who_was_out(room: Room, by: User | None) -> None:
    """The doctors of the case who were not there at its end find what happened in their inbox."""
    case = room.consult
    there = set(
        room.participants.filter(status=Participant.Status.ADMITTED).values_list("user", flat=True)
    )
    doctors = {case.requester, *([case.holder] if case.holder else []), *case.experts}
    for doctor in sorted(doctors, key=lambda one: one.pk):
        if doctor.pk in there or doctor == by:
            continue
        notify(
            recipient=doctor,
            template="room.ended",
            about=room.pk,
            url=f"/rooms/of/{room.pk}/record/",
            no=case.number,
        )
