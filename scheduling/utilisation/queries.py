"""What a hospital's sessions held in some weeks: places, visits, how long people waited, pools."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.availability.models import Pool
from scheduling.availability.rules import RETURNS, returned_before
from scheduling.utilisation.permissions import may_read
from telemed.core.errors import NotFound, require
from telemed.core.intentions import require_intention
from telemed.organisations.models import Department
from telemed.people.models import User

WEEKS = 6  # shown at once: four that are over, this one and the next
WHOLE = None  # the key of all departments together

SESSIONS = """
    FROM availability_session session
    JOIN availability_period period ON period.session_id = session.id
    JOIN availability_periodpool pool ON pool.period_id = period.id
    WHERE session.organisation_id = %(organisation)s AND session.day BETWEEN %(first)s AND %(last)s
      AND session.state IN ('published', 'finished')
      AND (%(department)s::uuid IS NULL OR session.department_id = %(department)s)
"""
PLACES = f"""
    SELECT session.day, session.department_id, sum(pool.places), sum(pool.taken)
    {SESSIONS} GROUP BY 1, 2
"""
POOLS = f"""
    SELECT pool.pool, sum(pool.places), sum(pool.taken), sum(pool.returned)
    {SESSIONS} AND session.day < %(today)s GROUP BY 1
"""
# Who had a number: a hold that ran out and a wait in line are no visits.
APPOINTMENTS = """
    FROM appointments_appointment
    WHERE organisation_id = %(organisation)s AND day BETWEEN %(first)s AND %(last)s
      AND day < %(today)s AND ticket IS NOT NULL
      AND (%(department)s::uuid IS NULL OR department_id = %(department)s)
"""
VISITS = f"""
    SELECT day, department_id,
           count(*) FILTER (WHERE status IN ('arrived', 'called', 'in_visit', 'fulfilled')),
           count(*) FILTER (WHERE status = 'noshow')
    {APPOINTMENTS} GROUP BY 1, 2
"""
WAITS = f"""
    SELECT department_id, count(*), percentile_disc(0.5) WITHIN GROUP (
        ORDER BY day - (booked_at AT TIME ZONE 'Asia/Shanghai')::date)
    {APPOINTMENTS} AND booked_at IS NOT NULL AND status <> 'cancelled'
    GROUP BY GROUPING SETS ((department_id), ())
"""
WEEKS_WAITED = f"""
    SELECT date_trunc('week', day)::date, count(*), percentile_disc(0.5) WITHIN GROUP (
        ORDER BY day - (booked_at AT TIME ZONE 'Asia/Shanghai')::date)
    {APPOINTMENTS} AND booked_at IS NOT NULL AND status <> 'cancelled' GROUP BY 1
"""
WEEKS_RETURNED = f"""
    SELECT date_trunc('week', session.day)::date, sum(pool.returned)
    {SESSIONS} AND session.day < %(today)s GROUP BY 1
"""


@dataclass
class Count:
    """What is added up: places and those taken; visits kept and missed; days waited, the median."""

    places: int = 0
    taken: int = 0
    came: int = 0
    missed: int = 0
    waited: int = 0  # over so many visits
    wait: int | None = None
    returned: int = 0  # of a week: places that came from pools which did not use them

    @property
    def due(self) -> int:
        """Visits that were kept or missed."""
        return self.came + self.missed


@dataclass(frozen=True)
class Kept:
    """A pool over the days that are over: its places, those taken, those that came from others."""

    pool: str
    places: int
    taken: int
    returned: int


@dataclass
class Usage:
    """
    `days`, `weeks` by their Mondays and `departments` of the window; what adds up over days counts
    those that are over.
    """

    first: date
    last: date
    today: date
    days: dict[date, Count] = field(default_factory=lambda: defaultdict(Count))
    weeks: dict[date, Count] = field(default_factory=lambda: defaultdict(Count))
    departments: dict[UUID | None, Count] = field(default_factory=lambda: defaultdict(Count))
    pools: list[Kept] = field(default_factory=list)
    returns: list[tuple[Pool, timedelta]] = field(default_factory=list)  # by the rules of now

    @property
    def whole(self) -> Count:
        return self.departments[WHOLE]


def departments_of(actor: User) -> list[Department]:
    """Of the own hospital; raises Forbidden for who does not run one."""
    require(may_read(actor), _("This page is for those who run a hospital."))
    return list(Department.objects.filter(organisation=actor.organisation).order_by("name", "pk"))


def usage(actor: User, first: date, department_id: UUID | None = None) -> Usage:
    """The six weeks from a Monday on, of the own hospital or of one of its departments."""
    require_intention()
    known = {one.pk for one in departments_of(actor)}
    if department_id and department_id not in known:
        raise NotFound(_("This department does not exist."), path="department")
    today = timezone.localdate()
    found = Usage(first, first + timedelta(weeks=WEEKS, days=-1), today)
    asked = {
        "organisation": actor.organisation_id,
        "department": department_id,
        "first": found.first,
        "last": found.last,
        "today": today,
    }
    for day, department, places, taken in _rows(PLACES, asked):
        for count in _counts(found, day, department):
            count.places += places
            count.taken += taken
    for day, department, came, missed in _rows(VISITS, asked):
        for count in _counts(found, day, department):
            count.came += came
            count.missed += missed
    for department, waited, wait in _rows(WAITS, asked):
        count = found.departments[department]
        count.waited, count.wait = waited, wait
    for monday, waited, wait in _rows(WEEKS_WAITED, asked):
        found.weeks[monday].waited, found.weeks[monday].wait = waited, wait
    for monday, returned in _rows(WEEKS_RETURNED, asked):
        found.weeks[monday].returned = returned
    found.pools = [Kept(*row) for row in _rows(POOLS, asked)]
    found.returns = [(pool, returned_before(pool, actor.organisation_id)) for pool in RETURNS]
    return found


def _counts(found: Usage, day: date, department: UUID) -> Iterator[Count]:
    yield found.days[day]
    if day < found.today:
        yield found.weeks[day - timedelta(days=day.weekday())]
        yield found.departments[department]
        yield found.whole


def _rows(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())
