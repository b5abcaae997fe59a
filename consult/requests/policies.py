"""The lengths of the clocks and who is told at each rung (domain.md 1.3; workflows.md 13)."""

from dataclasses import dataclass
from datetime import timedelta

from consult.requests.models import Kind
from telemed.core.models import Calendar

DRAFT_KEPT = timedelta(days=30)
READABLE_AFTER_CLOSE = timedelta(days=7)
DECLINE_TEXT = 5  # characters of a reason in words
MAX_OFFERS = 5  # doctors asked at once


@dataclass(frozen=True)
class Policy:
    """All clocks of one kind of case."""

    calendar: Calendar
    remind: timedelta | None  # until the doctors who were asked hear of it again
    accept: tuple[timedelta, ...]  # each tells the coordinator; the first is the promise
    done: timedelta
    receipt: timedelta


POLICIES = {
    Kind.EMERGENCY: Policy(
        calendar=Calendar.WALL,
        remind=None,
        accept=(timedelta(minutes=5), timedelta(minutes=10)),
        done=timedelta(hours=2),
        receipt=timedelta(hours=2),
    ),
    Kind.SINGLE: Policy(
        calendar=Calendar.WORKING,
        remind=timedelta(hours=2),
        accept=(timedelta(hours=4),),
        done=timedelta(hours=16),
        receipt=timedelta(hours=16),
    ),
}


def promised(kind: str) -> timedelta:
    """Within what the first answer is promised; then the coordinator takes over."""
    return POLICIES[Kind(kind)].accept[0]
