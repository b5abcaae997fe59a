"""The policies that agreements and settlement obey."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from telemed.core import policies
from telemed.core.models import Calendar
from telemed.core.policies.previewing import count_clocks

NOTICE, WARNINGS = "agreement.notice", "agreement.warnings"
REVIEW_DAY = "settlement.review_day"
DISPUTE = "settlement.dispute"
GROUP = _("Agreements and settlement")


def define() -> None:
    """Called in ready()."""
    policies.define(
        NOTICE,
        label=_("Notice to end an agreement"),
        kind=policies.Duration(least=timedelta(days=7), most=timedelta(days=180)),
        default=timedelta(days=30),
        group=GROUP,
        help=_("From the notice until it no longer holds; what was accepted before goes on."),
        province_only=True,
    )
    policies.define(
        WARNINGS,
        label=_("Warnings before an agreement ends"),
        kind=policies.Days(falling=True, most=180),
        default=(90, 30, 7),
        group=GROUP,
        preview=count_clocks("agreement.end"),
        help=_("Both sides are told that many days before its last day is over."),
        province_only=True,
    )
    policies.define(
        REVIEW_DAY,
        label=_("Statement due on this day of the next month"),
        kind=policies.Count(least=1, most=28),
        default=10,
        group=GROUP,
        province_only=True,
    )
    policies.define(
        DISPUTE,
        label=_("Time to answer a disputed line"),
        kind=policies.Duration(calendar=Calendar.WORKING, most=timedelta(hours=480)),
        default=timedelta(hours=120),
        group=GROUP,
        help=_("Then the county decides."),
        province_only=True,
    )
