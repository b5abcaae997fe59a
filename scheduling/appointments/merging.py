"""What bookings have to say when two records of the index become one."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from records.mpi.models import Patient
from scheduling.appointments.models import LIVE, Appointment


def both_booked(loser: Patient, survivor: Patient) -> Iterable[str]:
    """Live bookings of both on one day: one of them has to go first."""
    days = Appointment.objects.filter(person_key=survivor.pk, status__in=LIVE).values("day")
    clash = Appointment.objects.filter(person_key=loser.pk, status__in=LIVE, day__in=days)
    for appointment in clash.select_related("department"):
        day = date_format(appointment.day, "MONTH_DAY_FORMAT")
        sentence = _("both are booked on {day} ({place})")
        yield sentence.format(day=day, place=appointment.department.name)


def repoint(loser: Patient, survivor: Patient) -> None:
    """The key that the constraints see; whose row it is stays."""
    Appointment.objects.filter(person_key=loser.pk).update(person_key=survivor.pk)


def part(loser: Patient, survivor: Patient) -> None:
    """A merge undone: each has the bookings that were made for it."""
    Appointment.objects.filter(patient=loser).update(person_key=loser.pk)
