"""The socket of a screen in the waiting room: told that something changed, it looks again."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from scheduling.appointments import screens
from scheduling.appointments.frames import FRAMES
from telemed.core.errors import NotFound, Unauthenticated
from telemed.core.sockets import Account, Socket


class BoardConsumer(Socket):
    """
    /ws/booking/board/<token>/. Ours: {"is": "board"} at first and whenever somebody rang; what it
    shows, the page fetches. Theirs: heartbeat and seen. The link is the key; the desk ends it.
    """

    accepts = FRAMES

    def prepare(self) -> None:
        super().prepare()
        self.token: str = self.scope["url_route"]["kwargs"]["token"]
        self.rang = True

    def holder(self) -> Account:
        try:
            return screens.holder_of(self.token)  # type: ignore[return-value]
        except NotFound:
            raise Unauthenticated("This link opens nothing.") from None

    @classmethod
    def holders(cls, sockets: Sequence[Any]) -> dict[Any, Hashable]:
        running = screens.running_among([socket.token for socket in sockets])
        return {s: running[s.token] for s in sockets if s.token in running}

    async def enter(self) -> Iterable[str]:
        return self.user.groups  # type: ignore[attr-defined]

    async def recheck(self) -> None:
        self.rang = True  # a bell may have been lost

    async def board_rang(self, message: dict[str, Any]) -> None:
        self.rang = True
        self.doubt()  # it may have been ended

    async def send_due(self) -> None:
        """However often the bell rang: one frame."""
        if self.rang and self.space():
            self.rang = False
            await self.send_one({"is": "board"})
