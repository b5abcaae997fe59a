"""More or fewer places in each period of a session, or other shares for its pools."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.availability import rules
from scheduling.availability.booked import Booked, booked_in
from scheduling.availability.events import SessionResized
from scheduling.availability.models import Period, PeriodPool, Pool, Session, State
from scheduling.availability.permissions import keeps
from scheduling.availability.queries import get_session
from scheduling.availability.services.locking import lock_session
from scheduling.availability.services.places import home_of
from scheduling.availability.services.stopping import not_yours
from scheduling.availability.shares import RESERVED, fit, lay_out
from telemed.audit import services as audit
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.people.models import User

MOST = 200  # places in one period
Counts = dict[str, tuple[int, int]]  # taken and places, by pool


class BelowTaken(Conflict):
    """More people are booked than there would be places. `affected` are those of these periods."""

    def __init__(self, message: str, affected: list[Booked]) -> None:
        super().__init__(message, path="capacity")
        self.affected = affected


@dataclass(frozen=True)
class Resize:
    """What a change would do: the numbers of the whole session, before and after."""

    capacity: int
    shares: dict[str, int]
    before: Counts
    after: Counts
    periods: dict[UUID, dict[str, int]]  # places by pool, of each period that changes

    @property
    def rows(self) -> list[tuple[str, int, int, int]]:
        """Pool, taken, places before, places after."""
        none = (0, 0)
        return [
            (str(pool.label), self.after[pool][0], self.before.get(pool, none)[1], places)
            for pool in Pool
            if pool in self.after
            for places in [self.after[pool][1]]
        ]

    @property
    def taken(self) -> int:
        return sum(taken for taken, _places in self.after.values())

    @property
    def places_before(self) -> int:
        return sum(places for _taken, places in self.before.values())

    @property
    def places(self) -> int:
        return sum(places for _taken, places in self.after.values())


def preview_resize(
    *, actor: User, session_id: UUID, capacity: int, shares: Mapping[str, int]
) -> Resize:
    """The numbers, and nothing changes. Raises what resize_session() would raise."""
    require_intention()
    session = get_session(actor, session_id)
    return _checked(actor, session, _periods(session), capacity, shares)


def resize_session(
    *, actor: User, session_id: UUID, capacity: int, shares: Mapping[str, int]
) -> Resize:
    """`capacity` places in every period that is not over; nobody who is booked loses theirs."""
    require_intention()
    session = lock_session(actor, session_id)
    periods = _periods(session, lock=True)
    resize = _checked(actor, session, periods, capacity, shares)
    session.capacity, session.shares = capacity, dict(resize.shares)
    session.save(update_fields=["capacity", "shares"])
    write_places(resize.periods)
    audit.record(action="session.resize", target=session)
    outbox.announce(SessionResized(session_id=session.pk))
    return resize


def write_places(periods: Mapping[UUID, Mapping[str, int]]) -> None:
    """The places by pool of locked periods; their capacity is the sum."""
    by_capacity: dict[int, list[UUID]] = {}
    for period, pools in periods.items():
        by_capacity.setdefault(sum(pools.values()), []).append(period)
    for capacity, some in by_capacity.items():
        Period.objects.filter(pk__in=some).update(capacity=capacity)
    PeriodPool.objects.bulk_create(
        [
            PeriodPool(period_id=period, pool=pool, places=places)
            for period, pools in periods.items()
            for pool, places in pools.items()
        ],
        update_conflicts=True,
        unique_fields=["period", "pool"],
        update_fields=["places"],
    )


def fitted(
    session: Session, period: Period, wanted: Mapping[str, int], taken: Mapping[str, int]
) -> dict[str, int]:
    """The places of one period as wanted, no pool below what is taken, what is free at home."""
    return fit(wanted, taken, partial(_home, session, period))


def _periods(session: Session, *, lock: bool = False) -> list[Period]:
    periods = session.periods.exclude(capacity=0).order_by("pk")
    if lock:
        periods = periods.select_for_update(no_key=True)
    return sorted(periods.prefetch_related("pools"), key=lambda period: period.starts_at)


def _checked(
    actor: User, session: Session, periods: list[Period], capacity: int, shares: Mapping[str, int]
) -> Resize:
    require(keeps(actor, session), not_yours())
    wanted = {pool.value: shares.get(pool, 0) for pool in RESERVED}
    if not 1 <= capacity <= MOST:
        sentence = _("Between 1 and {most} places in each period.")
        raise Invalid(sentence.format(most=MOST), path="capacity")
    if min(wanted.values()) < 0 or sum(wanted.values()) > rules.MOST_RESERVED:
        sentence = _("The reserved pools together have at most {most} per cent.")
        raise Invalid(sentence.format(most=rules.MOST_RESERVED), path="shares")
    if session.state not in (State.PLANNED, State.PUBLISHED):
        sentence = _("This session is “{state}”; its places cannot be changed.")
        raise Conflict(sentence.format(state=session.get_state_display()), path="state")
    _refuse_below_taken(periods, capacity)
    return _laid_out(session, periods, capacity, wanted)


def _refuse_below_taken(periods: Collection[Period], capacity: int) -> None:
    now = moments.now()
    full = {p.pk: sum(q.taken for q in p.pools.all()) for p in periods if p.ends_at > now}
    short = {pk: taken for pk, taken in full.items() if taken > capacity}
    if short:
        sentence = _("{n} are booked; it cannot be cut to {m}.")
        message = sentence.format(n=max(short.values()), m=capacity)
        raise BelowTaken(message, booked_in(short))


def _laid_out(
    session: Session, periods: list[Period], capacity: int, shares: dict[str, int]
) -> Resize:
    before: Counts = {}
    after: Counts = {}
    changed: dict[UUID, dict[str, int]] = {}
    now = moments.now()
    for period, wanted in zip(periods, lay_out(len(periods), capacity, shares), strict=True):
        pools = list(period.pools.all())
        taken = {pool.pool: pool.taken for pool in pools}
        there = {pool.pool: pool.places for pool in pools}
        places = there
        if period.ends_at > now:
            changed[period.pk] = places = fitted(session, period, wanted, taken)
        _add(before, taken, there)
        _add(after, taken, places)
    return Resize(capacity, shares, before, after, changed)


def _home(session: Session, period: Period, pool: str) -> str:
    """Where a free place of that pool is now; nothing moves before the session is open."""
    return pool if session.state == State.PLANNED else home_of(period, pool, moments.now())


def _add(counts: Counts, taken: Mapping[str, int], places: Mapping[str, int]) -> None:
    for pool, n in places.items():
        old_taken, old_places = counts.get(pool, (0, 0))
        counts[pool] = (old_taken + taken.get(pool, 0), old_places + n)
