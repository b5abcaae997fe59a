"""A risk signal: devices of which nothing came for long. No fault: it asks for the reason."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from telemed.core import policies
from telemed.devices import rules
from telemed.devices.queries import idle_at
from telemed.oversight import signals
from telemed.oversight.indicators import Period, Side
from telemed.oversight.signals import Facts

IDLE = "idle_device"


def register() -> None:
    """Called in ready(). The bound is the one by which the list of devices says idle."""
    signals.register(
        signals.Rule(
            key=IDLE,
            name=gettext_lazy("Devices that stand idle"),
            side=Side.ASKING,
            count=_idle,
            say=_say,
        )
    )


def _idle(period: Period) -> Mapping[UUID, Facts]:
    days = policies.value(rules.IDLE).days
    found = idle_at(min(period.end, timezone.now()))
    return {
        owner: {"n": one.idle, "of": one.all, "said": one.said, "days": days}
        for owner, one in found.items()
    }


def _say(facts: Mapping[str, Any]) -> str:
    return _(
        "Registered devices of which nothing came for {days} days or more, at the end of the month "
        "and since: {n} of {of}. A reason is given for {said}."
    ).format(**facts)
