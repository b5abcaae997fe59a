"""When an institution last asked for anything: slices say so for what is theirs, in ready()."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from uuid import UUID

LastAsked = Callable[[Collection[UUID]], Mapping[UUID, datetime]]
_askers: list[LastAsked] = []


def register(last_asked: LastAsked) -> None:
    """Called in ready()."""
    _askers.append(last_asked)


def last_asked(organisations: Collection[UUID]) -> dict[UUID, datetime]:
    """The newest request of each; who never asked is not in it."""
    newest: dict[UUID, datetime] = {}
    for asker in _askers:
        for organisation, moment in asker(organisations).items():
            newest[organisation] = max(moment, newest.get(organisation, moment))
    return newest
