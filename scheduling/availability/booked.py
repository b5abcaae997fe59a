"""Who has a place in some periods: whoever keeps bookings says so. Nobody, until then."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Booked:
    """One live booking, as the desk reads it out."""

    period_id: UUID
    name: str
    ticket: int
    phone: str = ""
    url: str = ""


Find = Callable[[Collection[UUID]], list[Booked]]
_finders: list[Find] = []


def register(find: Find) -> None:
    """Called in ready(): the live bookings of these periods, in the order of their numbers."""
    if find not in _finders:
        _finders.append(find)


def booked_in(period_ids: Collection[UUID]) -> list[Booked]:
    """Everybody who has a place there."""
    wanted = list(period_ids)
    return [one for find in _finders for one in find(wanted)] if wanted else []


def count(period_ids: Collection[UUID]) -> int:
    return len(booked_in(period_ids))
