"""Reading what happened in a room: traced like every read of a record."""

from uuid import UUID

from consult.rooms import record
from consult.rooms.models import Room
from consult.rooms.record import Record
from records.consent import access
from telemed.audit import services as audit
from telemed.core.intentions import require_intention
from telemed.people.models import User


def read_record(*, actor: User, room_id: UUID, show: str = "", after: int = 0) -> Record:
    """One page of it, as far as it is the actor's to read."""
    require_intention()
    room, parts = record.get_room(actor, room_id)
    found = record.read(room, parts, show=show, after=after)
    _note_reading(actor, room)
    return found


def print_record(*, actor: User, room_id: UUID) -> Record:
    """All of it that is the actor's, on paper."""
    require_intention()
    room, parts = record.get_room(actor, room_id)
    _note_reading(actor, room)
    return record.whole(room, parts)


def _note_reading(actor: User, room: Room) -> None:
    patient = room.matter.patient
    decision = access.decide(actor, "read", patient)
    reason = decision.reasons[0] if decision.allowed else "record of the room"
    audit.record(action="room.read", target=room, patient_id=patient.pk, reason=reason)
