"""
The ports to the outside: SMS and e-mail. Adapters are connected in ready(), by the settings.

Doors call `send` with no intention open. A gateway keeps two messages of one key apart from two
messages, as well as its provider lets it; what each promises is in its module.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

TIMEOUT = 5  # seconds to wait for a provider


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One message to one address. `key` is the same each time that it is tried."""

    channel: str
    key: str
    to: str
    text: str
    template: str
    params: Mapping[str, str] = field(default_factory=dict)
    attempt: int = 1


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the provider said when it took the message. `parts`: what it bills."""

    gateway_id: str = ""
    parts: int = 1
    delivered: bool = False


class Refused(Exception):
    """It will never go out this way: the number, the template, the text."""


class Down(Exception):
    """It may go out later."""


class Gateway(Protocol):
    def send(self, message: Outgoing) -> Receipt:
        """Raises Refused or Down."""
        ...


_connected: dict[str, Gateway] = {}


def connect(channel: str, gateway: Gateway) -> None:
    """Called in ready(). The last one connected sends."""
    _connected[channel] = gateway


def send(message: Outgoing) -> Receipt:
    """Through the gateway of its channel. Raises Refused or Down."""
    return _connected[message.channel].send(message)


def parts_of(text: str) -> int:
    """An SMS in UCS-2 has 70 characters, each part of a longer one 67 (3GPP TS 23.040)."""
    return 1 if len(text) <= 70 else -(-len(text) // 67)
