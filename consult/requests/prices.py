"""A risk signal: what the ledger holds is another amount than the agreement says."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from telemed.core import policies
from telemed.organisations import ledger
from telemed.oversight import signals
from telemed.oversight.indicators import Period
from telemed.oversight.rules import OFF_BY
from telemed.oversight.signals import Facts

OFF = "price_off"


def register() -> None:
    """Called in ready()."""
    signals.register(
        signals.Rule(key=OFF, name=gettext_lazy("Amounts other than agreed"), count=_off, say=_say)
    )


def _off(period: Period) -> Mapping[UUID, Facts]:
    """By the institution that did the work: how many of its lines, and the greatest distance."""
    limit: int = policies.value(OFF_BY)
    found: dict[UUID, Facts] = {}
    for asked, distance in ledger.distances(since=period.start, until=period.end):
        facts = found.setdefault(asked.pk, {"n": 0, "of": 0, "most": 0, "limit": limit})
        facts["of"] += 1
        if abs(distance) > limit:
            facts["n"], facts["most"] = facts["n"] + 1, max(facts["most"], abs(distance))
    return {asked: facts for asked, facts in found.items() if facts["n"]}


def _say(facts: Mapping[str, Any]) -> str:
    return _(
        "Lines of the ledger that differ from the agreed price by more than {limit} yuan, "
        "corrections counted: {n} of {of}; at most by {most} yuan."
    ).format(
        n=facts["n"],
        of=facts["of"],
        limit=f"{facts['limit'] / 100:g}",
        most=f"{facts['most'] / 100:g}",
    )
