"""
Taking and giving back one place. Nothing else counts places.

The period is locked first, then the counter moves in one guarded UPDATE (a function of the
database, migration 0003): two people, a closing
hour and a stop take turns, and the database's check is the last word (ADR 0025).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from scheduling.availability import rules
from scheduling.availability.events import PlaceFreed
from scheduling.availability.models import Period, PeriodPool, Pool
from scheduling.availability.queries import PERIOD, next_free
from scheduling.availability.words import hours
from telemed.core import moments, outbox, policies
from telemed.core.errors import Conflict, NotFound
from telemed.core.intentions import require_intention
from telemed.core.statements import ask

LOCK = f"""
    SELECT {", ".join(PERIOD)}, {policies.COUNT}, {policies.LAST} FROM availability_period
    WHERE id = $1 AND state <> 'planned' FOR NO KEY UPDATE
"""  # noqa: S608 - our own words
TAKE = "SELECT outcome, pool FROM availability_take_place($1, $2, $3)"


class PeriodFull(Conflict):
    """Nobody of these pools has a place left in the period."""


class PeriodClosed(Conflict):
    """It is not open to that pool, or not any more."""


def take_place(*, period_id: UUID, pools: Sequence[str]) -> tuple[Period, str]:
    """
    One place of the first of these pools that has one; the period stays locked.

    Raises NotFound, PeriodClosed, or PeriodFull with the next periods that are free.
    """
    pool = take_one(period_id, pools)
    return Period.objects.select_related("session").get(pk=period_id), pool


def take_one(period_id: UUID, pools: Sequence[str]) -> str:
    """The same in one statement, for whoever knows the period: the pool that gave its place."""
    require_intention()
    ((outcome, pool),) = ask(TAKE, period_id, tuple(pools), moments.now())
    match outcome:
        case "taken":
            return str(pool)
        case "absent":
            raise NotFound(_("This time does not exist."), path="period")
        case "closed":
            raise PeriodClosed(_why_closed(period_id), path="period")
    raise full(Period.objects.select_related("session").get(pk=period_id), pools)


def give_back(*, period_id: UUID, pool: str) -> Period:
    """
    The place is free again: for its pool, for everybody once that pool was returned, for the desk
    once booking from afar has ended.
    """
    require_intention()
    period = lock_period(period_id)
    home = home_of(period, pool, moments.now())
    counter = PeriodPool.objects.filter(period=period, pool=pool)
    if home == pool:
        counter.update(taken=F("taken") - 1)
    else:
        counter.update(taken=F("taken") - 1, places=F("places") - 1)
        PeriodPool.objects.bulk_create(
            [PeriodPool(period=period, pool=home, places=0)], ignore_conflicts=True
        )
        PeriodPool.objects.filter(period=period, pool=home).update(places=F("places") + 1)
    outbox.announce(PlaceFreed(period_id=period.pk))
    return period


def lock_period(period_id: UUID) -> Period:
    """Held until the end of the intention: who takes, closes or stops it takes turns."""
    rows = ask(LOCK, period_id)
    if not rows:
        raise NotFound(_("This time does not exist."), path="period")
    ((*facts, n, last),) = rows
    policies.saw(n, last)  # where its places go home to is a rule of the house
    return Period.from_db("default", PERIOD, facts)


def home_of(period: Period, pool: str, now: datetime) -> str:
    """To which pool a place of this one returns now."""
    if now >= period.closes_at:
        return Pool.WALK_IN
    returns_at = rules.returns_at(period, pool)
    return Pool.PUBLIC if returns_at and now >= returns_at else pool


def _why_closed(period_id: UUID) -> str:
    held_up = Period.objects.filter(pk=period_id, session__held_up_at__isnull=False)
    if held_up.exists():
        return _("This doctor takes no bookings for now; choose another doctor or day.")
    return _("Booking for this period is closed.")


def full(period: Period, pools: Sequence[str]) -> PeriodFull:
    """The refusal, with where there is room."""
    free = next_free(period, pools)
    if not free:
        return PeriodFull(_("Just taken, and nothing else is free here."), path="period")
    times = _("; ").join(hours(one) for one in free)
    sentence = _("Just taken. Next free: {times}.")
    return PeriodFull(sentence.format(times=times), path="period")
