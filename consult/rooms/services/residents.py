"""The patient of a visit by video: knocks, and comes in as soon as the doctor is there."""

from uuid import UUID

from consult.rooms.models import Participant, Role, Room
from consult.rooms.services.log import append, lock_room
from telemed.core import moments
from telemed.core.intentions import require_intention
from telemed.people.models import User

Status = Participant.Status
OUTSIDE = [Status.INVITED, Status.WAITING]  # who was turned away or removed is not among them


def seat_resident(*, room_id: UUID, user: User) -> Participant:
    """A place for who holds the link of the visit; it lets nobody in by itself."""
    require_intention()
    room = lock_room(room_id)
    place, _new = Participant.objects.get_or_create(
        room=room,
        user=user,
        defaults={
            "role": Role.RESIDENT,
            "status": Status.INVITED,
            "seen_at": moments.now(),
        },
    )
    return place


def let_residents_in(room: Room, *, by: User | None) -> None:
    """Of a locked room: the doctor who comes in lets the patient in who waits at the door."""
    for place in room.participants.filter(role=Role.RESIDENT, status__in=OUTSIDE):
        place.status = Status.LEFT  # comes in by itself, without a knock
        place.save(update_fields=["status"])
        append(room, "participant.admitted", by=by, participant=str(place.user_id))


def doctor_is_in(room: Room) -> bool:
    """Somebody is there to whom the patient comes."""
    there = room.participants.filter(
        role=Role.SPECIALIST,
        status=Status.ADMITTED,
        seen_at__gte=moments.now() - Participant.LEASE,
    )
    return there.exists()
