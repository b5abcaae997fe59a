"""The socket of who came to a visit by a link: the room's own, under another key."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from consult.rooms.consumers import LinkConsumer
from consult.visits import queries
from consult.visits.secrets import KIND
from telemed.core.sockets import Account


class VisitConsumer(LinkConsumer):
    """/ws/visits/<room>/"""

    kind = KIND

    @staticmethod
    def holder_in(cookie: str, room_id: UUID) -> Account:
        return queries.holder_in(cookie, room_id)  # type: ignore[return-value]

    @staticmethod
    def glance_at_links(cookies: Sequence[str]) -> dict[str, tuple[Any, ...]]:
        return queries.glance_at_links(cookies)
