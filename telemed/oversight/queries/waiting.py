"""What waits beside the figures: silent institutions and signals."""

from dataclasses import dataclass

from telemed.oversight.models import Signal
from telemed.oversight.permissions import oversees
from telemed.oversight.places import Spot
from telemed.oversight.queries import signals, silences
from telemed.people.models import User


@dataclass(frozen=True)
class Tasks:
    """`silent` is about the place one looks at; None where the account has no such list."""

    silent: silences.Counts | None
    signals: int
    place: str


def count_tasks(actor: User, spot: Spot) -> Tasks:
    open_ones = Signal.OPEN if oversees(actor) else Signal.UNEXPLAINED
    waiting = signals.visible_to(actor).filter(state__in=open_ones).count()
    if not oversees(actor):
        return Tasks(None, waiting, "")
    quiet = silences.visible_to(actor)
    if spot.organisation:
        quiet = quiet.filter(organisation=spot.organisation)
    else:
        quiet = quiet.filter(organisation__division__code__startswith=spot.here.prefix)
    place = (spot.here.query or {}).get("place", "")
    return Tasks(silences.count_silences(quiet), waiting, place)
