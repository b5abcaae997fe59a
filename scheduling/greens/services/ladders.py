"""Starting and stopping the clocks of a green channel by what was stamped."""

from datetime import datetime, timedelta

from scheduling.greens import policies, rules
from scheduling.greens.models import Green
from scheduling.greens.plans import stations
from scheduling.greens.policies import NEXT, PREFECTURE, PROMISE, WARN, Due
from telemed.core import moments as time
from telemed.core import policies as house
from telemed.core.clocks import Start, start_clocks, stop_clocks
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar, Clock, ClockState

NOW = timedelta()


def start_acknowledging(green: Green) -> None:
    require_intention()
    promise = house.value(rules.ACKNOWLEDGE, green.referral.organisation_id)
    rungs = [
        Start(policies.ACKNOWLEDGE, rung, promise * rung, Calendar.WALL)
        for rung in (PROMISE, NEXT, PREFECTURE)
    ]
    start_clocks(about=green.pk, rungs=rungs)


def settle_clocks(green: Green, moments: dict[str, datetime], *, changed: str) -> None:
    """After a stamp of `changed`: what is done or moot stops, what follows from it begins."""
    require_intention()
    waits = {one.station.code: one for one in policies.due(green, moments)}
    kinds = [policies.clock_of(one.code) for one in stations(green.kind) if one.limit]
    running = Clock.objects.filter(about=green.pk, kind__in=kinds, state=ClockState.RUNNING)
    runs = set(running.values_list("kind", flat=True))
    for station in stations(green.kind):
        if station.limit is None:
            continue
        kind, wanted = policies.clock_of(station.code), waits.get(station.code)
        again = station.limit.since == changed
        if kind in runs and (wanted is None or again):
            stop_clocks(about=green.pk, kind=kind)
        if wanted and green.is_open and (again or kind not in runs):
            _start(green, kind, wanted)


def stop_all(green: Green) -> None:
    require_intention()
    stop_clocks(about=green.pk, kind=policies.clocks())


def _start(green: Green, kind: str, due: Due) -> None:
    """From the moment of the stamp, which may be a while ago."""
    now = time.now()
    rungs = [
        Start(kind, n, max(due.at(n) - now, NOW), Calendar.WALL)
        for n, _rung in enumerate(due.ladder)
        if n != WARN or due.until > now  # it is not too late to hurry
    ]
    start_clocks(about=green.pk, rungs=rungs)
