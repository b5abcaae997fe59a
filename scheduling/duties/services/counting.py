"""How often a limited service was done in a year of its contract. Nothing else counts it."""

from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _

from scheduling.duties.models import Duty, Quota
from telemed.core.errors import Conflict
from telemed.core.ids import new_id
from telemed.core.intentions import require_intention
from telemed.core.statements import ask

# The first of a year makes the row; the last word is the database's check.
ONE_UP = """
    INSERT INTO duties_quota AS q
        (id, created_at, contract_id, rule, service, begins_on, quota, used)
    VALUES ($1::uuid, statement_timestamp(), $2::uuid, $3, $4, $5::date, $6::int, 1)
    ON CONFLICT (contract_id, rule, service, begins_on) DO UPDATE SET used = q.used + 1
    WHERE q.used < q.quota
    RETURNING id
"""


class UsedUp(Conflict):
    """The package grants it no more often this year."""

    def __init__(self) -> None:
        super().__init__(_("This year's quota is used up."), path="status")


def count(duty: Duty, day: date) -> bool:
    """One up in the year of that day; False where nothing is left. Without a limit: nothing."""
    require_intention()
    if duty.limit is None:
        return True
    contract = duty.contract
    year = contract.year_of(day)
    origin = contract.origin.pk
    rows = ask(ONE_UP, new_id(), origin, duty.rule, duty.service, year, duty.limit)
    if not rows:
        return False
    duty.counted_id = rows[0][0]
    return True


def uncount(duty: Duty) -> None:
    """What was struck was not used; the caller saves the duty."""
    require_intention()
    if duty.counted_id:
        Quota.objects.filter(pk=duty.counted_id).update(used=F("used") - 1)
        duty.counted = None
