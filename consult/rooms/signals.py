"""A risk signal: rooms in which both sides met for seconds, and an opinion was signed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.requests.models import Case, Step
from consult.rooms.models import Room
from telemed.core import policies
from telemed.oversight import signals
from telemed.oversight.indicators import Period
from telemed.oversight.rules import GROUP
from telemed.oversight.signals import Facts

SHORT, SECONDS = "short_consult", "signal.short"
MINUTE = timedelta(minutes=1)


def define() -> None:
    """Called in ready()."""
    policies.define(
        SECONDS,
        label=gettext_lazy("Signal: together in the room for less than"),
        kind=policies.Duration(least=timedelta(seconds=10), most=30 * MINUTE),
        default=MINUTE,
        group=GROUP,
        help=gettext_lazy("All rooms of a consult that was answered live; on hold does not count."),
        province_only=True,
    )


def register() -> None:
    """Called in ready()."""
    signals.register(
        signals.Rule(key=SHORT, name=gettext_lazy("Rooms of seconds"), count=_short, say=_say_short)
    )


def _short(period: Period) -> Mapping[UUID, Facts]:
    """Consults that were signed in the period; a room in which nobody met is no room."""
    limit: timedelta = policies.value(SECONDS)
    signed = Step.objects.filter(
        action="opinion.sign",
        at__gte=period.start,
        at__lt=period.end,
        organisation__isnull=False,
        case__mode=Case.Mode.LIVE,
    )
    answered = dict(signed.values_list("case", "organisation"))
    rooms = Room.objects.filter(case__in=answered, live_at__isnull=False, ended_at__isnull=False)
    together = rooms.values("case").annotate(live=Sum(F("ended_at") - F("live_at") - F("held_for")))
    found: dict[UUID, Facts] = {}
    for case, live in together.values_list("case", "live"):
        facts = found.setdefault(
            answered[case], {"n": 0, "of": 0, "seconds": int(limit.total_seconds())}
        )
        facts["of"] += 1
        facts["n"] += live < limit
    return {organisation: facts for organisation, facts in found.items() if facts["n"]}


def _say_short(facts: Mapping[str, Any]) -> str:
    return _(
        "Consults answered live in which both sides were together for less than {seconds} "
        "seconds: {n} of {of}."
    ).format(**facts)
