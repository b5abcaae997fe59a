"""What every preview has in common: how many there are, and where the most of them are."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from telemed.core.models import Clock, ClockState
from telemed.core.policies import Preview

SHOWN = 5


def count_by(
    places: Iterable[tuple[str, int]], say: Callable[[int], str], **said: object
) -> Preview | None:
    """
    `places`: names that are no patient's, with how many of it are there. `say` is asked with their
    sum, for its plural, and its {n} is filled; None where there is nothing.
    """
    found = sorted(places, key=lambda place: (-place[1], place[0]))
    many = sum(n for _name, n in found)
    if not many:
        return None
    examples = [_("{name}: {n}").format(name=name, n=n) for name, n in found[:SHOWN] if name]
    sentence = say(many).format(n=many, **said)
    return Preview(count=many, sentence=sentence, examples=tuple(examples))


def count_names(names: Iterable[str], say: Callable[[int], str], **said: object) -> Preview | None:
    """The same where each has a name of its own: the number of a referral, a doctor."""
    found = list(names)
    if not found:
        return None
    sentence = say(len(found)).format(n=len(found), **said)
    return Preview(count=len(found), sentence=sentence, examples=tuple(filter(None, found[:SHOWN])))


def count_clocks(*kinds: str) -> Callable[[UUID | None, Any], Preview | None]:
    """For a rule of the province: how many clocks of these kinds run, and keep their own time."""

    def preview(organisation_id: UUID | None, wanted: Any) -> Preview | None:
        running = [ClockState.RUNNING, ClockState.PAUSED]
        things = Clock.objects.filter(kind__in=kinds, state__in=running)
        n = things.values("about").distinct().count()
        if not n:
            return None
        sentence = ngettext(
            "{n} that runs already keeps its time; later ones get the new one.",
            "{n} that run already keep their time; later ones get the new one.",
            n,
        )
        return Preview(count=n, sentence=sentence.format(n=n))

    return preview
