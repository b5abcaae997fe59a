"""What somebody whose first page is no board sees at a glance: slices register it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from telemed.people.models import User


@dataclass(frozen=True)
class Glance:
    """A part of the page, with its stylesheet; the template knows `context` as `glance`."""

    template: str
    css: str
    context: Mapping[str, Any]


Find = Callable[[User], Glance | None]
_finders: dict[str, list[Find]] = {}


def register(role: str, find: Find) -> None:
    """Called in ready(), in the order in which they stand."""
    _finders.setdefault(role, []).append(find)


def glances_of(actor: User) -> list[Glance]:
    """What there is for this person now; the door has opened an intention."""
    found = [find(actor) for find in _finders.get(actor.role, [])]
    return [glance for glance in found if glance is not None]
