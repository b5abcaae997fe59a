"""Finding whom to see: near first, then who is free soonest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import (
    Case,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.utils import timezone

from scheduling.availability.models import Period, PeriodPool, PeriodState, Session, State
from scheduling.availability.queries import open_periods
from scheduling.availability.symptoms import specialties_for
from telemed.organisations.models import Department, Specialty

SHOWN = 30
AHEAD = 14  # days in the strip


@dataclass(frozen=True)
class Day:
    """One day of the strip: how many places are free; None where nobody is there."""

    day: date
    free: int | None


def find_departments(
    text: str, division: str, pools: Sequence[str], *, organisation_id: UUID | None = None
) -> list[Department]:
    """
    Departments with a place for these pools, `first` being the soonest: those of the county first.

    `text`: a hospital, its initials, a department, a doctor or what hurts. Without it, those of the
    prefecture of `division` (a GB/T 2260 code).
    """
    first = open_periods(pools).filter(department=OuterRef("pk")).values("starts_at")[:1]
    there = Department.objects.filter(organisation__active=True).select_related("organisation")
    if organisation_id:
        there = there.filter(organisation=organisation_id)
    there = _matching(there, text.strip(), division)
    near = Case(
        When(organisation__division__code__startswith=division[:6] or "x", then=Value(0)),
        When(organisation__division__code__startswith=division[:4] or "x", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    free = there.annotate(first=Subquery(first), near=near).filter(first__isnull=False)
    return list(free.order_by("near", "first", "pk")[:SHOWN])


def _matching(there: QuerySet[Department], text: str, division: str) -> QuerySet[Department]:
    if not text:
        if not division:
            return there
        return there.filter(organisation__division__code__startswith=division[:4])
    hinted = specialties_for(text)
    named = [
        value for value, label in Specialty.choices if text.casefold() in str(label).casefold()
    ]
    doctors = Session.objects.filter(
        clinician__name__icontains=text, state=State.PUBLISHED, day__gte=timezone.localdate()
    )
    return there.filter(
        Q(name__icontains=text)
        | Q(organisation__name__icontains=text)
        | Q(organisation__pinyin_initials__istartswith=text)
        | Q(specialty__in=[*hinted, *named])
        | Q(pk__in=doctors.values("department"))
    )


def days_of(
    department: Department, pools: Sequence[str], clinician: UUID | None = None
) -> list[Day]:
    """The strip above the times: each day that can be booked."""
    today = timezone.localdate()
    sessions = Session.objects.filter(
        department=department,
        state=State.PUBLISHED,
        day__gte=today,
        day__lte=today + timedelta(days=AHEAD),
    )
    if clinician:
        sessions = sessions.filter(clinician=clinician)
    there = dict.fromkeys(sessions.order_by("day").values_list("day", flat=True), 0)
    free = (
        PeriodPool.objects.filter(
            period__session__in=sessions,
            period__state=PeriodState.OPEN,
            period__closes_at__gt=timezone.now(),
            pool__in=pools,
        )
        .values(day=F("period__session__day"))
        .annotate(left=Sum(F("places") - F("taken")))
    )
    there.update(free.values_list("day", "left"))
    return [Day(day, places) for day, places in there.items()]


def periods_of(
    department: Department, day: date, pools: Sequence[str], clinician: UUID | None = None
) -> list[Period]:
    """The periods of a day by doctor, each with `free` places for these pools and `back`."""
    rows = Period.objects.filter(
        department=department,
        session__day=day,
        session__state__in=[State.PUBLISHED, State.STOPPED],
    ).exclude(state=PeriodState.PLANNED)
    if clinician:
        rows = rows.filter(clinician=clinician)
    mine = Q(pools__pool__in=pools)
    rows = rows.annotate(
        free=Sum(F("pools__places") - F("pools__taken"), filter=mine, default=0),
        back=Sum("pools__returned", filter=mine, default=0),
    )
    shown = rows.select_related("session", "clinician__practitioner", "organisation")
    return list(shown.order_by("clinician__name", "starts_at", "pk"))


def first_free_day(days: Sequence[Day]) -> date | None:
    return next((one.day for one in days if one.free), days[0].day if days else None)
