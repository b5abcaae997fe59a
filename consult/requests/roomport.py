"""What cases ask of their rooms, which lie above: filled by consult.rooms in ready()."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from consult.requests.models import Side

IsLive = Callable[[UUID], bool]
Present = Callable[[UUID], set[Side]]
TimeLive = Callable[[UUID], timedelta]
PeopleIn = Callable[[UUID], set[UUID]]

_is_live: IsLive | None = None
_present: Present | None = None
_time_live: TimeLive | None = None
_people_in: PeopleIn | None = None


def connect(*, is_live: IsLive, present: Present, time_live: TimeLive, people_in: PeopleIn) -> None:
    """Called once, by whoever keeps the rooms."""
    global _is_live, _present, _time_live, _people_in
    _is_live, _present, _time_live, _people_in = is_live, present, time_live, people_in


def is_live(case_id: UUID) -> bool:
    """Whether people are in the room of that case now."""
    return _is_live is not None and _is_live(case_id)


def present(case_id: UUID) -> set[Side]:
    """Which sides have a doctor in the room of that case now."""
    return _present(case_id) if _present else set()


def people_in(case_id: UUID) -> set[UUID]:
    """Which accounts are in the room of that case now, whatever they do there."""
    return _people_in(case_id) if _people_in else set()


def time_live(case_id: UUID) -> timedelta:
    """How long the rooms of that case were live."""
    return _time_live(case_id) if _time_live else timedelta()
