"""What is free, and where."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from scheduling.availability.models import Period, PeriodPool, PeriodState, Template
from telemed.core import moments
from telemed.core.errors import NotFound
from telemed.organisations.models import Department

NEXT = 2  # periods that a refusal offers instead


def open_periods(pools: Sequence[str]) -> QuerySet[Period]:
    """Periods that somebody of these pools can still book, the soonest first."""
    free = PeriodPool.objects.filter(period=OuterRef("pk"), pool__in=pools, taken__lt=F("places"))
    coming = Period.objects.filter(state=PeriodState.OPEN, closes_at__gt=moments.now())
    return coming.filter(Exists(free)).order_by("starts_at", "pk")


def get_period(period_id: UUID) -> Period:
    """Raises NotFound for what is not, or not yet, to be seen."""
    there = Period.objects.exclude(state=PeriodState.PLANNED)
    found = there.select_related("session__department", "organisation", "clinician")
    period = found.filter(pk=period_id).first()
    if period is None:
        raise NotFound(_("This time does not exist."), path="period")
    return period


def get_department(department_id: UUID) -> Department:
    there = Department.objects.filter(organisation__active=True, pk=department_id)
    department = there.select_related("organisation").first()
    if department is None:
        raise NotFound(_("This department does not exist."), path="department")
    return department


def next_free(period: Period, pools: Sequence[str]) -> list[Period]:
    """With the same doctor first, else in the same department: the next that have a place."""
    there = open_periods(pools).exclude(pk=period.pk).filter(department=period.department_id)
    own = Q(clinician=period.clinician_id)
    found = list(there.filter(own)[:NEXT])
    if len(found) < NEXT:
        found += there.exclude(own)[: NEXT - len(found)]
    return found


def organisations_with_templates(day: date) -> list[UUID]:
    """Whose plan has to be looked at each night."""
    current = Template.objects.exclude(until__lt=day)
    return list(current.order_by().values_list("organisation", flat=True).distinct())
