"""Promises with a time limit, in wall time or in the province's working time."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from uuid import UUID

import chinese_calendar
from django.db.models import F, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core import moments, outbox
from telemed.core.errors import Conflict
from telemed.core.intentions import System, intention, require_intention
from telemed.core.models import Calendar, Clock, ClockState
from telemed.core.statements import ask, insert

logger = logging.getLogger(__name__)

SESSIONS = [(time(8), time(12)), (time(14), time(18))]  # a working day: eight working hours
MAX_ATTEMPTS = 3
RUNS = (ClockState.RUNNING, ClockState.PAUSED)
FIRER = System("clocks")

STOP = """
    UPDATE core_clock SET state = 'stopped', ended_at = $4 WHERE id IN (
        SELECT id FROM core_clock
        WHERE about = ANY ($1) AND state IN ('running', 'paused')
          AND ($2::text[] IS NULL OR kind = ANY ($2)) AND ($3::int IS NULL OR rung = $3)
        ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id
"""


@dataclass(frozen=True, kw_only=True)
class ClockDied(outbox.Event):
    """A clock's handler failed too often; it is in the list of dead ones."""

    topic: ClassVar[str] = "clock.dead"
    clock_id: UUID


Handler = Callable[[Clock], None]
SetHandler = Callable[[Sequence[Clock]], None]
_handlers: dict[str, Handler] = {}
_set_handlers: dict[str, SetHandler] = {}


@dataclass(frozen=True)
class Due:
    """When an allowance runs out."""

    at: datetime
    provisional: bool = False  # the holidays on the way are not published yet


def due(start: datetime, allowance: timedelta, calendar: Calendar) -> Due:
    """When an allowance that starts now runs out."""
    if calendar == Calendar.WALL:
        return Due(start + allowance)
    local, provisional = timezone.localtime(start), False
    day = local.date()
    while True:
        working, known = is_working_day(day)
        provisional = provisional or not known
        for opens, closes in SESSIONS if working else []:
            begin, end = _at(day, opens), _at(day, closes)
            begin = max(begin, local)
            if begin + allowance <= end:
                return Due(begin + allowance, provisional)
            allowance -= max(end - begin, timedelta())
        day += timedelta(days=1)


def worked(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much of that calendar lies between two moments."""
    if calendar == Calendar.WALL:
        return end - start
    begin, until = timezone.localtime(start), timezone.localtime(end)
    total, day = timedelta(), begin.date()
    while day <= until.date():
        for opens, closes in SESSIONS if is_working_day(day)[0] else []:
            total += max(min(_at(day, closes), until) - max(_at(day, opens), begin), timedelta())
        day += timedelta(days=1)
    return total


def is_working_day(day: date) -> tuple[bool, bool]:
    """Whether people work that day, and whether the State Council has said so yet."""
    try:
        return chinese_calendar.is_workday(day), True
    except NotImplementedError:
        return day.weekday() < 5, False


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


def register(kind: str, handler: Handler) -> None:
    """Who acts when a clock of this kind runs out. Called in ready()."""
    _handlers[kind] = handler


def register_set(kind: str, handler: SetHandler) -> None:
    """The same for one that acts on some hundred of its kind at once: all in one intention."""
    _set_handlers[kind] = handler


def start_clock(
    *, kind: str, about: UUID, allowance: timedelta, calendar: Calendar, rung: int = 0
) -> Clock:
    """One rung. Starting a kind again for the same thing begins a new turn."""
    [clock] = start_clocks(about=about, rungs=[Start(kind, rung, allowance, calendar)])
    return clock


@dataclass(frozen=True)
class Start:
    """A rung that begins to run."""

    kind: str
    rung: int
    allowance: timedelta
    calendar: Calendar


def start_clocks(*, about: UUID, rungs: Sequence[Start], new: bool = False) -> list[Clock]:
    """Whole ladders in two statements; in one where the subject is `new` and nothing ever ran."""
    require_intention()
    turns = {} if new else _last_turns(about, rungs)
    now = moments.now()
    started = [_clock(about, start, turns.get(start.kind, -1) + 1, now) for start in rungs]
    insert(*started)
    return started


def start_many(ladders: Mapping[UUID, Sequence[Start]]) -> None:
    """The ladders of some hundred subjects in one statement, of kinds that never ran for them."""
    require_intention()
    now = moments.now()
    rungs = [(about, start) for about, starts in ladders.items() for start in starts]
    insert(*[_clock(about, start, 0, now) for about, start in rungs])


def _clock(about: UUID, start: Start, turn: int, now: datetime) -> Clock:
    limit = due(now, start.allowance, start.calendar)
    return Clock(
        kind=start.kind,
        about=about,
        rung=start.rung,
        turn=turn,
        calendar=start.calendar,
        due_at=limit.at,
        provisional=limit.provisional,
    )


def _last_turns(about: UUID, rungs: Sequence[Start]) -> dict[str, int]:
    """One of a ladder for all of its rungs, though it had fewer the last time."""
    wanted = {(start.kind, start.rung) for start in rungs}
    kinds = {kind for kind, _rung in wanted}
    before = Clock.objects.filter(about=about, kind__in=kinds).values_list("kind", "rung")
    turns: dict[str, int] = {}
    for kind, rung, last in before.annotate(last=Max("turn")):
        if (kind, rung) in wanted:
            turns[kind] = max(last, turns.get(kind, 0))
    return turns


def stop_clocks(
    *,
    about: UUID | Collection[UUID],
    kind: str | Collection[str] | None = None,
    rung: int | None = None,
    at: datetime | None = None,
) -> int:
    """
    Met, or no longer of interest: the running and paused rungs end without firing.

    With `at`, that moment is noted as their end: restart_clocks() finds them again by it.

    One that fires at this very moment is left to it: it holds its own row and waits for the
    subject's, which the caller holds, and will find the subject changed. Waiting for each other
    would be a deadlock.
    """
    require_intention()
    subjects = (about,) if isinstance(about, UUID) else tuple(about)
    kinds = (kind,) if isinstance(kind, str) else kind and tuple(kind)
    return len(ask(STOP, subjects, kinds, rung, at or moments.now()))


def restart_clocks(
    *,
    about: UUID,
    kind: str | None = None,
    stopped_at: datetime | None = None,
    at_least: timedelta = timedelta(),
) -> int:
    """
    What was stopped then (without `stopped_at`: last) runs on with what was left of it.

    Nothing runs out sooner than in `at_least`. What had been paused before it stopped runs too.
    """
    require_intention()
    now = moments.now()
    stopped = _of(about, kind, ClockState.STOPPED)
    moment = stopped_at or max((c.ended_at for c in stopped if c.ended_at), default=None)
    again = [clock for clock in stopped if clock.ended_at == moment and moment]
    for clock in again:
        calendar = Calendar(clock.calendar)
        left = clock.remaining
        if left is None:
            left = worked(moment or now, clock.due_at, calendar)
        limit = due(now, max(left, at_least), calendar)
        clock.due_at, clock.provisional = limit.at, limit.provisional
        clock.state, clock.remaining, clock.ended_at = ClockState.RUNNING, None, None
        clock.save()
    return len(again)


def postpone_clocks(*, about: UUID, kind: str, by: timedelta) -> int:
    """Somebody has promised to act: each running rung gets that much more of its calendar."""
    require_intention()
    running = _of(about, kind, ClockState.RUNNING)
    for clock in running:
        limit = due(clock.due_at, by, Calendar(clock.calendar))
        clock.due_at, clock.provisional = limit.at, limit.provisional
        clock.save(update_fields=["due_at", "provisional"])
    return len(running)


def pause_clocks(*, about: UUID, kind: str | None = None) -> int:
    """Somebody else's turn: the running rungs keep what is left of them and do not fire."""
    require_intention()
    now = moments.now()
    running = _of(about, kind, ClockState.RUNNING)
    for clock in running:
        left = worked(now, clock.due_at, Calendar(clock.calendar))
        clock.state, clock.remaining = ClockState.PAUSED, max(left, timedelta())
        clock.save(update_fields=["state", "remaining"])
    return len(running)


def resume_clocks(*, about: UUID, kind: str | None = None) -> int:
    """The paused rungs run on with what was left, from now and in their own calendar."""
    require_intention()
    now = moments.now()
    paused = _of(about, kind, ClockState.PAUSED)
    for clock in paused:
        limit = due(now, clock.remaining or timedelta(), Calendar(clock.calendar))
        clock.due_at, clock.provisional = limit.at, limit.provisional
        clock.state, clock.remaining = ClockState.RUNNING, None
        clock.save(update_fields=["state", "remaining", "due_at", "provisional"])
    return len(paused)


def _of(about: UUID, kind: str | None, state: ClockState) -> list[Clock]:
    """Locked, in one order for everybody, so that a firing worker and a pause take turns."""
    clocks = Clock.objects.filter(about=about, state=state).order_by("pk")
    clocks = clocks.select_for_update(no_key=True)
    return list(clocks.filter(kind=kind) if kind else clocks)


def find_next(about: UUID, kind: str) -> Clock | None:
    """The rung that fires next."""
    running = Clock.objects.filter(about=about, kind=kind, state=ClockState.RUNNING)
    return running.order_by("due_at").first()


def find_last(clock: Clock) -> Clock | None:
    """
    The end of the ladder that this rung belongs to; None where it is the end itself. A rung that
    was overtaken, because both were late, does not bring it back.
    """
    later = Clock.objects.filter(about=clock.about, kind=clock.kind, rung__gt=clock.rung)
    return later.filter(state__in=RUNS).order_by("-rung").first()


def running(*kinds: str) -> QuerySet[Clock, Any]:
    """What these clocks run for, or are paused for: for a filter."""
    return Clock.objects.filter(kind__in=kinds, state__in=RUNS).values("about")


def fire_due(limit: int = 200) -> int:
    """
    Late ones first. Each rung, or set, in an intention of its own; two workers never fire the same.

    A set that fails is fired one by one, so that what is wrong with one stays with that one.
    """
    waiting = Clock.objects.filter(state=ClockState.RUNNING, due_at__lte=moments.now())
    turns: dict[UUID | str, list[UUID]] = {}
    for pk, kind in waiting.order_by("due_at").values_list("pk", "kind")[:limit]:
        turns.setdefault(kind if kind in _set_handlers else pk, []).append(pk)
    return sum(_fire_turn(clock_ids) for clock_ids in turns.values())


def _fire_turn(clock_ids: Sequence[UUID]) -> int:
    try:
        return _fire(clock_ids)
    except Exception:
        if len(clock_ids) > 1:
            return sum(_fire_turn([clock_id]) for clock_id in clock_ids)
        logger.exception("Clock %s did not fire", clock_ids[0])
        _count_failure(clock_ids[0])
        return 0


def _fire(clock_ids: Sequence[UUID]) -> int:
    """Those of one kind that are still due and nobody else's."""
    with intention(FIRER, door="clock"):
        now = moments.now()
        mine = Clock.objects.select_for_update(skip_locked=True, no_key=True).filter(
            pk__in=clock_ids, state=ClockState.RUNNING, due_at__lte=now
        )
        fired = list(mine.order_by("due_at", "pk"))
        Clock.objects.filter(pk__in=[c.pk for c in fired]).update(
            state=ClockState.FIRED, ended_at=now
        )
        for clock in fired:
            clock.state, clock.ended_at = ClockState.FIRED, now
        _act(fired)
        return len(fired)


def _act(fired: Sequence[Clock]) -> None:
    """In the open intention; all are of one kind."""
    if fired and (act := _set_handlers.get(fired[0].kind)):
        act(fired)
        return
    for clock in fired:
        if handler := _handlers.get(clock.kind):
            handler(clock)


def _count_failure(clock_id: UUID) -> None:
    with intention(FIRER, door="clock"):
        mine = Clock.objects.filter(pk=clock_id)
        mine.update(attempts=F("attempts") + 1)
        dead = mine.filter(attempts__gte=MAX_ATTEMPTS, state=ClockState.RUNNING)
        if dead.update(state=ClockState.DEAD):
            outbox.announce(ClockDied(clock_id=clock_id))


def dead_clocks(*, limit: int = 100) -> list[Clock]:
    """Those whose handler failed too often, the oldest first."""
    return list(_dead().order_by("due_at")[:limit])


def count_dead() -> int:
    return _dead().count()


def replay(*, clock_id: UUID) -> Clock:
    """It fires at the next tick. Raises Conflict when it was decided about already."""
    clock = _lock_dead(clock_id)
    clock.state, clock.attempts, clock.ended_at = ClockState.RUNNING, 0, None
    clock.save(update_fields=["state", "attempts", "ended_at"])
    return clock


def discard(*, clock_id: UUID) -> Clock:
    """It never fires. Raises Conflict when it was decided about already."""
    clock = _lock_dead(clock_id)
    clock.state, clock.ended_at = ClockState.STOPPED, moments.now()
    clock.save(update_fields=["state", "ended_at"])
    return clock


def _dead() -> QuerySet[Clock]:
    return Clock.objects.filter(state=ClockState.DEAD)


def _lock_dead(clock_id: UUID) -> Clock:
    require_intention()
    clock = _dead().select_for_update(no_key=True).filter(pk=clock_id).first()
    if clock is None:
        raise Conflict(_("This has been decided about already."), path="clock")
    return clock


def coming(within: timedelta) -> list[tuple[str, datetime]]:
    """Kind and time of what runs out in that time, and of what should have; the soonest first."""
    running = Clock.objects.filter(
        state=ClockState.RUNNING, due_at__lte=moments.now() + within
    ).order_by("due_at")
    return list(running.values_list("kind", "due_at"))


def oldest_overdue() -> timedelta | None:
    """How long the most overdue running clock has waited; a sign of a dead worker."""
    running = Clock.objects.filter(state=ClockState.RUNNING, due_at__lt=moments.now())
    first = running.order_by("due_at").values_list("due_at", flat=True).first()
    return moments.now() - first if first else None
