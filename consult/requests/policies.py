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
class Rung:
    """After `allowance`, `tell` is told."""

    allowance: timedelta
    tell: str  # "doctors" | "coordinator" | "coordinator_and_requester"


@dataclass(frozen=True)
class Policy:
    """All clocks of one kind of case."""

    calendar: Calendar
    accept: tuple[Rung, ...]  # the last rung's allowance is what the requester is promised
    done: timedelta
    receipt: timedelta


POLICIES = {
    Kind.EMERGENCY: Policy(
        calendar=Calendar.WALL,
        accept=(
            Rung(timedelta(minutes=5), "coordinator_and_requester"),
            Rung(timedelta(minutes=10), "coordinator"),
        ),
        done=timedelta(hours=2),
        receipt=timedelta(hours=2),
    ),
    Kind.SINGLE: Policy(
        calendar=Calendar.WORKING,
        accept=(
            Rung(timedelta(hours=2), "doctors"),
            Rung(timedelta(hours=4), "coordinator_and_requester"),
        ),
        done=timedelta(hours=16),
        receipt=timedelta(hours=16),
    ),
}


def promised(kind: str) -> timedelta:
    """Within what the first answer is promised: the rung at which the coordinator takes over."""
    rungs = POLICIES[Kind(kind)].accept
    return next(r.allowance for r in rungs if r.tell != "doctors")
