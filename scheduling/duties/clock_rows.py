"""Which clocks a duty has running (workflows.md section 13)."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.utils import timezone

from scheduling.duties import rules
from scheduling.duties.calendar import RED, WINDOW
from scheduling.duties.models import Code, Duty
from telemed.core import moments
from telemed.core.clocks import Start, start_clocks, start_many, stop_clocks
from telemed.core.models import Calendar

OUT, CONFIRM, DISPUTE = "duty.window", "duty.confirm", "duty.dispute"
RECHECK = "duty.recheck"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
REMINDED = (3 * DAY, 10 * DAY, 14 * DAY)  # to confirm; the last is the end
LAPSE = len(REMINDED) - 1  # that rung
TEN_DAYS = 80 * HOUR  # of work
MORNING = time(9)


def start_window(duty: Duty, *, new: bool = False) -> None:
    """
    The leader hears of it when its window is over, the county when it is red.

    A recheck has no window: its own ladder runs from the warning to its day, and beyond.
    """
    rungs = _recheck(duty) if duty.rule == Code.RECHECK else _window(duty)
    start_clocks(about=duty.pk, rungs=rungs, new=new)


def start_windows(duties: Sequence[Duty]) -> None:
    """The same for many whose window opens for the first time."""
    start_many({duty.pk: _window(duty) for duty in duties})


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


def stop_all(duties: Sequence[Duty]) -> None:
    stop_clocks(about=[duty.pk for duty in duties])


def _window(duty: Duty) -> list[Start]:
    now = moments.now()
    return [
        Start(OUT, n, max(_morning(duty, after) - now, timedelta()), Calendar.WALL)
        for n, after in enumerate((WINDOW + DAY, RED))
    ]


def _recheck(duty: Duty) -> list[Start]:
    """From the warning on, however often the recheck is begun again."""
    passed = moments.now() - duty.created_at
    promise = duty.due_on - timezone.localdate(duty.created_at)
    ladder = rules.recheck_ladder(duty.contract.team.organisation_id)
    return [
        Start(
            RECHECK,
            n,
            max(rung.after(promise) - passed, timedelta()),
            Calendar.WALL,
        )
        for n, rung in enumerate(ladder)
    ]


def _morning(duty: Duty, after: timedelta) -> datetime:
    return timezone.make_aware(datetime.combine(duty.due_on + after, MORNING))
