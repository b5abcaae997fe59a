"""What bookings add to the patient page: a button, and the visits ahead."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.chart.sections import Place, Section
from records.consent import access
from records.consent.relationships import TREATED
from records.mpi.models import Patient
from scheduling.appointments import queries
from telemed.people.models import Role, User

MOST = 80  # of a day


def may_book(actor: User, patient: Patient) -> dict[str, Any] | None:
    """For a township doctor who treats the patient."""
    treats = actor.role == Role.TOWNSHIP_DOCTOR and access.holds(TREATED, actor, patient)
    return {} if treats else None


def visits(actor: User, patient: Patient) -> dict[str, Any] | None:
    """What is ahead, for who reads the record in the village."""
    if actor.role != Role.TOWNSHIP_DOCTOR:
        return None
    coming = queries.coming_of([patient])
    return {"coming": coming} if coming else None


def today(actor: User, patient: Patient) -> dict[str, Any] | None:
    """The list of whoever sees this patient today, beside the record; one query."""
    if actor.role != Role.SPECIALIST:
        return None
    rows = queries.day_list(actor, timezone.localdate())
    if not any(row.patient_id == patient.pk for row in rows):
        return None
    shown = [(row, queries.is_readable(row)) for row in rows[:MOST]]
    return {"rows": shown, "here": patient.pk}


TODAY = Section(
    name="today",
    title=_("Today's list"),
    template="appointments/_today.html",
    context=today,
    order=1,
)
BOOK = Section(
    name="book",
    title=_("Book a visit"),
    template="appointments/_book.html",
    context=may_book,
    place=Place.ACTS,
    order=20,
)
VISITS = Section(
    name="visits",
    title=_("Visits ahead"),
    template="appointments/_ahead.html",
    context=visits,
    order=20,
)
