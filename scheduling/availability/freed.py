"""Who comes first to places that came free, or that open. Nobody, until a slice registers."""

from collections.abc import Callable

from django.db.models import QuerySet

from scheduling.availability.models import Period

Ask = Callable[[QuerySet[Period]], int]
_asked: list[Ask] = []
_seated: list[Ask] = []


def register(ask: Ask, *, seat: Ask) -> None:
    """
    Called in ready(). `ask` offers free places of these periods, which the caller holds; `seat`
    gives places of periods that open just now to who is booked there before anybody else can be.
    """
    if ask not in _asked:
        _asked.append(ask)
        _seated.append(seat)


def seat(periods: QuerySet[Period]) -> None:
    for give in _seated:
        give(periods)


def offer(periods: QuerySet[Period]) -> None:
    for ask in _asked:
        ask(periods)
