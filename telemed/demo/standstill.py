"""
A demonstration that was stopped for a while looks as it did: nobody was late meanwhile.

What people promised moves by the time for which nothing ran. A date of the calendar (the end
of a licence or an agreement, the 25th of the month, a shift) stays, and so does what has happened.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from consult.requests.models import Meeting
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.clocks import due, worked
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar, Clock, ClockState
from telemed.demo.models import PROVINCE, LastSeen

STANDSTILL = timedelta(minutes=5)  # shorter ones are a restart, and clocks are meant to outlive it
DAY = timedelta(days=1)
DATES = (
    *("licence.end", "agreement.start", "agreement.end", "settlement.review"),
    *("rota.publish", "shift.handover", "shift.absent"),
    *("session.publish", "pool.return", "period.close", "session.finish", "stop.undo"),
)
# These keep their time of day, so they move by whole days.
OF_THE_DAY = Q(kind__startswith="case.outcome_") | Q(kind__in=["room.noshow", "room.open"])
BATCH = 500


@dataclass(frozen=True)
class Stood:
    """From when until when nothing ran."""

    since: datetime
    until: datetime

    @property
    def gap(self) -> timedelta:
        return self.until - self.since

    @property
    def days(self) -> timedelta:
        """Whole days, at least as long as the gap."""
        return -(-self.gap // DAY) * DAY


def note_running() -> None:
    """Everything is alive at this moment."""
    require_intention()
    LastSeen.objects.update_or_create(pk=PROVINCE, defaults={"at": timezone.now()})


def make_up_standstill() -> Stood | None:
    """
    Move the open clocks and agreed times by as long as nothing ran; None where that was short.

    Call it before a worker fires what became due meanwhile. Calling again changes nothing.
    """
    require_intention()
    now = timezone.now()
    seen = LastSeen.objects.select_for_update(no_key=True).filter(pk=PROVINCE).first()
    note_running()
    if seen is None or now - seen.at < STANDSTILL:
        return None
    stood = Stood(seen.at, now)
    clocks, meetings = _move_clocks(stood), _move_meetings(stood)
    audit.record(
        action="demo.standstill",
        target=f"Clock/{clocks} and Meeting/{meetings} moved",
        reason=f"{int(stood.gap.total_seconds())} s",
    )
    return stood


def _move_clocks(stood: Stood) -> int:
    """A running one has as much left as when the house stopped, of its own calendar."""
    promises = Clock.objects.filter(state__in=[ClockState.RUNNING, ClockState.PAUSED])
    promises = promises.exclude(kind__in=DATES)
    wall = promises.filter(calendar=Calendar.WALL)
    moved = _move(wall.filter(OF_THE_DAY), stood.gap, stood.days)
    moved += _move(wall.exclude(OF_THE_DAY), stood.gap, stood.gap)
    working = list(promises.filter(calendar=Calendar.WORKING).order_by("pk"))
    for clock in working:
        limit = _same_left(clock.due_at, stood)
        clock.due_at, clock.created_at = limit, clock.created_at + stood.gap
    Clock.objects.bulk_update(working, ["due_at", "created_at"], batch_size=BATCH)
    return moved + len(working)


def _move(clocks: QuerySet[Clock], begun: timedelta, ahead: timedelta) -> int:
    return clocks.update(due_at=F("due_at") + ahead, created_at=F("created_at") + begun)


def _same_left(due_at: datetime, stood: Stood) -> datetime:
    if due_at <= stood.since:  # it was late already, and is by as much
        return due_at + stood.gap
    return due(stood.until, worked(stood.since, due_at, Calendar.WORKING), Calendar.WORKING).at


def _move_meetings(stood: Stood) -> int:
    """What was agreed for later is as many days later; nobody is in two places on the way."""
    ahead = Meeting.objects.filter(status__in=["proposed", "booked"], starts_at__gt=stood.since)
    meetings = list(ahead.order_by("-starts_at"))
    for meeting in meetings:
        meeting.starts_at += stood.days
        meeting.ends_at += stood.days
        meeting.save(update_fields=["starts_at", "ends_at"])
        for half_hour in meeting.half_hours.order_by("-starts_at"):
            half_hour.starts_at += stood.days
            half_hour.save(update_fields=["starts_at"])
        if meeting.status == Meeting.Status.BOOKED:
            publication.publish(meeting)
    return len(meetings)
