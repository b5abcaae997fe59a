"""What cases ask of their rooms, which lie above: filled by consult.rooms in ready()."""

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from consult.requests.models import Case, Side

IsLive = Callable[[UUID], bool]
Present = Callable[[UUID], set[Side]]
TimeLive = Callable[[UUID], timedelta]
PeopleIn = Callable[[UUID], set[UUID]]


class Lapse(Protocol):
    def __call__(self, *, case_id: UUID, reason: str, missed_by: str = ...) -> bool: ...


class OpenAhead(Protocol):
    def __call__(self, *, case: Case, tell: bool) -> None: ...


_is_live: IsLive | None = None
_present: Present | None = None
_time_live: TimeLive | None = None
_people_in: PeopleIn | None = None
_lapse: Lapse | None = None
_open_ahead: OpenAhead | None = None


def connect(
    *,
    is_live: IsLive,
    present: Present,
    time_live: TimeLive,
    people_in: PeopleIn,
    lapse: Lapse,
    open_ahead: OpenAhead,
) -> None:
    """Called once, by whoever keeps the rooms."""
    global _is_live, _present, _time_live, _people_in, _lapse, _open_ahead
    _is_live, _present, _time_live, _people_in = is_live, present, time_live, people_in
    _lapse, _open_ahead = lapse, open_ahead


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


def lapse(case: Case, *, missed_by: str = "") -> None:
    """Of a locked case that was saved: its room in which nobody has met yet is of no use now."""
    if _lapse:
        _lapse(case_id=case.pk, reason=case.status, missed_by=missed_by)


def open_ahead(case: Case, *, tell: bool) -> None:
    """Of a locked case: its room is there before anybody comes; `tell` its doctors."""
    if _open_ahead:
        _open_ahead(case=case, tell=tell)
