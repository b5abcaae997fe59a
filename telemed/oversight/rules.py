"""When an institution counts as silent, and when a figure or an amount asks for a look."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from telemed.core import policies

SILENT = "oversight.silent"
ASK_AGAIN = "oversight.ask_again"
OFF_BY = "signal.price_off"
GROUP = _("Oversight")
DAY = timedelta(days=1)


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
