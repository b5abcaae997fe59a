"""The place that a department keeps for a patient while it is asked."""

from collections.abc import Iterable
from uuid import UUID

from scheduling.availability import services as availability
from scheduling.availability.models import Period, Pool
from scheduling.availability.queries import open_periods
from scheduling.availability.services.places import PeriodClosed, PeriodFull, lock_period
from scheduling.referrals.models import Round
from telemed.core.intentions import require_intention
from telemed.organisations.models import Department

TRIES = 5  # periods, where others take the same


def keep_place(department: Department) -> tuple[Period | None, str]:
    """The first place for referrals, taken; nothing where there is none."""
    require_intention()
    for period in open_periods([Pool.REFERRAL]).filter(department=department)[:TRIES]:
        try:
            return availability.take_place(period_id=period.pk, pools=[Pool.REFERRAL])
        except (PeriodFull, PeriodClosed):  # somebody was quicker
            continue
    return None, ""


def lock_places(rounds: Iterable[Round], *more: UUID) -> None:
    """Every period that is about to change, always in the same order."""
    require_intention()
    kept = {one.period_id for one in rounds if one.period_id} | set(more)
    for period_id in sorted(kept):
        lock_period(period_id)


def release(one: Round) -> None:
    """What was kept goes back; the caller saves the round."""
    require_intention()
    if one.period_id:
        availability.give_back(period_id=one.period_id, pool=one.pool)
    one.period, one.pool = None, ""
