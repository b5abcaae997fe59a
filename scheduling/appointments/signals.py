"""A risk signal: one account held place after place of a hospital on a day and let them run out."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, F
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling.appointments.models import Appointment, Status
from telemed.core import policies
from telemed.oversight import signals
from telemed.oversight.indicators import Period
from telemed.oversight.rules import GROUP
from telemed.oversight.signals import Facts

HOARDED, A_DAY = "booking_hoarding", "signal.lapsed_holds"


def define() -> None:
    """Called in ready()."""
    policies.define(
        A_DAY,
        label=gettext_lazy("Signal: places that one account lets run out on a day, from"),
        kind=policies.Count(least=2, most=100),
        default=5,
        group=GROUP,
        unit=gettext_lazy("places"),
        help=gettext_lazy("A place that is given back before its five minutes are over is none."),
        province_only=True,
    )


def register() -> None:
    """Called in ready()."""
    signals.register(
        signals.Rule(
            key=HOARDED, name=gettext_lazy("Places held and not taken"), count=_hoarded, say=_say
        )
    )


def _hoarded(period: Period) -> Mapping[UUID, Facts]:
    """By hospital: how many such days of one account, and the most places on one of them."""
    limit = policies.value(A_DAY)
    lapsed = Appointment.objects.filter(
        status=Status.EXPIRED,
        by_system=False,
        wait=None,
        booked_at=None,
        held_until__lte=F("ended_at"),
        ended_at__gte=period.start,
        ended_at__lt=period.end,
    )
    days = lapsed.values("organisation", "booked_by", on=TruncDate("ended_at"))
    found: dict[UUID, Facts] = {}
    for hospital, count in (
        days.annotate(count=Count("pk"))
        .filter(count__gte=limit)
        .values_list("organisation", "count")
    ):
        facts = found.setdefault(hospital, {"n": 0, "most": 0, "limit": limit})
        facts["n"], facts["most"] = facts["n"] + 1, max(facts["most"], count)
    return found


def _say(facts: Mapping[str, Any]) -> str:
    return _(
        "Days on which one account held {limit} places or more and let them run out: {n}; at most "
        "{most} places."
    ).format(**facts)
