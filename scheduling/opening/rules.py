"""What the line at the hour of release goes by."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scheduling.availability.previews import still_to_come_out
from scheduling.availability.rules import GROUP, no_time_between
from telemed.core import policies

LINE, WAITS, LONGEST, TURN, RATE, ADDRESS = (
    *("opening.line", "opening.waits", "opening.longest"),
    *("opening.turn", "opening.rate", "opening.address"),
)
PAUSE_LEAST, PAUSE_MOST = "opening.pause_least", "opening.pause_most"
DRAW_AFTER = timedelta(seconds=60)  # a slow phone loses nothing in the first minute
MINUTE = timedelta(minutes=1)


def define() -> None:
    """Called in ready()."""
    policies.define(
        LINE,
        label=_("A line when new places come out"),
        kind=policies.Switch(),
        default=True,
        group=GROUP,
        preview=still_to_come_out,
        help=_("Whoever has a ticket in the first minute is drawn by lot; then in order."),
    )
    for name, label, least, most, default in (
        (WAITS, _("Tickets can be taken before the hour"), 5, 30, 15),
        (LONGEST, _("The line ends after the hour at the latest"), 10, 120, 30),
        (TURN, _("Time to book when it is one's turn"), 3, 15, 5),
        (PAUSE_LEAST, _("A place given up in a line stays away, at least"), 1, 30, 1),
        (PAUSE_MOST, _("A place given up in a line stays away, at most"), 1, 60, 10),
    ):
        policies.define(
            name,
            label=label,
            kind=policies.Duration(least=least * MINUTE, most=most * MINUTE),
            default=default * MINUTE,
            group=GROUP,
            preview=still_to_come_out,
            refuse=_no_pause(name) if name in (PAUSE_LEAST, PAUSE_MOST) else None,
        )
    policies.define(
        RATE,
        label=_("People whose turn it becomes in a minute, all lines together"),
        kind=policies.Count(least=6, most=60_000),
        default=600,
        group=GROUP,
        preview=still_to_come_out,
        province_only=True,
        help=_("Fewer by itself while the database is slow."),
    )
    policies.define(
        ADDRESS,
        label=_("Tickets of one opening from one network address"),
        kind=policies.Count(least=1, most=100_000),
        default=300,
        group=GROUP,
        preview=still_to_come_out,
        help=_("Many phones share an address; keep it wide."),
    )


def has_line(organisation_id: UUID) -> bool:
    return bool(policies.value(LINE, organisation_id))


def length(name: str, organisation_id: UUID) -> timedelta:
    found: timedelta = policies.value(name, organisation_id)
    return found


def pause(organisation_id: UUID) -> tuple[timedelta, timedelta]:
    least, most = length(PAUSE_LEAST, organisation_id), length(PAUSE_MOST, organisation_id)
    return least, max(least, most)


def people_a_second() -> float:
    return float(policies.value(RATE)) / 60


def tickets_an_address(organisation_id: UUID) -> int:
    return int(policies.value(ADDRESS, organisation_id))


def _no_pause(name: str) -> Any:
    def refuse(organisation_id: UUID | None, wanted: timedelta) -> str:
        least, most = (
            wanted if one == name else policies.value(one, organisation_id)
            for one in (PAUSE_LEAST, PAUSE_MOST)
        )
        return no_time_between(least, most)

    return refuse
