"""Which clocks a duty has running (workflows.md section 13)."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from scheduling.duties.calendar import RED, WINDOW
from scheduling.duties.models import Duty
from telemed.core import moments
from telemed.core.clocks import Start, start_clocks, stop_clocks
from telemed.core.models import Calendar

OUT, CONFIRM, DISPUTE = "duty.window", "duty.confirm", "duty.dispute"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
REMINDED = (3 * DAY, 10 * DAY, 14 * DAY)  # to confirm; the last is the end
LAPSE = len(REMINDED) - 1  # that rung
TEN_DAYS = 80 * HOUR  # of work
MORNING = time(9)


def start_window(duty: Duty, *, new: bool = False) -> None:
    """The leader hears of it when its window is over, the county when it is red."""
    now = moments.now()
    rungs = [
        Start(OUT, n, max(_morning(duty, after) - now, timedelta()), Calendar.WALL)
        for n, after in enumerate((WINDOW + DAY, RED))
    ]
    start_clocks(about=duty.pk, rungs=rungs, new=new)


def start_confirm(duty: Duty) -> None:
    rungs = [Start(CONFIRM, n, at, Calendar.WALL) for n, at in enumerate(REMINDED)]
    start_clocks(about=duty.pk, rungs=rungs)


def start_dispute(duty: Duty) -> None:
    rungs = [
        Start(DISPUTE, n, at, Calendar.WORKING) for n, at in enumerate((TEN_DAYS / 2, TEN_DAYS))
    ]
    start_clocks(about=duty.pk, rungs=rungs)


def stop(duty: Duty, *kinds: str) -> None:
    stop_clocks(about=duty.pk, kind=list(kinds) or None)


def _morning(duty: Duty, after: timedelta) -> datetime:
    return timezone.make_aware(datetime.combine(duty.due_on + after, MORNING))
