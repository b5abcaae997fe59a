"""A risk signal: bookings at another fee than the hospital's of that day."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling.appointments.fees import FEE, FEN
from scheduling.appointments.models import Appointment, FeeBasis
from telemed.core import policies
from telemed.oversight import signals
from telemed.oversight.indicators import Period
from telemed.oversight.rules import OFF_BY
from telemed.oversight.signals import Facts

OFF = "fee_off"


def register() -> None:
    """Called in ready()."""
    signals.register(
        signals.Rule(key=OFF, name=gettext_lazy("Visit fees off the list"), count=_off, say=_say)
    )


def _off(period: Period) -> Mapping[UUID, Facts]:
    """By hospital, over the places that were claimed in that time."""
    limit: int = policies.value(OFF_BY)
    claimed = Appointment.objects.filter(
        created_at__gte=period.start, created_at__lt=period.end, fee_basis=FeeBasis.STANDARD
    )
    found: dict[UUID, Facts] = {}
    for hospital in claimed.order_by().values_list("organisation", flat=True).distinct():
        mine = claimed.filter(organisation=hospital)
        if n := sum(rows.count() for rows in _other(mine, hospital, period, limit)):
            found[hospital] = {"n": n, "of": mine.count(), "limit": limit}
    return found


def _other(
    claimed: QuerySet[Appointment], hospital: UUID, period: Period, limit: int
) -> Iterator[QuerySet[Appointment]]:
    """
    Between one change of the fee and the next, the bookings at none that held then or later: who
    waits, or is moved, has the fee of the place that they are given.
    """
    now = timezone.now()
    changes = [*policies.history(FEE, hospital), *policies.history(FEE)]
    cuts = {row.effective_at for row in changes if period.start < row.effective_at <= now}
    moments = [period.start, *sorted(cuts)]
    fees = [policies.value(FEE, hospital, at=moment) for moment in moments]
    for place, (begins, ends) in enumerate(pairwise([*moments, max(period.end, now)])):
        listed = Q()
        for fen in fees[place:]:
            listed |= Q(fee__gte=(fen - limit) * FEN, fee__lte=(fen + limit) * FEN)
        yield claimed.filter(created_at__gte=begins, created_at__lt=ends).exclude(listed)


def _say(facts: Mapping[str, Any]) -> str:
    return _(
        "Bookings at a fee that differs from the hospital's visit fee by more than {limit} yuan: "
        "{n} of {of}."
    ).format(n=facts["n"], of=facts["of"], limit=f"{facts['limit'] / 100:g}")
