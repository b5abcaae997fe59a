"""Whether public places are given out in turns just now. They are not, until a slice registers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from scheduling.appointments.permissions import is_clerk_of
from scheduling.availability.models import Period, Pool
from scheduling.availability.services.places import PeriodFull, take_one
from telemed.core.errors import Conflict
from telemed.people.models import User


@dataclass(frozen=True)
class Notice:
    """What the page of an institution's times says: where one gets in line."""

    opens_at: datetime
    ends_at: datetime
    url: str


@dataclass(frozen=True)
class Gate:
    """
    `stand`: what is in the way of this account at an institution; `notice`: what is ahead;
    `pause`: how long a public place that is given up stays away from everybody.
    """

    stand: Callable[[User, UUID], Conflict | None]
    notice: Callable[[UUID], Notice | None]
    pause: Callable[[UUID], timedelta | None]


_gates: list[Gate] = []


def register(gate: Gate) -> None:
    """Called in ready()."""
    if gate not in _gates:
        _gates.append(gate)


def take_in_turn(actor: User, wanted: Period, pools: Sequence[str]) -> str:
    """
    One place of these pools; of the public one only for whose turn it is. A desk is not held up.
    """
    if Pool.PUBLIC not in pools or is_clerk_of(actor, wanted.organisation_id):
        return take_one(wanted.pk, pools)
    obstacle = in_the_way(actor, wanted.organisation_id)
    if obstacle is None:
        return take_one(wanted.pk, pools)
    others = [pool for pool in pools if pool != Pool.PUBLIC]
    if not others:
        raise obstacle
    try:
        return take_one(wanted.pk, others)
    except PeriodFull:
        raise obstacle from None


def notice_of(organisation_id: UUID) -> Notice | None:
    found = (gate.notice(organisation_id) for gate in _gates)
    return next((notice for notice in found if notice), None)


def pause_of(organisation_id: UUID, pool: str) -> timedelta | None:
    """None where a hold that is given up goes back at once."""
    if pool != Pool.PUBLIC:
        return None
    found = (gate.pause(organisation_id) for gate in _gates)
    return next((pause for pause in found if pause), None)


def in_the_way(actor: User, organisation_id: UUID) -> Conflict | None:
    """Why this account may not take a public place there just now."""
    found = (gate.stand(actor, organisation_id) for gate in _gates)
    return next((conflict for conflict in found if conflict), None)
