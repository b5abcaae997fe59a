"""The limits of the green channel, as rules of the house."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scheduling.greens.models import Kind
from scheduling.greens.plans import PLANS, Station
from telemed.core import policies

ACKNOWLEDGE = "green.acknowledge"
GROUPS = {
    Kind.CHEST_PAIN: _("Green channel: chest pain"),
    Kind.STROKE: _("Green channel: stroke"),
    Kind.TRAUMA: _("Green channel: trauma"),
    Kind.OBSTETRIC: _("Green channel: obstetric"),
}
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def define() -> None:
    """Called in ready(). Nights and holidays count in all of them."""
    policies.define(
        ACKNOWLEDGE,
        label=_("The team acknowledges"),
        kind=policies.Duration(most=HOUR),
        default=5 * MINUTE,
        group=_("Green channel"),
        help=_("Then the director is told, the next hospital, the prefecture, each as much later."),
    )
    for kind, plan in PLANS.items():
        for station in plan:
            if station.limit:
                policies.define(
                    name_of(kind, station),
                    label=station.label,
                    kind=policies.Duration(most=12 * HOUR),
                    default=station.limit.minutes * MINUTE,
                    group=GROUPS[Kind(kind)],
                    help=station.limit.source,
                )


def name_of(kind: str, station: Station) -> str:
    return f"green.{kind}.{station.code}"


def allowed(kind: str, station: Station, organisation_id: UUID) -> timedelta | None:
    """How long it may take there, or None where nothing limits it."""
    if station.limit is None:
        return None
    found: timedelta = policies.value(name_of(kind, station), organisation_id)
    return found
