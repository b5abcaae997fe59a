"""Which clocks a duty has running (workflows.md section 13)."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from scheduling.duties import rules
from scheduling.duties.calendar import WINDOW
from scheduling.duties.clock_kinds import CONFIRM, DISPUTE, OUT, RECHECK
from scheduling.duties.models import Code, Duty
from telemed.core import moments
from telemed.core.clocks import Start, start_clocks, start_many, stop_clocks
from telemed.core.models import Calendar

DAY = timedelta(days=1)
MORNING = time(9)


def start_window(duty: Duty, *, new: bool = False) -> None:
    """
    The leader hears of it when its window is over, the county later.

    A recheck has no window: its own ladder runs from the warning to its day, and beyond.
    """
    rungs = _recheck(duty) if duty.rule == Code.RECHECK else _window(duty)
    start_clocks(about=duty.pk, rungs=rungs, new=new)


def start_windows(duties: Sequence[Duty]) -> None:
    """The same for many whose window opens for the first time."""
    start_many({duty.pk: _window(duty) for duty in duties})


def start_confirm(duty: Duty) -> None:
    """The reminders, and the end as the last rung."""
    length = _rule(duty, rules.CONFIRM)
    reminded = [days * DAY for days in _rule(duty, rules.REMINDERS)]
    rungs = [at for at in reminded if at < length] + [length]
    starts = [Start(CONFIRM, n, at, Calendar.WALL) for n, at in enumerate(rungs)]
    start_clocks(about=duty.pk, rungs=starts)


def start_dispute(duty: Duty) -> None:
    length, ladder = _rule(duty, rules.DISPUTE), _rule(duty, rules.DISPUTE_LADDER)
    rungs = [
        Start(DISPUTE, n, rung.after(length), Calendar.WORKING) for n, rung in enumerate(ladder)
    ]
    start_clocks(about=duty.pk, rungs=rungs)


def stop(duty: Duty, *kinds: str) -> None:
    stop_clocks(about=duty.pk, kind=list(kinds) or None)


def stop_all(duties: Sequence[Duty]) -> None:
    stop_clocks(about=[duty.pk for duty in duties])


def _window(duty: Duty) -> list[Start]:
    now = moments.now()
    mornings = [_morning(duty, rung.after(WINDOW)) for rung in _rule(duty, rules.LATE)]
    return [
        Start(OUT, n, max(morning - now, timedelta()), Calendar.WALL)
        for n, morning in enumerate(mornings)
    ]


def _recheck(duty: Duty) -> list[Start]:
    """From the warning on, however often the recheck is begun again."""
    passed = moments.now() - duty.created_at
    promise = duty.due_on - timezone.localdate(duty.created_at)
    ladder = _rule(duty, rules.RECHECK)
    return [
        Start(
            RECHECK,
            n,
            max(rung.after(promise) - passed, timedelta()),
            Calendar.WALL,
        )
        for n, rung in enumerate(ladder)
    ]


def _rule(duty: Duty, name: str) -> Any:
    return rules.value(name, duty.contract.team.organisation_id)


def _morning(duty: Duty, after: timedelta) -> datetime:
    return timezone.make_aware(datetime.combine(duty.due_on + after, MORNING))
