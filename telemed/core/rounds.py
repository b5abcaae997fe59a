"""One look for all open sockets of a kind, so that a thousand quiet ones cost next to nothing."""

import asyncio
import logging
import time
from collections.abc import Hashable, Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from telemed.core.threads import off_loop

logger = logging.getLogger(__name__)


class Watched(Protocol):
    """What the rounds need of a socket."""

    session_key: str
    user: Any
    known_at: float
    looks: Hashable
    bell: asyncio.Event

    def doubt(self) -> None: ...


class Kind(Protocol):
    """What the rounds need of a kind of socket; both run in a pool thread."""

    RECHECK: float

    def glance(self, sockets: Sequence[Any]) -> Mapping[Any, Hashable]: ...
    def keep_alive(self, sockets: Sequence[Any]) -> None: ...


class Rounds:
    """
    Goes round while any socket of its kind is open in this process.

    A glance is everything that a socket's rights follow from, as it stands in the database. While
    it stays the same, the rights that were read before are believed; when it differs, or was never
    seen, the socket doubts itself and reads them anew. So the glance decides nothing.
    """

    EVERY = 2.0  # seconds between two rounds
    TOGETHER = 50  # sockets in one look; more would keep the event loop waiting

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.sockets: set[Any] = set()
        self.beating: set[Any] = set()
        self.task: asyncio.Task[None] | None = None

    def add(self, socket: Watched) -> None:
        self.sockets.add(socket)
        if self.task is None:
            self.task = asyncio.create_task(self.go_round())

    def discard(self, socket: Watched) -> None:
        self.sockets.discard(socket)
        self.beating.discard(socket)
        if self.task and not self.sockets:
            self.task.cancel()
            self.task = None

    async def go_round(self) -> None:
        while True:
            await asyncio.sleep(min(self.EVERY, self.kind.RECHECK / 4))
            try:
                await self.keep_alive()
                await self.look()
            except Exception:
                # Nobody is believed on the strength of it; each socket then looks for itself.
                logger.exception("A round of the sockets failed")
            self.rouse()

    def rouse(self) -> None:
        """Those for whom no round has spoken for too long read their rights themselves."""
        long_ago = time.monotonic() - self.kind.RECHECK
        for socket in self.sockets:
            if socket.known_at <= long_ago:
                socket.bell.set()

    async def keep_alive(self) -> None:
        beating, self.beating = self.beating, set()
        if beating:
            await off_loop(self.kind.keep_alive)(list(beating))

    async def look(self) -> None:
        asked_at = time.monotonic()
        due = [s for s in self.sockets if s.known_at < asked_at - self.kind.RECHECK / 2]
        for start in range(0, len(due), self.TOGETHER):
            await self.look_at(due[start : start + self.TOGETHER])

    async def look_at(self, sockets: Sequence[Any]) -> None:
        asked_at = time.monotonic()
        seen = await off_loop(self.kind.glance)(sockets)
        for socket in sockets:
            before, socket.looks = socket.looks, seen.get(socket)
            if before is not None and socket.looks == before:
                socket.known_at = max(socket.known_at, asked_at)
            else:
                socket.doubt()


def glance_at_accounts(sockets: Sequence[Watched]) -> dict[Any, Hashable]:
    """The rows of each socket's session and account; a socket without one of them is left out."""
    store = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
    live = store.objects.filter(
        session_key__in={s.session_key for s in sockets}, expire_date__gt=timezone.now()
    )
    sessions = dict(live.values_list("session_key", "session_data"))
    rows = get_user_model().objects.filter(pk__in={s.user.pk for s in sockets}).values()
    users = {row["id"]: tuple(row.values()) for row in rows}
    return {
        s: (sessions[s.session_key], users[s.user.pk])
        for s in sockets
        if s.session_key in sessions and s.user.pk in users
    }
