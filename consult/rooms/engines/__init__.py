"""
The port to a media engine: a server that hands pictures and voices on where a mesh is too much.

An adapter is connected in ready(), by the settings; without one every room is a mesh of browsers
and there is nothing to call. Doors call it with no intention open. Rooms and people have names of
their own at an engine: nothing there says which case or who it is.
"""

from dataclasses import dataclass
from typing import Any, Protocol

TIMEOUT = 5  # seconds to wait for an engine
SCREEN = "screen_share"  # how an engine names the source of a shared screen
MESH_MOST = 4  # people whose browsers carry picture and voice to each other
Json = dict[str, Any]


class Down(Exception):
    """It may work later."""


class Refused(Exception):
    """It will never work this way."""


class Unsigned(Exception):
    """What came in is not from the engine, or too old."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What an engine tells of: `what` as it calls it, in which room, about whom and which track."""

    key: str
    what: str
    room: str
    identity: str = ""
    track: str = ""
    source: str = ""


class Engine(Protocol):
    name: str
    origins: tuple[str, ...]  # where its pages connect to, for their content policy

    def admission(self, room: str, identity: str, *, speaks: bool, shares: bool = False) -> Json:
        """What a page goes in with; `seconds`: for how long it opens the door."""
        ...

    def open(self, room: str) -> None:
        """Raises Down or Refused, as the next three do. Each may be called twice."""
        ...

    def remove(self, room: str, identity: str) -> None: ...

    def mute(self, room: str, identity: str, track: str) -> None: ...

    def close(self, room: str) -> None: ...

    def hear(self, body: bytes, authorization: str) -> Heard:
        """What it told us. Raises Unsigned, or ValueError for what nobody can read."""
        ...


_connected: list[Engine] = []


def connect(engine: Engine | None) -> None:
    """Called in ready(). The last one connected is used; None: meshes alone."""
    _connected[:] = [engine] if engine else []


def connected() -> Engine | None:
    return _connected[0] if _connected else None
