"""What referrals have to say when two records of the index become one."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from records.mpi.models import Patient
from scheduling.referrals.models import LIVE, Referral


def both_referred(loser: Patient, survivor: Patient) -> Iterable[str]:
    """The same open referral of both: one of them has to go first."""
    open_ones = Referral.objects.filter(status__in=LIVE)
    there = open_ones.filter(person_key=survivor.pk).values("department")
    clash = open_ones.filter(person_key=loser.pk, department__in=there)
    for referral in clash.select_related("organisation", "department"):
        sentence = _("both are referred to {place}")
        place = f"{referral.organisation.name} {referral.department.name}"
        yield sentence.format(place=place)


def repoint(loser: Patient, survivor: Patient) -> None:
    """The key that the constraint sees; whose row it is stays."""
    Referral.objects.filter(person_key=loser.pk).update(person_key=survivor.pk)


def part(loser: Patient, survivor: Patient) -> None:
    """A merge undone: each has the referrals that were made for it."""
    Referral.objects.filter(patient=loser).update(person_key=loser.pk)
