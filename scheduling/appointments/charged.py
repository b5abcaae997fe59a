"""A risk signal: bookings at another fee than the hospital's of that day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Value
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
    """
    By hospital, over the places that were claimed in that time: how many of each fee between one
    change of a fee, of whichever hospital, and the next.
    """
    limit: int = policies.value(OFF_BY)
    moments = [period.start, *policies.moments_of(FEE, period.start, timezone.now())]
    claimed = Appointment.objects.filter(
        created_at__gte=period.start, created_at__lt=period.end, fee_basis=FeeBasis.STANDARD
    )
    counted = claimed.order_by().values("organisation", "fee", era=_era(moments))
    found: dict[UUID, Facts] = {}
    listed: dict[UUID, list[int]] = {}
    for hospital, fee, era, n in counted.annotate(n=Count("pk")).values_list(
        "organisation", "fee", "era", "n"
    ):
        facts = found.setdefault(hospital, {"n": 0, "of": 0, "limit": limit})
        if hospital not in listed:
            listed[hospital] = [policies.value(FEE, hospital, at=moment) for moment in moments]
        facts["of"] += n
        # Who waits, or is moved, has the fee of the place that they are given: any later one.
        later = listed[hospital][era - 1 :]
        if fee is not None and all(abs(fee / FEN - fen) > limit for fen in later):
            facts["n"] += n
    return {hospital: facts for hospital, facts in found.items() if facts["n"]}


def _era(moments: list[datetime]) -> Func:
    """In which stretch of time a place was claimed, from 1 on."""
    begins = Value(moments, output_field=ArrayField(DateTimeField()))
    return Func(F("created_at"), begins, function="width_bucket", output_field=IntegerField())


def _say(facts: Mapping[str, Any]) -> str:
    return _(
        "Bookings at a fee that differs from the hospital's visit fee by more than {limit} yuan: "
        "{n} of {of}."
    ).format(n=facts["n"], of=facts["of"], limit=f"{facts['limit'] / 100:g}")
