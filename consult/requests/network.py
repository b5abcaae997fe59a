"""What is open under an agreement, for those who change it."""

from django.utils.translation import ngettext

from consult.requests.models import OPEN, Case
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
