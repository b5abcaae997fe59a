"""What an institution or the province may set about opinions, as rules of the house."""

from django.utils.translation import gettext_lazy as _

from telemed.core import policies

OFF_DUTY = "opinion.off_duty"
SIMILAR = "opinion.similar"
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
