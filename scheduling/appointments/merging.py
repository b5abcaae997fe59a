"""What bookings have to say when two records of the index become one."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from records.mpi.models import Patient
from scheduling.appointments.models import (
    LIVE,
    MOST_WAITS,
    Appointment,
    Block,
    Status,
    Strike,
    Wait,
)


def both_booked(loser: Patient, survivor: Patient) -> Iterable[str]:
    """Live bookings of both on one day: one of them has to go first."""
    claims = [*LIVE, Status.WAITLISTED]
    days = Appointment.objects.filter(person_key=survivor.pk, status__in=claims).values("day")
    clash = Appointment.objects.filter(person_key=loser.pk, status__in=claims, day__in=days)
    for appointment in clash.select_related("department"):
        day = date_format(appointment.day, "MONTH_DAY_FORMAT")
        sentence = _("both are booked on {day} ({place})")
        yield sentence.format(day=day, place=appointment.department.name)


def repoint(loser: Patient, survivor: Patient) -> None:
    """The key that the constraints see; whose row it is stays."""
    Appointment.objects.filter(person_key=loser.pk).update(person_key=survivor.pk)
    Strike.objects.filter(person_key=loser.pk).update(person_key=survivor.pk)
    Block.objects.filter(person_key=loser.pk).update(person_key=survivor.pk)
    _repoint_waits(loser, survivor)


def part(loser: Patient, survivor: Patient) -> None:
    """A merge undone: each has the bookings that were made for it."""
    Appointment.objects.filter(patient=loser).update(person_key=loser.pk)
    for kept in (Strike, Block):
        kept.objects.filter(patient=loser).update(person_key=loser.pk)
    Wait.objects.filter(appointment__patient=loser).update(person_key=loser.pk)


def _repoint_waits(loser: Patient, survivor: Patient) -> None:
    """Each keeps its place in the line; those beyond three are not counted."""
    live = Wait.objects.filter(rank__isnull=False)
    taken = set(live.filter(person_key=survivor.pk).values_list("rank", flat=True))
    free = [rank for rank in range(1, MOST_WAITS + 1) if rank not in taken]
    for wait in Wait.objects.filter(person_key=loser.pk).order_by("pk"):
        if wait.rank is not None:
            wait.rank = free.pop(0) if free else None
        wait.person_key = survivor.pk
        wait.save(update_fields=["rank", "person_key"])
