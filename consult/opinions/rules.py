"""What an institution or the province may set about opinions, as rules of the house."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from telemed.core import policies
from telemed.core.models import Calendar
from telemed.core.policies.previewing import count_clocks

OFF_DUTY = "opinion.off_duty"
SIMILAR = "opinion.similar"
READY, STATEMENT = "opinion.ready", "mdt.statement"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WITH_ROTA, ALWAYS, NEVER = "rota", "always", "never"


def define() -> None:
    """Called in ready()."""
    policies.define(
        OFF_DUTY,
        label=_("Signing off duty needs a reason"),
        kind=policies.Choice(
            options={
                WITH_ROTA: _("In months with a published rota"),
                ALWAYS: _("Always"),
                NEVER: _("Never"),
            }
        ),
        default=WITH_ROTA,
        group=_("Consults"),
        help=_("The reason is sealed with the opinion; nobody is kept from signing."),
    )
    policies.define(
        SIMILAR,
        label=_("Similar closed cases beside an opinion"),
        kind=policies.Switch(),
        default=True,
        group=_("Consults"),
        help=_("Without names, numbers or institutions; each look is traced."),
    )
    policies.define(
        READY,
        label=_("A finished opinion is signed within"),
        kind=policies.Duration(calendar=Calendar.WORKING, least=5 * MINUTE, most=8 * HOUR),
        default=30 * MINUTE,
        group=_("Consults"),
        preview=count_clocks(READY),
        help=_("Then the coordinator there is told; in an emergency nights count."),
        province_only=True,
    )
    policies.define(
        STATEMENT,
        label=_("Each expert of a joint consult has stated a view within"),
        kind=policies.Duration(calendar=Calendar.WORKING, least=2 * HOUR, most=80 * HOUR),
        default=24 * HOUR,
        group=_("Consults"),
        preview=count_clocks(STATEMENT),
        help=_("Half of it is the reminder; afterwards the chair may sign without it."),
        province_only=True,
    )
