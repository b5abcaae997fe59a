"""Who has a place in some periods: whoever keeps bookings says so. Nobody, until then."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from scheduling.availability.models import Stop
from telemed.people.models import User


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


@dataclass(frozen=True)
class Panel:
    """What a slice above shows on the page of a stopped session: a template, and its facts."""

    template: str
    find: Callable[[User, Stop], dict[str, Any]]


_panels: list[Panel] = []


def register_panel(panel: Panel) -> None:
    """Called in ready()."""
    if panel not in _panels:
        _panels.append(panel)


def panels_of(actor: User, stop: Stop) -> list[tuple[str, dict[str, Any]]]:
    """Template and facts of each; the caller has decided that the actor keeps the session."""
    return [(panel.template, panel.find(actor, stop)) for panel in _panels]


def booked_in(period_ids: Collection[UUID]) -> list[Booked]:
    """Everybody who has a place there."""
    wanted = list(period_ids)
    return [one for find in _finders for one in find(wanted)] if wanted else []


def count(period_ids: Collection[UUID]) -> int:
    return len(booked_in(period_ids))
