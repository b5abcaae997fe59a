"""What slices above add to a room: registered here, in ready()."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from consult.rooms.models import Room, RoomEvent
from telemed.people.models import User

Listener = Callable[[Room, RoomEvent], None]


@dataclass(frozen=True)
class Part:
    """Templates in the head and above the view of a room's page, and their context."""

    head: str
    body: str
    context: Callable[[User, Room], dict[str, Any]]


_listeners: list[Listener] = []
_parts: list[Part] = []


def listen(listener: Listener) -> None:
    """Be told of every event, in its transaction, with the room locked. May append more."""
    _listeners.append(listener)


def show(part: Part) -> None:
    _parts.append(part)


def tell(room: Room, event: RoomEvent) -> None:
    for listener in _listeners:
        listener(room, event)


def shown(actor: User, room: Room) -> list[tuple[Part, dict[str, Any]]]:
    """Each part with its context."""
    return [(part, part.context(actor, room)) for part in _parts]
