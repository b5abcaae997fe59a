"""
Risk signals of family-doctor work: services entered as done that were not, more of them than a day
has room for, sign-ups without any service after them.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scheduling.duties.models import Duty, Mode, Status
from scheduling.registration.models import LIVE, Contract
from telemed.core import policies
from telemed.oversight import signals
from telemed.oversight.indicators import Period, Side
from telemed.oversight.rules import GROUP
from telemed.oversight.signals import Facts

STRUCK, CROWDED = "duty_struck", "duties_crowded"
UNSERVED, SIGNED_AT_ONCE = "sign_without_serving", "signed_at_once"
A_DAY, SIGNED_A_DAY = "signal.duties_a_day", "signal.signed_a_day"
SHARE, PANEL = "signal.unserved", "signal.unserved_panel"
LONG = timedelta(days=180)  # in force, without one service that the resident confirmed
SERVED = Q(status__in=[Status.DONE, Status.CONFIRMED, Status.UNCONFIRMED, Status.DISPUTED])


def define() -> None:
    """Called in ready()."""
    policies.define(
        A_DAY,
        label=gettext_lazy("Signal: services face to face of one person on one day above"),
        kind=policies.Count(least=5, most=500),
        default=40,
        group=GROUP,
        unit=gettext_lazy("services"),
        help=gettext_lazy("Forty visits of twelve minutes fill eight hours without any way."),
        province_only=True,
    )
    policies.define(
        SIGNED_A_DAY,
        label=gettext_lazy("Signal: sign-ups of one doctor on one day above"),
        kind=policies.Count(least=5, most=500),
        default=60,
        group=GROUP,
        unit=gettext_lazy("sign-ups"),
        province_only=True,
    )
    policies.define(
        SHARE,
        label=gettext_lazy("Signal: signed for half a year without a service, from"),
        kind=policies.Share(least=1, most=100),
        default=30,
        group=GROUP,
        help=gettext_lazy("A service counts that the resident has confirmed."),
        province_only=True,
    )
    policies.define(
        PANEL,
        label=gettext_lazy("Signal: only of a doctor who signed at least"),
        kind=policies.Count(least=10, most=2000),
        default=50,
        group=GROUP,
        unit=gettext_lazy("residents"),
        province_only=True,
    )


def register() -> None:
    """Called in ready(). Who settles a dispute raises the first at once; no figure does."""
    signals.register(
        signals.Rule(
            key=STRUCK,
            name=gettext_lazy("Services that were not done"),
            side=Side.ASKING,
            say=_say_struck,
        )
    )
    signals.register(
        signals.Rule(
            key=CROWDED,
            name=gettext_lazy("More services on a day than a day holds"),
            side=Side.ASKING,
            count=_crowded,
            say=_say_crowded,
        )
    )
    signals.register(
        signals.Rule(
            key=SIGNED_AT_ONCE,
            name=gettext_lazy("Many sign-ups on one day"),
            side=Side.ASKING,
            count=_signed_at_once,
            say=_say_signed,
        )
    )
    signals.register(
        signals.Rule(
            key=UNSERVED,
            name=gettext_lazy("Signed and not served"),
            side=Side.ASKING,
            count=_unserved,
            say=_say_unserved,
        )
    )


def _crowded(period: Period) -> Mapping[UUID, Facts]:
    """By institution: how many such days, and how many services the fullest had."""
    limit = policies.value(A_DAY)
    served = Duty.objects.filter(
        SERVED, mode=Mode.FACE, served_at__gte=period.start, served_at__lt=period.end
    )
    days = served.values("contract__team__organisation", "served_by", day=TruncDate("served_at"))
    return _fullest(days, "contract__team__organisation", limit)


def _signed_at_once(period: Period) -> Mapping[UUID, Facts]:
    """The same of sign-ups; a team that was handed over signed nothing anew."""
    limit = policies.value(SIGNED_A_DAY)
    signed = Contract.objects.filter(
        signed_at__gte=period.start, signed_at__lt=period.end, doctor__isnull=False
    )
    days = signed.values("team__organisation", "doctor", day=TruncDate("signed_at"))
    return _fullest(days, "team__organisation", limit)


def _fullest(days: Any, organisation: str, limit: int) -> Mapping[UUID, Facts]:
    found: dict[UUID, Facts] = {}
    full = days.annotate(count=Count("pk")).filter(count__gt=limit)
    for owner, count in full.values_list(organisation, "count"):
        facts = found.setdefault(owner, {"n": 0, "most": 0, "limit": limit})
        facts["n"], facts["most"] = facts["n"] + 1, max(facts["most"], count)
    return found


def _unserved(period: Period) -> Mapping[UUID, Facts]:
    """By institution: how many of its doctors, and the greatest share, rounded down."""
    share, panel = policies.value(SHARE), policies.value(PANEL)
    since = timezone.localdate(period.end) - LONG
    served = Duty.objects.filter(contract=OuterRef("pk"), status=Status.CONFIRMED)
    long = Contract.objects.filter(status__in=LIVE, doctor__isnull=False)
    long = long.filter(term__startswith__lt=since).annotate(served=Exists(served))
    panels = long.values("team__organisation", "doctor").annotate(
        count=Count("pk"), left=Count("pk", filter=Q(served=False))
    )
    found: dict[UUID, Facts] = {}
    for owner, count, left in panels.filter(count__gte=panel).values_list(
        "team__organisation", "count", "left"
    ):
        if left * 100 >= share * count:
            facts = found.setdefault(owner, {"n": 0, "share": 0, "limit": share})
            facts["n"], facts["share"] = facts["n"] + 1, max(facts["share"], left * 100 // count)
    return found


def _say_struck(facts: Mapping[str, Any]) -> str:
    n = facts["n"]
    return ngettext(
        "{n} service that a team had entered as done was struck: the resident was right.",
        "{n} services that teams had entered as done were struck: the residents were right.",
        n,
    ).format(n=n)


def _say_crowded(facts: Mapping[str, Any]) -> str:
    return _(
        "Days on which one person entered more than {limit} services face to face: {n}; "
        "the fullest had {most}."
    ).format(**facts)


def _say_signed(facts: Mapping[str, Any]) -> str:
    return _(
        "Days on which one doctor signed more than {limit} residents: {n}; the fullest had {most}."
    ).format(**facts)


def _say_unserved(facts: Mapping[str, Any]) -> str:
    return _(
        "Doctors of whose residents {limit} per cent or more have been signed for half a year "
        "without one confirmed service: {n}; at most {share} per cent."
    ).format(**facts)
