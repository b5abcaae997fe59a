"""Who comes first to places that came free, or that open. Nobody, until a slice registers."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from scheduling.availability.models import Period

Ask = Callable[[QuerySet[Period]], int]
Rests = Callable[[UUID | None, datetime], bool]
_asked: list[Ask] = []
_seated: list[Ask] = []
_rest: list[Rests] = []


def register(ask: Ask, *, seat: Ask, rests: Rests) -> None:
    """
    Called in ready(). `ask` offers free places of these periods, which the caller holds; `seat`
    gives places of periods that open just now to who is booked there before anybody else can be.
    `rests` says whether nobody is asked at that moment, at an institution or in the province.
    """
    if ask not in _asked:
        _asked.append(ask)
        _seated.append(seat)
        _rest.append(rests)


def seat(periods: QuerySet[Period]) -> None:
    for give in _seated:
        give(periods)


def rests(organisation_id: UUID | None, moment: datetime) -> bool:
    return any(one(organisation_id, moment) for one in _rest)


def offer(periods: QuerySet[Period]) -> None:
    for ask in _asked:
        ask(periods)
