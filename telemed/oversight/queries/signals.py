"""Risk signals, for those who may look."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from telemed.core.errors import Invalid, NotFound
from telemed.oversight.models import Signal
from telemed.oversight.permissions import is_of_authority, runs
from telemed.oversight.places import prefix_of
from telemed.people.models import User

PAGE = 25
# What the list can be narrowed to.
STATES: Mapping[str, tuple[str, ...]] = {
    "open": Signal.UNEXPLAINED,
    "explained": (Signal.State.EXPLAINED,),
    "decided": Signal.DECIDED,
    "closed": (Signal.State.CLOSED,),
}


def visible_to(actor: User) -> QuerySet[Signal]:
    """Health commissions: about the institutions of their place. Who runs one: about that one."""
    here = actor.organisation
    if here and is_of_authority(actor):
        inside = prefix_of(here.division)
        return Signal.objects.filter(subject__division__code__startswith=inside)
    return Signal.objects.filter(subject=here) if here and runs(actor) else Signal.objects.none()


def get_signal(actor: User, signal_id: UUID) -> Signal:
    """One that the actor may see, locked. Hidden and absent look the same."""
    signals = visible_to(actor).select_for_update(of=("self",), no_key=True)
    found = signals.filter(pk=signal_id).first()
    if found is None:
        raise NotFound(_("There is no such signal, or it is not yours to look at."), path="signal")
    return found


@dataclass(frozen=True)
class Page:
    signals: list[Signal]
    waiting: Mapping[str, int]  # by STATES
    after: str


def list_signals(actor: User, *, state: str, after: str) -> Page:
    """The newest first, a page at a time. `state` is "" or one of STATES."""
    visible = visible_to(actor)
    counted = dict(visible.values_list("state").annotate(n=Count("pk")).order_by())
    waiting = {name: sum(counted.get(one, 0) for one in some) for name, some in STATES.items()}
    rows = visible.filter(state__in=STATES[state]) if state else visible
    if after:
        rows = rows.filter(pk__lt=_id(after))
    rows = rows.select_related("subject__division", "explained_for")
    rows = rows.prefetch_related("entries__organisation").order_by("-pk")
    found = list(rows[: PAGE + 1])
    page, rest = found[:PAGE], found[PAGE:]
    return Page(page, waiting, str(page[-1].pk) if rest else "")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("This page of the list does not exist."), path="after") from None
