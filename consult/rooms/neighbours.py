"""
What passes between the sockets of a room and is not kept.

Within this process it goes at once. For the other processes, what came up in a moment is sent
together, as one message to a channel group that each process joins once: the channel layer costs
the same however many frames there are, and nothing comes back to the sockets that had it already.
"""

import asyncio
import logging
from collections import defaultdict, deque
from typing import Any, Protocol
from uuid import UUID, uuid4

from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)
Json = dict[str, Any]


class Neighbour(Protocol):
    """What the sockets of a room need to be for each other."""

    def take(self, frame: Json) -> None: ...


class Neighbours:
    """The open sockets of this process, by their room. From the first on it hears the others."""

    GROUP = "rooms.passing"
    TOGETHER = 0.02  # seconds in which frames for the other processes gather
    WAITING = 10_000  # frames that wait for the channel layer; older ones are worth less

    def __init__(self) -> None:
        self.process = uuid4().hex  # marks what came from here
        self.rooms: defaultdict[str, set[Any]] = defaultdict(set)
        self.waiting: deque[tuple[str, Json]] = deque(maxlen=self.WAITING)
        self.sending: asyncio.Task[None] | None = None
        self.opening: asyncio.Task[asyncio.Task[None]] | None = None

    def of(self, room_id: UUID) -> set[Any]:
        return self.rooms.get(str(room_id), set())

    async def come(self, room_id: UUID, socket: Neighbour) -> None:
        """From here on the socket takes what the others of its room pass."""
        if self.opening is None or self._is_lost(self.opening):
            self.opening = asyncio.create_task(self._open())
        await asyncio.shield(self.opening)  # several may wait for it
        self.rooms[str(room_id)].add(socket)

    def go(self, room_id: UUID, socket: Neighbour) -> None:
        room = self.rooms.get(str(room_id), set())
        room.discard(socket)
        if not room:
            self.rooms.pop(str(room_id), None)
        if (
            not self.rooms
            and self.opening
            and self.opening.done()
            and not self._is_lost(self.opening)
        ):
            self.opening.result().cancel()
            self.opening = None

    def pass_on(self, room_id: UUID, frame: Json) -> None:
        self._hand_out(str(room_id), frame)
        self.waiting.append((str(room_id), frame))
        if self.sending is None or self.sending.done():
            self.sending = asyncio.create_task(self._send_waiting())

    def _hand_out(self, room_id: str, frame: Json) -> None:
        for socket in self.rooms.get(room_id, ()):
            socket.take(frame)

    async def _send_waiting(self) -> None:
        while self.waiting:
            await asyncio.sleep(self.TOGETHER)
            together = list(self.waiting)
            self.waiting.clear()
            message = {"type": "rooms.passed", "process": self.process, "frames": together}
            try:
                await get_channel_layer().group_send(self.GROUP, message)
            except Exception:
                logger.exception("Passing frames did not reach the other processes")

    @staticmethod
    def _is_lost(opening: asyncio.Task[asyncio.Task[None]]) -> bool:
        """It failed, or its event loop ended."""
        if not opening.done():
            return opening.get_loop().is_closed()
        return opening.cancelled() or bool(opening.exception()) or opening.result().done()

    async def _open(self) -> asyncio.Task[None]:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(self.GROUP, channel)
        return asyncio.create_task(self._listen(layer, channel))

    async def _listen(self, layer: Any, channel: str) -> None:
        try:
            while True:
                self._take_over(await layer.receive(channel))
        finally:
            await layer.group_discard(self.GROUP, channel)

    def _take_over(self, message: Json) -> None:
        try:
            if message["process"] != self.process:
                for room_id, frame in message["frames"]:
                    self._hand_out(room_id, frame)
        except Exception:
            logger.exception("Passing frames of another process could not be read")
