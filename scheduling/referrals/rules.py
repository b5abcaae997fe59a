"""The lengths that an institution or the province may set, as rules of the house."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from telemed.core import policies
from telemed.core.models import Calendar

ACCEPT, URGENT, HAND_BACK = "referral.accept", "referral.accept.urgent", "referral.handback"
DISCHARGED = "referral.handback.discharged"
GROUP = _("Referrals")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def define() -> None:
    """Called in ready(). Working time is that of the side that must act."""
    policies.define(
        ACCEPT,
        label=_("First answer to a referral"),
        kind=policies.Duration(calendar=Calendar.WORKING, least=HOUR / 2, most=80 * HOUR),
        default=4 * HOUR,
        group=GROUP,
        help=_("Half of it is the reminder; afterwards the ladder is climbed."),
    )
    policies.define(
        URGENT,
        label=_("First answer to an urgent referral"),
        kind=policies.Duration(most=12 * HOUR),
        default=30 * MINUTE,
        group=GROUP,
        help=_("Nights and holidays count."),
    )
    policies.define(
        HAND_BACK,
        label=_("Hand-back after arrival"),
        kind=policies.Duration(most=90 * DAY),
        default=14 * DAY,
        group=GROUP,
        help=_("Once it is over, both sides see it in red."),
    )
    policies.define(
        DISCHARGED,
        label=_("Hand-back after discharge"),
        kind=policies.Duration(calendar=Calendar.WORKING, least=HOUR, most=160 * HOUR),
        default=24 * HOUR,
        group=GROUP,
        help=_("From the moment at which the hospital enters the discharge."),
    )
