"""What contracts have to say when two records of the index become one."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from records.mpi.models import Patient
from scheduling.registration.models import OPEN, SIGNED, Contract


def both_signed(loser: Patient, survivor: Patient) -> Iterable[str]:
    """Terms of both that overlap, or two applications at one team: one of them goes first."""
    theirs = Contract.objects.filter(person_key=survivor.pk)
    mine = Contract.objects.filter(person_key=loser.pk, status__in=[*OPEN, *SIGNED])
    for contract in mine.select_related("team"):
        if contract.status in OPEN:
            if theirs.filter(team=contract.team, status__in=OPEN).exists():
                yield _("both applied at one team ({team})").format(team=contract.team.name)
        elif theirs.filter(status__in=SIGNED, term__overlap=contract.term).exists():
            yield _("both are signed with a family doctor ({team})").format(team=contract.team.name)


def repoint(loser: Patient, survivor: Patient) -> None:
    """The key that the constraints see; whose row it is stays."""
    Contract.objects.filter(person_key=loser.pk).update(person_key=survivor.pk)


def part(loser: Patient, survivor: Patient) -> None:
    """A merge undone: each has the contracts that were made for it."""
    Contract.objects.filter(patient=loser).update(person_key=loser.pk)
