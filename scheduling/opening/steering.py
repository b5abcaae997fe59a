"""
How fast a line moves and what its page says, every two seconds.

The rate of all lines together is the province's; it shrinks while holding a place takes long,
grows again slowly, and is shared by how many wait where. Nothing here is a fact: a worker that is
away leaves the rate as it was, and the age of the counts says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scheduling.opening import line, queries, rules
from scheduling.opening.models import Opening
from scheduling.opening.queries import Left
from telemed.core import moments
from telemed.core.intentions import require_intention

SLOW, QUICK = 0.4, 0.2  # seconds for a hold, from the gate to the commit
SHRINKS, GROWS, LEAST = 0.7, 1.15, 0.1
ONE_LINE = 0.2  # people a second that even the shortest line admits


@dataclass(frozen=True, kw_only=True)
class Course:
    """What the database says of one opening."""

    opening: Opening
    left: list[Left]
    limit: int
    turn: float
    rate: float  # of all lines
    now: float

    @property
    def places(self) -> dict[str, Any]:
        rows = [
            {
                "department": str(one.department_id),
                "name": one.name,
                "day": one.day.isoformat(),
                "places": one.places,
                "free": one.free,
                "held": one.held,
                "back": one.back,
            }
            for one in self.left
        ]
        return {"at": self.now, "rows": rows}

    def lay(self) -> bool:
        return line.lay(
            self.opening, now=self.now, limit=self.limit, turn=self.turn, rate=self.rate
        )


def courses() -> list[Course]:
    """Read in an intention; what follows from it is said outside of it."""
    require_intention()
    return [course_of(opening) for opening in queries.openings_at(moments.now())]


def course_of(opening: Opening, *, counted: bool = True) -> Course:
    organisation_id = opening.organisation_id
    return Course(
        opening=opening,
        left=queries.places_left(opening) if counted else [],
        limit=rules.tickets_an_address(organisation_id),
        turn=rules.length(rules.TURN, organisation_id).total_seconds(),
        rate=rules.people_a_second(),
        now=moments.now().timestamp(),
    )


def steer(now: Iterable[Course]) -> int:
    """Tell Valkey; what it lost is laid out again. How many lines there are."""
    there = list(now)
    waiting = []
    for course in there:
        course.lay()
        waiting.append(line.steer(course.opening, rate=None, places=course.places))
    if there:
        rate = there[0].rate * line.keep_factor(factor_after)
        for course, share in zip(there, shares(rate, waiting), strict=True):
            line.steer(course.opening, rate=share, places=course.places)
    return len(there)


def factor_after(factor: float, hold_time: float) -> float:
    """How much of the province's rate the database bears now."""
    if hold_time > SLOW:
        return max(LEAST, factor * SHRINKS)
    return min(1.0, factor * GROWS) if hold_time < QUICK else factor


def shares(rate: float, waiting: list[int]) -> list[float]:
    """By how many wait; a line in which nobody waits keeps a little for who comes next."""
    total = sum(waiting)
    if not total:
        return [max(ONE_LINE, rate / len(waiting))] * len(waiting)
    return [max(ONE_LINE, rate * n / total) for n in waiting]
