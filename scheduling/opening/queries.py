"""Openings, and how many of their places are left."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, Sum

from scheduling.appointments.models import Appointment, Status
from scheduling.availability.models import PeriodPool, PeriodState, Pool
from scheduling.opening.models import Opening
from telemed.core import moments
from telemed.core.statements import ask

# Asked by every booking from afar, so it is one prepared look at an index.
RUNNING = """
    SELECT o.id FROM opening_opening o
    WHERE o.organisation_id = $1 AND o.opens_at <= $2 AND o.ends_at > $2
"""
AHEAD = timedelta(minutes=2)  # before the first tickets
TO_COME = [PeriodState.PLANNED, PeriodState.OPEN]


@dataclass(frozen=True)
class Left:
    """The public places of a department and day that came out."""

    department_id: UUID
    name: str
    day: date
    places: int
    free: int
    held: int  # somebody is confirming them
    back: int  # cancelled, and not yet given to anybody again


def find_running(organisation_id: UUID) -> Opening | None:
    """The opening that holds booking from afar to its line now."""
    rows = ask(RUNNING, organisation_id, moments.now())
    if not rows:
        return None
    return Opening.objects.select_related("organisation").get(pk=rows[0][0])


def find_next(organisation_id: UUID) -> Opening | None:
    """The one that runs, or for which tickets can be taken."""
    now = moments.now()
    there = Opening.objects.filter(organisation=organisation_id, waits_at__lte=now, ends_at__gt=now)
    return there.select_related("organisation").order_by("opens_at").first()


def openings_at(now: datetime) -> list[Opening]:
    """Those that Valkey has to know of."""
    there = Opening.objects.filter(ends_at__gt=now, waits_at__lte=now + AHEAD)
    return list(there.select_related("organisation").order_by("opens_at", "pk"))


def places_left(opening: Opening) -> list[Left]:
    """By department and day; what came free and waits to come back is counted apart."""
    here = Q(
        period__organisation=opening.organisation_id,
        period__session__release_at=opening.opens_at,
        period__session__day__in=opening.days,
    )
    pools = PeriodPool.objects.filter(here, pool=Pool.PUBLIC, period__state__in=TO_COME)
    keys = ("period__department_id", "period__department__name", "period__session__day")
    sums = pools.order_by().values_list(*keys).annotate(Sum("places"), Sum("taken"))
    uncertain: dict[tuple[UUID, date], dict[str, int]] = defaultdict(dict)
    rows = Appointment.objects.filter(here, pool=Pool.PUBLIC, holds_place=True).filter(
        status__in=[Status.HELD, Status.CANCELLED, Status.EXPIRED]
    )
    counted = rows.order_by().values_list("department_id", "day", "status")
    for department, day, status, n in counted.annotate(Count("pk")):
        name = "held" if status == Status.HELD else "back"
        there = uncertain[department, day]
        there[name] = there.get(name, 0) + n
    return [
        Left(
            department_id=department,
            name=name,
            day=day,
            places=places,
            free=places - taken,
            held=uncertain[department, day].get("held", 0),
            back=uncertain[department, day].get("back", 0),
        )
        for department, name, day, places, taken in sorted(sums, key=lambda row: (row[2], row[1]))
    ]
