"""Whose turn it is: by ticket, then who came late (workflows.md section 5)."""

from datetime import datetime

from django.utils import timezone

from scheduling.appointments.models import Appointment, Arrival, Status
from telemed.core import moments
from telemed.people.models import User

MINUTE = 1000.0  # of a turn; the tickets of a period are fewer
LATE = MINUTE - 1  # after all the tickets of that minute
DOWN = 3  # so many come first before who did not answer


def note_arrival(appointment: Appointment, *, by: User | None) -> Arrival:
    """Of a locked booking. Who comes after their period stands behind whoever is due by then."""
    now = moments.now()
    turn = _minutes(appointment.during.lower) * MINUTE + (appointment.ticket or 0)
    if now > appointment.during.upper:
        turn = _minutes(now) * MINUTE + LATE
    return Arrival.objects.create(
        appointment=appointment, arrived_at=now, checked_in_by=by, turn=turn
    )


def move_down(arrival: Arrival) -> None:
    """Behind the next three who wait for the same doctor; behind all of them where they are few."""
    line = Arrival.objects.filter(
        appointment__period__session=arrival.appointment.period.session_id,
        appointment__status=Status.ARRIVED,
    )
    behind = line.exclude(pk=arrival.pk).filter(turn__gt=arrival.turn).order_by("turn", "pk")
    turns = list(behind.values_list("turn", flat=True)[: DOWN + 1])
    if len(turns) > DOWN:
        arrival.turn = (turns[DOWN - 1] + turns[DOWN]) / 2
    elif turns:
        arrival.turn = turns[-1] + 1


def _minutes(moment: datetime) -> int:
    local = timezone.localtime(moment)
    return local.hour * 60 + local.minute
