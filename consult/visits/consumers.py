"""The socket of who came by a link: the room's own, under another key."""

from collections.abc import Hashable, Sequence
from typing import Any
from uuid import UUID

from consult.rooms.consumers import RoomConsumer
from consult.visits import queries
from consult.visits.secrets import COOKIE
from telemed.core.sockets import Account


class VisitConsumer(RoomConsumer):
    """/ws/visits/<room>/. The cookie of the browser that entered says who it is, here alone."""

    def prepare(self) -> None:
        super().prepare()
        self.session_key = self.scope.get("cookies", {}).get(COOKIE, "")
        self.entered: UUID = self.scope["url_route"]["kwargs"]["room_id"]

    def holder(self) -> Account:
        return queries.holder_in(self.session_key, self.entered)  # type: ignore[return-value]

    @classmethod
    def holders(cls, sockets: Sequence[Any]) -> dict[Any, Hashable]:
        links = queries.glance_at_links([socket.session_key for socket in sockets])
        return {s: links[s.session_key] for s in sockets if s.session_key in links}
