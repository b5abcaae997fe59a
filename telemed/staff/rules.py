"""What the province may set about licences and new accounts, as rules of the house."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from telemed.core import policies
from telemed.core.policies.previewing import count_clocks

WARNINGS, INVITATION = "licence.warnings", "account.invite"
GROUP = _("People")
DAY = timedelta(days=1)


def define() -> None:
    """Called in ready()."""
    policies.define(
        WARNINGS,
        label=_("Warnings before a licence ends"),
        kind=policies.Days(falling=True, most=180),
        default=(90, 30, 7),
        group=GROUP,
        preview=count_clocks("licence.end"),
        help=_("That many days before its last day; afterwards no case can be accepted with it."),
        province_only=True,
    )
    policies.define(
        INVITATION,
        label=_("An invitation to a new account holds"),
        kind=policies.Duration(least=DAY, most=30 * DAY),
        default=7 * DAY,
        group=GROUP,
        help=_("Those that are out keep their day."),
        province_only=True,
    )
