"""The limits of the green channel, as rules of the house."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scheduling.greens import previews
from scheduling.greens.models import Kind
from scheduling.greens.plans import PLANS, Station
from telemed.core import policies
from telemed.core.policies import Rung

ACKNOWLEDGE, LATE = "green.acknowledge", "green.late"
TEAM, DIRECTORS, PREFECTURE = "team", "directors", "prefecture"
GROUP = _("Green channel")
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
        group=GROUP,
        preview=previews.called,
        help=_("Then the director is told, the next hospital, the prefecture, each as much later."),
    )
    policies.define(
        LATE,
        label=_("Who hears that a station is late"),
        kind=policies.Ladder(
            callees={
                TEAM: _("the team, and the clinic that sent"),
                DIRECTORS: _("the directors of both sides"),
                PREFECTURE: _("the coordinators of the prefecture"),
            },
            promise_at=1,
        ),
        default=(Rung(percent=80, call=TEAM), Rung(percent=100, call=DIRECTORS)),
        group=GROUP,
        preview=previews.under_way,
        help=_("In per cent of the limit of each station. Nights and holidays count."),
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
                    preview=previews.waits_at(kind, station.code),
                    help=station.limit.source,
                )


def ladder(organisation_id: UUID) -> tuple[Rung, ...]:
    found: tuple[Rung, ...] = policies.value(LATE, organisation_id)
    return found


def name_of(kind: str, station: Station) -> str:
    return f"green.{kind}.{station.code}"


def allowed(kind: str, station: Station, organisation_id: UUID) -> timedelta | None:
    """How long it may take there, or None where nothing limits it."""
    if station.limit is None:
        return None
    found: timedelta = policies.value(name_of(kind, station), organisation_id)
    return found
