"""When an institution last asked for anything: slices say so for what is theirs, in ready()."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from uuid import UUID

LastAsked = Callable[[Collection[UUID]], Mapping[UUID, datetime]]
_askers: list[LastAsked] = []
_services: set[str] = set()


def register(last_asked: LastAsked, *services: str) -> None:
    """Called in ready(). `services`: under an agreement on which of them it is asked for."""
    _askers.append(last_asked)
    _services.update(services)


def services() -> frozenset[str]:
    """An agreement on none of these gives nothing to ask for, and so no silence."""
    return frozenset(_services)


def last_asked(organisations: Collection[UUID]) -> dict[UUID, datetime]:
    """The newest request of each; who never asked is not in it."""
    newest: dict[UUID, datetime] = {}
    for asker in _askers:
        for organisation, moment in asker(organisations).items():
            newest[organisation] = max(moment, newest.get(organisation, moment))
    return newest
