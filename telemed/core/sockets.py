"""What every socket does: who is there, what may come in, and how much may be on its way out."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from importlib import import_module
from typing import Any, ClassVar, Protocol, TypeVar, cast
from uuid import UUID

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from telemed.core.errors import DomainError, Kind, Malformed, TooLarge, Unauthenticated, Unavailable
from telemed.core.frames import Seen, parse
from telemed.core.intentions import Actor, intention
from telemed.core.rounds import Rounds, glance_at_accounts
from telemed.core.threads import off_loop

logger = logging.getLogger(__name__)
T = TypeVar("T")
Json = dict[str, Any]


class Account(Actor, Protocol):
    """Who is signed in."""

    pk: Any
    language: str

    @property
    def is_authenticated(self) -> bool: ...


class Close(IntEnum):
    """
    Why a socket ends. After the first four, coming back by itself is of no use.

    All from the private range: what RFC 6455 reserves (1008, 1013), Daphne does not send at all.
    """

    UNAUTHENTICATED = 4401
    REMOVED = 4403
    NOT_FOUND = 4404
    REPLACED = 4409
    ENDED = 4410
    TOO_SLOW = 4008  # come back with the last number
    TOO_MUCH = 4429
    AGAIN = 4503  # something here failed; come back


CLOSES = {
    Kind.UNAUTHENTICATED: Close.UNAUTHENTICATED,
    Kind.FORBIDDEN: Close.REMOVED,
    Kind.NOT_FOUND: Close.NOT_FOUND,
    Kind.GONE: Close.ENDED,
}


def account_group(user_id: object) -> str:
    """The channel group of all sockets of one account; ring it when a session may have ended."""
    return f"account.{user_id}"


def account_of(session_key: str) -> Account:
    """Whose session this is now; nobody's once it ended, or the account or password did."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return cast(Account, get_user(request))


class Socket(AsyncWebsocketConsumer):
    """
    A signed-in account's socket.

    One task takes the client's frames, one the groups' messages, and one sends. What it will send
    waits in `passing` (newest wins for each key) or where the subclass reads it, never in the
    transport: Daphne's send does not wait for a slow client, so the client says how many frames it
    has had, and no more than WINDOW are under way.
    """

    WINDOW = 200  # frames sent and not yet acknowledged
    QUEUE = 100  # passing frames that wait for the window
    RECHECK = 10.0  # seconds for which session and rights are believed
    FRAME_LIMIT = 65_536  # characters
    RATE, BURST = 50.0, 100.0  # frames a second, and at once

    accepts: TypeAdapter[Any]
    rounds: ClassVar[Rounds]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.rounds = Rounds(cls)

    # For the subclass.

    async def enter(self) -> Iterable[str]:
        """Authorise, and name the channel groups to join."""
        raise NotImplementedError

    async def recheck(self) -> None:
        """Raise a DomainError when the account has lost its right to be here."""

    async def greet(self) -> None:
        """Queue the first frame."""

    async def hear(self, frame: Any) -> None:
        """Act on what the client sent; session and rights are believed."""

    async def send_due(self) -> None:
        """Send what waits elsewhere than in `passing`, as far as there is space()."""

    def holder(self) -> Account:
        """Who is there; whoever comes by another key than a session says so here."""
        return account_of(self.session_key)

    @classmethod
    def holders(cls, sockets: Sequence[Any]) -> dict[Any, Hashable]:
        """The same of many at a glance: what that follows from."""
        return glance_at_accounts(sockets)

    @classmethod
    def glance(cls, sockets: Sequence[Any]) -> dict[Any, Hashable]:
        """Everything that their rights follow from, as it stands now; runs in a pool thread."""
        return cls.holders(sockets)

    @classmethod
    def keep_alive(cls, sockets: Sequence[Any]) -> None:
        """Renew the leases of those that gave a sign of life; runs in a pool thread."""

    def refused(self, action: str, error: DomainError) -> None:
        """Leave a trace of a refusal; runs in a pool thread, outside any intention."""

    # Coming and going.

    sender: asyncio.Task[None] | None = None  # none: it was never open

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """In place of Channels' own, which makes a task and a thread's hop of every message."""
        self.scope, self.base_send = scope, send
        self.channel_layer = get_channel_layer(self.channel_layer_alias)
        self.channel_name = await self.channel_layer.new_channel()
        self.decided = asyncio.Event()  # whether it opens
        self.prepare()
        listener = asyncio.create_task(self.listen())
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            return
        finally:
            listener.cancel()
            await asyncio.wait([listener])  # the layer forgets the channel

    async def listen(self) -> None:
        """The groups' messages, from when it is open; until then they wait."""
        with self.ending_on_failure():
            while True:
                message = await self.channel_layer.receive(self.channel_name)
                await self.decided.wait()
                if self.sender:
                    await self.dispatch(message)

    async def connect(self) -> None:
        try:
            await self.open()
        finally:
            self.decided.set()

    async def open(self) -> None:
        try:
            self.user = await off_loop(self.holder)()
            if not self.user.is_authenticated:
                await self.shut(Close.UNAUTHENTICATED)  # before accepting: HTTP 403 on the wire
                return
            await self.join(await self.enter())
        except DomainError as error:
            await self.turn_away(error)
            return
        except Exception:
            logger.exception("A socket could not be opened")
            await self.shut(Close.AGAIN)
            return
        await self.accept()
        self.sender = asyncio.create_task(self.send_while_open())
        self.rounds.add(self)

    def prepare(self) -> None:
        cookies = self.scope.get("cookies", {})
        self.session_key: str = cookies.get(settings.SESSION_COOKIE_NAME, "")
        self.sent = self.seen = 0
        self.passing: dict[Hashable, Json] = {}
        self.tokens, self.paid_at = self.BURST, time.monotonic()
        self.known_at, self.doubted_at = float("-inf"), 0.0
        self.bell = asyncio.Event()
        self.ending: Close | None = None
        self.looks: Hashable = None

    async def join(self, groups: Iterable[str]) -> None:
        """Groups before the first read, or what happens in between is never seen."""
        self.groups = [account_group(self.user.pk), *groups]
        for group in self.groups:
            await self.channel_layer.group_add(group, self.channel_name)
        await self.greet()
        self.bell.set()

    async def turn_away(self, error: DomainError) -> None:
        """Somebody who was here before is told why; to anybody else the door is just shut."""
        code = CLOSES.get(error.kind, Close.AGAIN)
        if code in {Close.REMOVED, Close.ENDED}:
            await self.accept()
        await self.shut(code)

    async def shut(self, code: Close) -> None:
        await self.close(code.value)  # Daphne takes a plain int and nothing that is like one

    async def disconnect(self, code: int) -> None:
        self.rounds.discard(self)
        if self.sender:
            self.sender.cancel()

    async def dispatch(self, message: Json) -> None:
        """To the method that its type names."""
        await getattr(self, message["type"].replace(".", "_"))(message)

    # What comes in.

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.ending:
            return
        frame = None
        try:
            self.pay()
            frame = parse(self.accepts, self.legible(text_data))
            if isinstance(frame, Seen):
                self.seen = min(max(frame.frames, self.seen), self.sent)
                self.bell.set()
            else:
                await self.believe()
                await self.hear(frame)
        except DomainError as error:
            self.refuse(error, getattr(frame, "client_id", None))
            await asyncio.sleep(0)  # more of these may wait: first it is told, and the others' turn
        except Exception:
            logger.exception("A socket could not act on a frame")
            self.end(Close.AGAIN)

    def refuse(self, error: DomainError, client_id: UUID | None) -> None:
        """Say so, and which frame it was, so that the client stops asking for it."""
        about = {"client_id": str(client_id)} if client_id else {}
        refusal = {"kind": error.kind, "text": error.message, "path": error.path, **about}
        self.queue({"is": "error", **refusal}, key=("error", error.kind, client_id or error.path))
        if error.kind == Kind.UNAUTHENTICATED:
            self.end(Close.UNAUTHENTICATED)

    def pay(self) -> None:
        """One token a frame. Over the limit a frame is refused; far over it, the socket ends."""
        now = time.monotonic()
        earned = (now - self.paid_at) * self.RATE
        self.tokens, self.paid_at = min(self.BURST, self.tokens + earned) - 1, now
        if self.tokens < -self.BURST:
            self.end(Close.TOO_MUCH)
        if self.tokens < 0:
            with translation.override(self.user.language):
                raise Unavailable(_("Too many messages at once; wait a moment."))

    def legible(self, text: str | None) -> str:
        if text is not None and len(text) <= self.FRAME_LIMIT:
            return text
        with translation.override(self.user.language):
            if text is None:
                raise Malformed(_("Unknown message."))
            raise TooLarge(_("This message is too long."))

    async def account_doubted(self, message: Json) -> None:
        """From the group: a session of this account may have ended."""
        self.doubt()

    def doubt(self) -> None:
        """Rights are read again before anything else is sent or taken."""
        self.doubted_at = time.monotonic()
        self.bell.set()

    async def believe(self) -> None:
        """Wait for session and rights to be read when that was long ago, or they are in doubt."""
        if self.known_at <= max(self.doubted_at, time.monotonic() - self.RECHECK):
            await self.refresh()

    async def refresh(self) -> None:
        """Read session and rights; raises what ends the socket."""
        asked_at = time.monotonic()
        self.user = await off_loop(self.holder)()
        if not self.user.is_authenticated:
            raise Unauthenticated("The session has ended.")
        await self.recheck()
        self.known_at = asked_at

    @contextmanager
    def ending_on_failure(self) -> Iterator[None]:
        try:
            yield
        except DomainError as error:
            self.end(CLOSES.get(error.kind, Close.AGAIN))
        except Exception:
            logger.exception("A socket failed")
            self.end(Close.AGAIN)

    async def call(self, function: Callable[..., T], **arguments: Any) -> T:
        """Run a service or query in an intention of this account, off the event loop."""
        return await off_loop(self.in_intention)(function, **arguments)

    def in_intention(self, function: Callable[..., T], **arguments: Any) -> T:
        """Everything is authorised in the transaction that does it."""
        with translation.override(self.user.language):
            try:
                with intention(self.user, door="socket"):
                    return function(actor=self.user, **arguments)
            except DomainError as error:
                self.refused(function.__name__, error)
                raise

    # What goes out.

    def queue(self, frame: Json, key: Hashable = None) -> None:
        """Send when there is space. A newer frame replaces one that waits under the same key."""
        self.passing[key if key is not None else object()] = frame
        self.bell.set()
        if len(self.passing) > self.QUEUE:
            self.end(Close.TOO_SLOW)

    def end(self, code: Close) -> None:
        """Have the sender close the socket; the first reason stands."""
        self.ending = self.ending or code
        self.bell.set()

    async def send_while_open(self) -> None:
        with self.ending_on_failure():
            while not self.ending:
                await self.bell.wait()
                self.bell.clear()
                await self.send_what_is_due()
        await self.shut(self.ending or Close.AGAIN)

    async def send_what_is_due(self) -> None:
        if self.ending and self.ending != Close.AGAIN:
            return
        await self.believe()
        await self.send_due()
        while self.passing and self.space():
            await self.send_one(self.passing.pop(next(iter(self.passing))))

    async def send_one(self, frame: Json) -> None:
        self.sent += 1
        text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
        await self.base_send({"type": "websocket.send", "text": text})

    def space(self) -> int:
        return max(self.WINDOW - (self.sent - self.seen), 0)
