"""What a clinic or the province sets for itself: the cap of a panel, the time for a review."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from telemed.core import policies
from telemed.core.models import Calendar

GROUP = _("Family doctor")
CAP, REVIEW, SIGNATURE = "registration.cap", "registration.review", "registration.signature"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def define() -> None:
    """Called in ready(). What runs already keeps the rule of its day."""
    policies.define(
        CAP,
        label=_("People a family doctor may sign"),
        kind=policies.Count(least=1, most=5_000),
        default=2_000,
        group=GROUP,
        help=_("Who is signed already stays; nobody is added above it."),
    )
    policies.define(
        REVIEW,
        label=_("Answer to an application for a family doctor"),
        kind=policies.Duration(calendar=Calendar.WORKING, least=HOUR, most=160 * HOUR),
        default=40 * HOUR,
        group=GROUP,
        help=_("Half of it is the reminder; afterwards the ladder is climbed."),
    )
    policies.define(
        SIGNATURE,
        label=_("Time to sign what the team agreed to"),
        kind=policies.Duration(least=7 * DAY, most=90 * DAY),
        default=30 * DAY,
        group=GROUP,
        help=_("Then the application is withdrawn by itself."),
    )


def value(name: str, organisation_id: UUID | None) -> Any:
    return policies.value(name, organisation_id)
