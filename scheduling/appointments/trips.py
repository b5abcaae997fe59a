"""
One trip: when to be where, so that a visit and its examinations fit into one day.

Pure: it knows neither database nor clock. Whoever asks has sorted out the places that are free,
of one day, and not in the way of anything else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise, permutations
from uuid import UUID

NONE = timedelta()


@dataclass(frozen=True, order=True)
class Place:
    """A time at which something can be had."""

    starts_at: datetime
    ends_at: datetime
    key: UUID


@dataclass(frozen=True)
class Stop:
    """
    Something to be done, and when it could be; `ready`: so long after it the doctor can read it.
    """

    name: str
    places: Sequence[Place]
    ready: timedelta = NONE


@dataclass(frozen=True)
class Plan:
    """What is done when, in order."""

    stops: tuple[tuple[str, Place], ...]

    @property
    def begins(self) -> datetime:
        return self.stops[0][1].starts_at

    @property
    def ends(self) -> datetime:
        return self.stops[-1][1].ends_at

    @property
    def waiting(self) -> timedelta:
        """Between the stops."""
        places = [place for _name, place in self.stops]
        return sum((later.starts_at - one.ends_at for one, later in pairwise(places)), NONE)


def plan(
    visit: Stop, examinations: Sequence[Stop], *, gap: timedelta, visit_first: bool = False
) -> Plan | None:
    """
    The plan that is over first, and of those the one that begins last; None where nothing fits.

    `gap`: to walk from one to the next. The examinations come in whatever order is best, before
    the doctor who reads them unless `visit_first`.
    """
    lines = (
        [visit, *some] if visit_first else [*some, visit] for some in permutations(examinations)
    )
    found = [there for line in lines for there in _walk(line, visit, gap, visit_first)]
    return min(found, key=_soonest, default=None)


def _soonest(one: Plan) -> tuple[datetime, timedelta, tuple[datetime, ...]]:
    starts = tuple(place.starts_at for _name, place in one.stops)
    return one.ends, one.ends - one.begins, starts


def _walk(line: list[Stop], visit: Stop, gap: timedelta, visit_first: bool) -> Iterator[Plan]:
    """In this order: each as soon as it can be, then, from the last one back, as late."""
    chosen: list[Place] = []
    for stop in line:
        bounds = [chosen[-1].ends_at + gap] if chosen else []
        if stop is visit and not visit_first:
            bounds += [place.ends_at + one.ready for one, place in zip(line, chosen, strict=False)]
        fits = [one for one in stop.places if all(one.starts_at >= bound for bound in bounds)]
        if not fits:
            return
        chosen.append(min(fits, key=lambda one: (one.ends_at, one.ends_at - one.starts_at, one)))
    for n in range(len(line) - 2, -1, -1):
        bound, read = chosen[n + 1].starts_at, chosen[-1].starts_at
        ready = NONE if visit_first else line[n].ready
        fits = [
            one
            for one in line[n].places
            if one.ends_at + gap <= bound and one.ends_at + ready <= read
        ]
        chosen[n] = max(fits, key=lambda one: (one.starts_at, one))
    yield Plan(tuple((stop.name, place) for stop, place in zip(line, chosen, strict=True)))
