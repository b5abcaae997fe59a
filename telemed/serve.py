"""
Daphne as `up` starts it: python -m telemed.serve, with Daphne's own options.

Daphne reads a whole body into memory, in pieces of 8 KB, before the application hears of it, and
Twisted parses every form once more for nobody. Here a large bare body is collected where uploads
are kept, and the application is told its name. Any other server hands the same bytes over in
messages: records.imaging.door takes both.
"""

import asyncio
import os
import time
from io import BytesIO
from tempfile import NamedTemporaryFile
from typing import Any

import daphne.server
from daphne.cli import CommandLineInterface
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.defer import Deferred

from records.imaging import files
from records.imaging.door import COLLECTED, is_upload

RESTARTS = 1012  # why a socket ends: come back, after a moment of your own
DRAIN = 2.0  # seconds for what is under way; `up` waits 2.5 before it insists
SMALL = 4 << 20  # bytes; one picture, which passes through memory faster than through a file


class Nowhere(BytesIO):
    """Where a body goes that the disk would not bear."""

    def write(self, piece: Any, /) -> int:
        return len(piece)


class Request(WebRequest):
    """One request whose body may wait in a file; Twisted closes it, and with that it is gone."""

    content: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, parsePOSTFormSubmission=False, **kwargs)

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        if self.requestHeaders.getRawHeaders(b"content-type") != [b"application/octet-stream"]:
            super().gotLength(length)
        elif length is not None and length <= SMALL:
            self.content = BytesIO()
        elif not files.has_room(length or 0):
            self.content = Nowhere()  # records.imaging.door refuses it
        else:
            self.content = NamedTemporaryFile(dir=files.waiting_room())  # noqa: SIM115 - Twisted's

    def hand_over(self, scope: dict[str, Any]) -> None:
        """Say where the body of an upload is, and leave none to be read."""
        if is_upload(scope) and not isinstance(self.content, BytesIO):
            self.content.seek(0, os.SEEK_END)
            scope["extensions"] = {COLLECTED: {"path": self.content.name}}


class Factory(HTTPFactory):
    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = Request
        return protocol


class Server(daphne.server.Server):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, request_buffer_size=files.CHUNK, **kwargs)

    def kill_all_applications(self) -> Any:
        """Asked to stop: nobody new comes in, pages are told, and what is under way may end."""
        for listening in self.listeners:
            listening.addCallback(lambda port: port.stopListening())
            listening.addErrback(lambda _failure: None)
        for protocol in list(self.connections):
            if isinstance(protocol, WebSocketProtocol) and protocol.state == protocol.STATE_OPEN:
                # Not sendClose(), which lets through no code that RFC 6455 keeps for servers.
                protocol.sendCloseFrame(code=RESTARTS, isReply=False)
        return Deferred.fromFuture(asyncio.ensure_future(self.drain())).addBoth(
            lambda _done: super(Server, self).kill_all_applications()
        )

    async def drain(self) -> None:
        """Until each request has its answer, as long as whoever asked us to stop lets us."""
        deadline = time.monotonic() + DRAIN
        while self.answering() and time.monotonic() < deadline:
            await asyncio.sleep(0.05)

    def answering(self) -> bool:
        return any(
            isinstance(protocol, Request)
            and (running := details.get("application_instance"))
            and not running.done()
            for protocol, details in self.connections.items()
        )

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if isinstance(protocol, Request):
            protocol.hand_over(scope)
        return super().create_application(protocol, scope)


class CommandLine(CommandLineInterface):
    server_class = Server


if __name__ == "__main__":
    daphne.server.HTTPFactory = Factory  # Server.run knows it by this name alone
    CommandLine.entrypoint()
