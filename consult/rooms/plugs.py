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


# How the events of a slice above are told in a room's record: by their noun, which part of the
# record they belong to ("people", "chat", "images", "line"), and the sentence.
Recount = Callable[[RoomEvent, str], str]
_recounts: dict[str, tuple[str, Recount]] = {}


def recount(noun: str, part: str, words: Recount) -> None:
    """`words` is given the event and who did it."""
    _recounts[noun] = (part, words)


def recounted(noun: str, event: RoomEvent, who: str) -> str:
    """The sentence of who registered that noun; "" for nobody's."""
    _part, words = _recounts.get(noun, ("", None))
    return words(event, who) if words else ""


def recounted_nouns() -> dict[str, str]:
    return {noun: part for noun, (part, _words) in _recounts.items()}
