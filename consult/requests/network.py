"""What is open under an agreement or about a person, for those who change them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.requests.models import OPEN, Case
from records.mpi.models import Patient
from telemed.core.policies import Preview
from telemed.organisations.models import Agreement

SHOWN = 5


def open_under(agreement: Agreement) -> Preview | None:
    """The consults that were sent under it and are not over; None where there are none."""
    cases = Case.objects.filter(agreement=agreement, status__in=OPEN)
    numbers = list(cases.order_by("pk").values_list("number", flat=True))
    if not numbers:
        return None
    sentence = ngettext(
        "{n} open consult was sent under it and goes on to its end at its price.",
        "{n} open consults were sent under it and go on to their end at their price.",
        len(numbers),
    )
    shown = tuple(number for number in numbers[:SHOWN] if number)
    return Preview(count=len(numbers), sentence=sentence.format(n=len(numbers)), examples=shown)


def open_of_both(loser: Patient, survivor: Patient) -> Iterable[str]:
    """Two records with open consults each: one side closes or withdraws its own first."""
    cases = Case.objects.filter(patient__in=[loser, survivor], status__in=OPEN).order_by("pk")
    numbers: dict[object, list[str]] = {loser.pk: [], survivor.pk: []}
    for case in cases:
        numbers[case.patient_id].append(case.number or str(case.pk))
    if all(numbers.values()):
        said = _("open consults of both records ({numbers})")
        yield said.format(numbers=", ".join(n for side in numbers.values() for n in side))
