"""Which clock a visit by video has running."""

from datetime import timedelta

from consult.visits.permissions import opens_at
from scheduling.appointments.models import Appointment
from telemed.core import moments
from telemed.core.clocks import start_clock, stop_clocks
from telemed.core.models import Calendar, Clock, ClockState

SOON = "visit.soon"


def is_running(visit: Appointment) -> bool:
    return Clock.objects.filter(about=visit.pk, kind=SOON, state=ClockState.RUNNING).exists()


def start(visit: Appointment) -> None:
    """Where it opens later; whoever books within the last quarter of an hour has the link now."""
    left = opens_at(visit) - moments.now()
    if left > timedelta():
        start_clock(kind=SOON, about=visit.pk, allowance=left, calendar=Calendar.WALL)


def stop(visit: Appointment) -> None:
    stop_clocks(about=visit.pk, kind=SOON)
