"""When a device counts as idle."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from telemed.core import policies

IDLE = "devices.idle"
DAY = timedelta(days=1)


def define() -> None:
    """Called in ready()."""
    policies.define(
        IDLE,
        label=_("Device idle after"),
        kind=policies.Duration(least=7 * DAY, most=90 * DAY),
        default=14 * DAY,
        group=_("Oversight"),
        help=_("A registered device of which nothing came for so long. It asks for a reason."),
        province_only=True,
    )
