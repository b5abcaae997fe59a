"""Who is asked first about public places that came free. Nobody, until a slice registers."""

from collections.abc import Callable

from django.db.models import QuerySet

from scheduling.availability.models import Period

Ask = Callable[[QuerySet[Period]], int]
_asked: list[Ask] = []


def register(ask: Ask) -> None:
    """Called in ready(): offers free places of these periods, which the caller holds."""
    if ask not in _asked:
        _asked.append(ask)


def offer(periods: QuerySet[Period]) -> None:
    for ask in _asked:
        ask(periods)
