"""How long somebody may wait in a room, for the other or for a line; and who hears of it then."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from telemed.core import policies

IDLE, LEGAL, LINE = "room.idle", "room.legal", "room.line"
TELL, PHONE = (
    1,
    2,
)  # rungs: the coordinators of both sides hear of it; the phone number stands there
GROUP = _("Consults")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Rung:
    number: int
    after: timedelta


def define() -> None:
    """Called in ready(). Wall time: somebody sits there and waits."""
    policies.define(
        IDLE,
        label=_("One side waits alone in the room"),
        kind=policies.Duration(most=2 * HOUR),
        default=10 * MINUTE,
        group=GROUP,
        help=_("Then the coordinators of both sides are told, once until somebody comes."),
    )
    policies.define(
        LEGAL,
        label=_("A doctor is missing from a consult that has begun"),
        kind=policies.Duration(most=2 * HOUR),
        default=5 * MINUTE,
        group=GROUP,
        help=_(
            "Then the coordinators of both sides are told; after as long again the phone number"
            " stands in the room."
        ),
    )
    policies.define(
        LINE,
        label=_("A doctor's line bears no call, or is lost"),
        kind=policies.Duration(most=2 * HOUR),
        default=2 * MINUTE,
        group=GROUP,
        help=_("Then each side reads the other's phone number in the room."),
    )


def ladder(clock: str, organisation_id: UUID | None) -> tuple[Rung, ...]:
    """The rungs of one clock; `organisation_id` is the side that was asked."""
    length = policies.value(clock, organisation_id)
    if clock == LINE:
        return (Rung(PHONE, length),)
    tell = Rung(TELL, length)
    return (tell,) if clock == IDLE else (tell, Rung(PHONE, 2 * length))
