"""What cases ask of their rooms (consult.requests.roomport): who is there, and for how long."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet

from consult.requests.models import Side
from consult.rooms.models import Participant, Role, Room
from telemed.core import moments


def is_live(case_id: UUID) -> bool:
    """Whether a room of that case is under way and somebody is in it."""
    present = Participant.objects.filter(
        room__case=case_id,
        room__status__in=[Room.Status.LIVE, Room.Status.HELD],
        status=Participant.Status.ADMITTED,
        seen_at__gte=moments.now() - Participant.LEASE,
    )
    return present.exists()


def present_sides(case_id: UUID) -> set[Side]:
    """Which sides have a doctor in that case's room now."""
    sides = {Role.REQUESTER: Side.ASKING, Role.SPECIALIST: Side.ANSWERING}
    roles = _present(case_id).values_list("role", flat=True)
    return {sides[Role(role)] for role in roles if role in sides}


def present_people(case_id: UUID) -> set[UUID]:
    """Whose accounts are in that case's room now."""
    return set(_present(case_id).values_list("user", flat=True))


def time_live(case_id: UUID) -> timedelta:
    """How long the rooms of that case were live and not held, the one that still is until now."""
    now = moments.now()
    rooms = Room.objects.filter(case=case_id, live_at__isnull=False)
    return sum((room.counted(now) for room in rooms), timedelta())


def open_room_of(case_id: UUID) -> UUID | None:
    """The room of a case that has not ended."""
    rooms = Room.objects.filter(case=case_id).exclude(status=Room.Status.ENDED)
    return rooms.values_list("pk", flat=True).first()


def _present(case_id: UUID) -> QuerySet[Participant]:
    return Participant.objects.filter(
        room__case=case_id,
        status=Participant.Status.ADMITTED,
        seen_at__gte=moments.now() - Participant.LEASE,
    ).exclude(room__status=Room.Status.ENDED)
