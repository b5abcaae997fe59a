"""What a clinic or the province sets for itself: who hears of a recheck, and when."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scheduling.registration.rules import GROUP
from telemed.core import policies
from telemed.core.policies import Rung

RECHECK = "duty.recheck"
DOCTOR, LEADER, COUNTY = "doctor", "leader", "county"


def define() -> None:
    """Called in ready(). What runs already keeps the rule of its day."""
    policies.define(
        RECHECK,
        label=_("Who hears that a recheck after a warning value is not done"),
        kind=policies.Ladder(
            callees={
                DOCTOR: _("the family doctor"),
                LEADER: _("the leader of the team"),
                COUNTY: _("the coordinators of the county"),
            }
        ),
        default=(
            Rung(percent=50, call=DOCTOR),
            Rung(percent=100, call=LEADER),
            Rung(percent=100, plus=timedelta(days=2), call=COUNTY),
        ),
        group=GROUP,
        help=_(
            "In per cent of the time for it: two weeks, after a relapse in severe mental illness "
            "24 hours. Nights and holidays count."
        ),
    )


def recheck_ladder(organisation_id: UUID) -> tuple[Rung, ...]:
    found: tuple[Rung, ...] = policies.value(RECHECK, organisation_id)
    return found
