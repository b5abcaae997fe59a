"""What cases ask of their rooms, which lie above: filled by consult.rooms in ready()."""

from collections.abc import Callable
from uuid import UUID

from consult.requests.models import Side

IsLive = Callable[[UUID], bool]
Present = Callable[[UUID], set[Side]]

_is_live: IsLive | None = None
_present: Present | None = None


def connect(*, is_live: IsLive, present: Present) -> None:
    """Called once, by whoever keeps the rooms."""
    global _is_live, _present
    _is_live, _present = is_live, present


def is_live(case_id: UUID) -> bool:
    """Whether people are in the room of that case now."""
    return _is_live is not None and _is_live(case_id)


def present(case_id: UUID) -> set[Side]:
    """Which sides have a doctor in the room of that case now."""
    return _present(case_id) if _present else set()
