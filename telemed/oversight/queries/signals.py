"""Risk signals, for those who may look."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from telemed.core.errors import Invalid, NotFound
from telemed.oversight.models import Signal
from telemed.oversight.permissions import oversees, runs
from telemed.oversight.places import prefix_of
from telemed.people.models import User

PAGE = 25


def visible_to(actor: User) -> QuerySet[Signal]:
    """Officials: about the institutions of their place. Who runs one: about that one."""
    here = actor.organisation
    if here and oversees(actor):
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
    waiting: int
    after: str


def list_signals(actor: User, *, state: str, after: str) -> Page:
    """The newest first, a page at a time. `state` is "", "open" or "noted"."""
    visible = visible_to(actor)
    waiting = visible.filter(noted_at=None).count()
    rows = visible
    if state:
        rows = rows.filter(noted_at__isnull=state == "open")
    if after:
        rows = rows.filter(pk__lt=_id(after))
    found = list(rows.select_related("subject__division", "noted_for").order_by("-pk")[: PAGE + 1])
    page, rest = found[:PAGE], found[PAGE:]
    return Page(page, waiting, str(page[-1].pk) if rest else "")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("This page of the list does not exist."), path="after") from None
