"""Rules over the figures of a hospital that is asked: slower, refusing, not adopted."""

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from telemed.core import policies
from telemed.oversight import signals
from telemed.oversight.indicators import FEWEST, Cell, Figure, Side, round_count
from telemed.oversight.rules import GROUP
from telemed.oversight.signals import Facts

LEAST = "signal.least"
SLOWER, REFUSALS, NOT_ADOPTED = "signal.slower", "signal.refusals", "signal.not_adopted"


def define() -> None:
    """Called in ready()."""
    policies.define(
        LEAST,
        label=gettext_lazy("Signals need at least"),
        kind=policies.Count(least=FEWEST, most=1000),
        default=20,
        group=GROUP,
        unit=gettext_lazy("cases"),
        help=gettext_lazy("A figure over fewer cases raises no signal."),
        province_only=True,
    )
    policies.define(
        SLOWER,
        label=gettext_lazy("Signal: first answer slower, in per cent of before"),
        kind=policies.Count(least=110, most=1000),
        default=200,
        group=GROUP,
        unit="%",
        help=gettext_lazy("The median of a month against that of the three months before it."),
        province_only=True,
    )
    for name, label in (
        (REFUSALS, gettext_lazy("Signal: declined above")),
        (NOT_ADOPTED, gettext_lazy("Signal: not adopted above")),
    ):
        policies.define(
            name,
            label=label,
            kind=policies.Share(least=1, most=100),
            default=20,
            group=GROUP,
            province_only=True,
        )


def register() -> None:
    """Called in ready()."""
    signals.register(
        signals.Rule(
            key="slower",
            name=gettext_lazy("Slower first answer"),
            side=Side.ASKED,
            look=_slower,
            say=_say_slower,
        )
    )
    signals.register(
        signals.Rule(
            key="refusals",
            name=gettext_lazy("Many refusals"),
            side=Side.ASKED,
            look=partial(_share_above, "declined", REFUSALS),
            say=_say_refusals,
        )
    )
    signals.register(
        signals.Rule(
            key="not_adopted",
            name=gettext_lazy("Opinions not adopted"),
            side=Side.ASKED,
            look=partial(_share_above, "not_adopted", NOT_ADOPTED),
            say=_say_not_adopted,
        )
    )


def _slower(now: Cell, before: Cell) -> Facts | None:
    this, last = now.figures.get("first_answer"), before.figures.get("first_answer")
    if this is None or last is None or min(this.n, last.n) < policies.value(LEAST):
        return None
    if not this.value or not last.value:
        return None
    if this.value * 100 < policies.value(SLOWER) * last.value:
        return None
    return {
        "now": round(this.value),
        "n": round_count(this.n),
        "before": round(last.value),
        "n_before": round_count(last.n),
        "limit": policies.value(SLOWER),
    }


def _share_above(indicator: str, limit: str, now: Cell, before: Cell) -> Facts | None:
    figure = now.figures.get(indicator)
    if figure is None or figure.value is None or figure.n < policies.value(LEAST):
        return None
    bar = policies.value(limit)
    if figure.value <= bar or (figure.counted or 0) < FEWEST:
        return None
    return {"share": _at_least(figure), "n": round_count(figure.n), "limit": bar}


def _at_least(figure: Figure) -> int:
    """Rounded down; where all but a few are counted, only that it is over a bound."""
    rest = figure.n - (figure.counted or 0)
    share = 100 * (figure.n - FEWEST) / figure.n if 0 < rest < FEWEST else figure.value or 0.0
    return math.floor(share)


def _say_slower(facts: Mapping[str, Any]) -> str:
    return _(
        "Half of about {n} first answers took longer than {now} min; in the three months before, "
        "half of about {n_before} took longer than {before} min. The limit is {limit} per cent "
        "of that."
    ).format(**facts)


def _say_refusals(facts: Mapping[str, Any]) -> str:
    return _(
        "At least {share} per cent of about {n} requests were declined by a doctor; "
        "the limit is {limit} per cent."
    ).format(**facts)


def _say_not_adopted(facts: Mapping[str, Any]) -> str:
    return _(
        "At least {share} per cent of about {n} receipts say that the opinion was not adopted; "
        "the limit is {limit} per cent."
    ).format(**facts)
