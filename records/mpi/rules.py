"""What the province may set about the index of persons, as rules of the house."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from telemed.core import policies
from telemed.core.models import Calendar
from telemed.core.policies.previewing import count_clocks

REVIEW, IDENTIFY = "match.review", "person.identify"
GROUP = _("Index of persons")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def define() -> None:
    """Called in ready()."""
    policies.define(
        REVIEW,
        label=_("Two records that may be one person are looked at within"),
        kind=policies.Duration(calendar=Calendar.WORKING, least=8 * HOUR, most=240 * HOUR),
        default=40 * HOUR,
        group=GROUP,
        preview=count_clocks("match.review"),
        help=_("Then the coordinators of both institutions are told."),
        province_only=True,
    )
    policies.define(
        IDENTIFY,
        label=_("A person with a temporary number is identified within"),
        kind=policies.Duration(least=DAY, most=180 * DAY),
        default=30 * DAY,
        group=GROUP,
        preview=count_clocks("person.identify"),
        help=_("Then whoever registered them is reminded."),
        province_only=True,
    )
