"""What the province may set about rotas and shifts, as rules of the house."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from telemed.core import policies
from telemed.core.policies.previewing import count_clocks

PUBLISH_DAY, BEFORE_END, PATIENCE = "rota.publish_day", "shift.handover", "shift.absent"
GROUP = _("Duty rota")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def define() -> None:
    """Called in ready()."""
    policies.define(
        PUBLISH_DAY,
        label=_("The next month's rota is out on day"),
        kind=policies.Count(least=10, most=28),
        default=25,
        group=GROUP,
        preview=count_clocks("rota.publish"),
        help=_("Coordinators and directors hear of it on that morning where it is not."),
        province_only=True,
    )
    policies.define(
        BEFORE_END,
        label=_("Hand-over of open cases begins before the end of a shift by"),
        kind=policies.Duration(least=5 * MINUTE, most=2 * HOUR),
        default=30 * MINUTE,
        group=GROUP,
        preview=count_clocks("shift.handover"),
        province_only=True,
    )
    policies.define(
        PATIENCE,
        label=_("Who is on the next shift has come by"),
        kind=policies.Duration(least=5 * MINUTE, most=2 * HOUR),
        default=15 * MINUTE,
        group=GROUP,
        preview=count_clocks("shift.absent"),
        help=_("After the shift has begun; then the coordinators are told."),
        province_only=True,
    )
