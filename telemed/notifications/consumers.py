"""The socket of every open page: the badge comes down, the sign of life goes up."""

from collections.abc import Iterable, Sequence
from typing import Any

from telemed.audit import refusals
from telemed.core.errors import DomainError
from telemed.core.intentions import System, intention
from telemed.core.sockets import Socket
from telemed.notifications.badge import badge
from telemed.notifications.frames import FRAMES
from telemed.notifications.models import Notification
from telemed.people import presence

LEASES = System("presence")


class InboxConsumer(Socket):
    """
    /ws/inbox/. Ours: {"is": "inbox", "count", "latest"} at first, when it changed, and whenever
    somebody rang: then what other parts of the page show may be old too.
    Theirs: heartbeat (every 8 s; keeps the account's presence alive) and seen.
    """

    accepts = FRAMES

    async def enter(self) -> Iterable[str]:
        self.rang, self.called, self.shown = True, False, (-1, "")
        return [Notification.group(self.user.pk)]

    async def recheck(self) -> None:
        self.rang = True  # a bell may have been lost

    async def hear(self, frame: Any) -> None:
        self.rounds.beating.add(self)

    @classmethod
    def keep_alive(cls, sockets: Sequence[Any]) -> None:
        with intention(LEASES, door="socket"):
            presence.heartbeats(users=[s.user.pk for s in sockets])

    async def inbox_rang(self, message: dict[str, Any]) -> None:
        self.rang = self.called = True
        self.bell.set()

    async def send_due(self) -> None:
        """However often the bell rang: one reading, and one frame."""
        if not self.rang or not self.space():
            return
        called, self.rang, self.called = self.called, False, False
        badge_now = await self.call(badge)
        if called or badge_now != self.shown:
            self.shown = badge_now
            await self.send_one({"is": "inbox", "count": badge_now[0], "latest": badge_now[1]})

    def refused(self, action: str, error: DomainError) -> None:
        refusals.note(self.user, door="socket", action=f"inbox.{action}", error=error)
