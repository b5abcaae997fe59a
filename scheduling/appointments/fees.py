"""
What a visit costs: the hospital's fee, or nothing for whom the low-income register holds.

Found when a place is claimed and kept with the booking, whatever changes later. Nobody is asked.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.mpi.low_incomes import kinds_of
from records.mpi.models import Patient
from scheduling.appointments import previews
from scheduling.appointments.models import Appointment, FeeBasis
from scheduling.appointments.models.bookings import fee_in_words
from scheduling.appointments.permissions import is_clerk_of
from scheduling.availability.models import Period
from scheduling.availability.rules import GROUP
from telemed.core import policies
from telemed.people.models import User

FEE = "booking.fee"
FEN = Decimal("0.01")
NOTHING = Decimal("0.00")
MOST = 50_000  # fen


def define() -> None:
    """Called in ready(). What is booked keeps the fee that it was booked with."""
    policies.define(
        FEE,
        label=_("Visit fee"),
        kind=policies.Money(most=MOST),
        default=1_000,
        group=GROUP,
        help=_("Who is on the low-income register of a county pays nothing, and is not asked."),
        preview=previews.keep_their_fee,
    )


def price(patient: Patient, period: Period) -> dict[str, Any]:
    """What a booking of this place costs this person, on the day of the visit."""
    kinds = kinds_of([patient], timezone.localdate(period.starts_at))
    return _price(kinds.get(patient.pk, ""), period)


def _price(kind: str, period: Period) -> dict[str, Any]:
    if kind:
        return {"fee": NOTHING, "fee_basis": FeeBasis.LOW_INCOME, "fee_reason": kind}
    fen: int = policies.value(FEE, period.organisation_id)
    return {"fee": fen * FEN, "fee_basis": FeeBasis.STANDARD, "fee_reason": ""}


def in_words(seats: Sequence[tuple[Patient, Period]]) -> list[str]:
    """
    What each of them would pay there, all on one day, before it is booked; why it is nothing is
    not said.
    """
    if not seats:
        return []
    day = timezone.localdate(seats[0][1].starts_at)
    kinds = kinds_of([patient for patient, _period in seats], day)
    found = [_price(kinds.get(patient.pk, ""), period) for patient, period in seats]
    return [fee_in_words(one["fee"], one["fee_basis"]) for one in found]


def reason_for(actor: User, appointment: Appointment) -> Any:
    """Why nothing is paid, in words: for the person and for the desk there, nobody else."""
    own = appointment.patient.user_id == actor.pk
    if own or is_clerk_of(actor, appointment.organisation_id):
        return appointment.get_fee_reason_display()
    return ""
