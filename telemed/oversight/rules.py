"""When an institution counts as silent, and when a figure or an amount asks for a look."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from telemed.core import policies
from telemed.core.models import Calendar

SILENT = "oversight.silent"
ASK_AGAIN = "oversight.ask_again"
OFF_BY = "signal.price_off"
EXPLAIN, DECIDE, END = "signal.explain", "signal.decide", "signal.end"
GROUP = _("Oversight")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def define() -> None:
    """Called in ready()."""
    policies.define(
        SILENT,
        label=_("Silent after"),
        kind=policies.Duration(least=7 * DAY, most=90 * DAY),
        default=14 * DAY,
        group=GROUP,
        help=_("An institution with an agreement in force that asked nothing for so long."),
        province_only=True,
    )
    policies.define(
        ASK_AGAIN,
        label=_("Ask for the reason again after"),
        kind=policies.Duration(least=7 * DAY, most=90 * DAY),
        default=14 * DAY,
        group=GROUP,
        help=_("What was said stays in the history."),
        province_only=True,
    )
    policies.define(
        OFF_BY,
        label=_("Signal: amounts off the price by more than"),
        kind=policies.Money(most=100_000),
        default=0,
        group=GROUP,
        help=_("Lines of the ledger against the agreement, visit fees against the hospital's."),
        province_only=True,
    )
    _define_signals()


def _define_signals() -> None:
    working = policies.Duration(calendar=Calendar.WORKING, least=8 * HOUR, most=480 * HOUR)
    policies.define(
        EXPLAIN,
        label=_("A risk signal is explained within"),
        kind=working,
        default=80 * HOUR,
        group=GROUP,
        help=_("Then the head of the county's commission and the prefecture hear of it."),
        province_only=True,
    )
    policies.define(
        DECIDE,
        label=_("An explained risk signal is decided within"),
        kind=working,
        default=80 * HOUR,
        group=GROUP,
        help=_("Then the province hears of it."),
        province_only=True,
    )
    policies.define(
        END,
        label=_("An accepted risk signal closes by itself after"),
        kind=policies.Duration(least=7 * DAY, most=180 * DAY),
        default=30 * DAY,
        group=GROUP,
        province_only=True,
    )
