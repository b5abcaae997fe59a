"""What waits for somebody whose first page is no board: slices register what they know of."""

from collections.abc import Callable
from dataclasses import dataclass

from telemed.people.models import User


@dataclass(frozen=True)
class Need:
    """One sentence, the page where it is dealt with, and that page's icon; `late` is red."""

    text: str
    url: str
    icon: str
    late: bool = False


Find = Callable[[User], Need | None]
_finders: dict[str, list[Find]] = {}


def register(role: str, find: Find) -> None:
    """Called in ready(), in the order in which they stand; a finder asks the database once."""
    _finders.setdefault(role, []).append(find)


def needs_of(actor: User) -> list[Need]:
    """What waits for this person now; the door has opened an intention."""
    found = [find(actor) for find in _finders.get(actor.role, [])]
    return [need for need in found if need is not None]
