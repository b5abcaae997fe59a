"""
The promises of the played cases, as short as the played day is.

A clock is started by the services with its real length. Those of a played case that would run out
within the played day are then moved to where that moment of the day lies; no other row is touched.
What is still open at the end gets back what is left of it, in real time.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from telemed.core.clocks import due, worked
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar, Clock, ClockState
from telemed.demo.day.tempo import Tempo

BATCH = 500


Known = dict[UUID, bool]  # clocks that were looked at, and whether they were shortened


def shorten_clocks(*, known: Mapping[UUID, Known], tempo: Tempo, since: datetime) -> None:
    """
    The running clocks of these cases, begun `since`, that are not `known` yet; then they are.

    They become so before the commit, so whoever sees a shortened clock in the table knows it.
    """
    require_intention()
    now = timezone.now()
    running = Clock.objects.filter(
        about__in=list(known), state=ClockState.RUNNING, created_at__gte=since
    )
    found = list(running.order_by("pk"))
    fresh = [clock for clock in found if clock.pk not in known[clock.about]]
    short = [clock for clock in fresh if _shorten(clock, tempo, now)]
    _save(short)
    for clock in fresh:
        known[clock.about][clock.pk] = clock in short


def lengthen_clocks(*, clocks: Collection[UUID], tempo: Tempo) -> int:
    """The day is over: what these shortened ones still have is real time from now on."""
    require_intention()
    now = timezone.now()
    mine = Clock.objects.select_for_update(skip_locked=True, no_key=True)
    left = list(mine.filter(pk__in=clocks, state=ClockState.RUNNING).order_by("pk"))
    for clock in left:
        calendar = Calendar(clock.calendar)
        rest = tempo.left(clock.due_at, now, calendar)
        limit = due(now, rest, calendar)
        clock.due_at, clock.provisional = limit.at, limit.provisional
    _save(left)
    return len(left)


def _shorten(clock: Clock, tempo: Tempo, now: datetime) -> bool:
    calendar = Calendar(clock.calendar)
    left = worked(now, clock.due_at, calendar)
    moment = tempo.after(left, now, calendar)
    if clock.due_at <= now or moment >= tempo.ends_at:
        return False
    clock.due_at = moment
    return True


def _save(clocks: Sequence[Clock]) -> None:
    Clock.objects.bulk_update(clocks, ["due_at", "provisional"], batch_size=BATCH)
