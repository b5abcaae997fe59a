"""A risk signal: a service was entered as done, and it was not."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from telemed.oversight import signals
from telemed.oversight.indicators import Cell, Side

STRUCK = "duty_struck"


def register() -> None:
    """Called in ready(). No figure raises it: who settles a dispute does."""
    signals.register(
        signals.Rule(
            key=STRUCK,
            name=gettext_lazy("Services that were not done"),
            side=Side.ASKING,
            look=_never,
            say=_say,
        )
    )


def _never(now: Cell, before: Cell) -> None:
    return None


def _say(facts: Mapping[str, Any]) -> str:
    n = facts["n"]
    return ngettext(
        "{n} service that a team had entered as done was struck: the resident was right.",
        "{n} services that teams had entered as done were struck: the residents were right.",
        n,
    ).format(n=n)
