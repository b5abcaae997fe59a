"""Which clocks a booking has running."""

import secrets
from datetime import datetime, timedelta

from django.utils import timezone

from scheduling.appointments import timing
from scheduling.appointments.models import Appointment
from scheduling.availability.rules import moment_of
from telemed.core import moments
from telemed.core.clocks import Start, start_clocks, stop_clocks
from telemed.core.models import Calendar

HOLD, REMIND, RETURN, NO_SHOW = (
    *("hold.expiry", "appointment.remind"),
    *("place.return", "appointment.noshow"),
)
CHOICE, STAY = "displaced.choice", "displaced.stay"
PHONE_RUNG, END_RUNG = 0, 1  # of whoever was displaced: somebody phones; the clinic cancels
OFFER, WAIT_END = "waitlist.offer", "waitlist.end"


def start_hold(appointment: Appointment) -> None:
    """Until the moment that was said on the page."""
    if appointment.held_until:
        _start(appointment, [(HOLD, 0, appointment.held_until)], new=True)


def start_reminders(appointment: Appointment, *, new: bool = False) -> None:
    """The evening before and again shortly before, whichever are still ahead."""
    starts_at: datetime = appointment.during.lower
    hour = timing.evening_hour(appointment.organisation_id)
    evening = moment_of(timezone.localdate(starts_at) - timedelta(days=1), hour)
    shortly = timing.span(timing.SHORTLY, appointment.organisation_id)
    now = moments.now()
    ahead = [(0, evening), (1, starts_at - shortly)]
    _start(appointment, [(REMIND, rung, at) for rung, at in ahead if at > now], new=new)


def start_return(appointment: Appointment, *, soon: timedelta | None = None) -> bool:
    """
    At a moment that nobody can wait for (realtime.md, reserves). False where the place goes back at
    once: then every minute counts. `soon`: where somebody waits for it.
    """
    organisation_id = appointment.organisation_id
    if appointment.during.lower - moments.now() < timing.span(timing.AT_ONCE, organisation_id):
        return False
    bounds = timing.return_window(organisation_id)
    least, most = (int(bound.total_seconds()) for bound in bounds)
    wait = soon or timedelta(seconds=least + secrets.randbelow(max(most - least, 1)))
    start_return_at(appointment, moments.now() + wait)
    return True


def start_return_at(appointment: Appointment, moment: datetime) -> None:
    _start(appointment, [(RETURN, 0, moment)])


def start_choice(appointment: Appointment) -> None:
    """The rung at which somebody phones is left out where the end comes first."""
    end = appointment.answer_by
    if end is None:
        return
    phone_at = moments.now() + timing.span(timing.PHONE, appointment.organisation_id)
    rungs = [(CHOICE, END_RUNG, end)]
    if phone_at < end:
        rungs.insert(0, (CHOICE, PHONE_RUNG, phone_at))
    _start(appointment, rungs)


def start_stay(appointment: Appointment, allowance: timedelta) -> None:
    """Until then a place with the doctor should have come."""
    _start(appointment, [(STAY, 0, moments.now() + allowance)])


def start_offer(entry: Appointment, allowance: timedelta) -> None:
    _start(entry, [(OFFER, 0, moments.now() + allowance)])


def start_wait_end(entry: Appointment, moment: datetime) -> None:
    _start(entry, [(WAIT_END, 0, moment)])


def start_no_show(appointment: Appointment, counts_at: datetime) -> None:
    _start(appointment, [(NO_SHOW, 0, counts_at)])


def stop(appointment: Appointment, *kinds: str) -> None:
    stop_clocks(about=appointment.pk, kind=list(kinds))


def _start(
    appointment: Appointment, due: list[tuple[str, int, datetime]], *, new: bool = False
) -> None:
    now = moments.now()
    rungs = [Start(kind, rung, max(at - now, timedelta()), Calendar.WALL) for kind, rung, at in due]
    if rungs:
        start_clocks(about=appointment.pk, rungs=rungs, new=new)
