"""
The upload's door: an ASGI application in front of Django for the bare body of one file.

Django would write the body to a temporary file on the event loop, in the server's small pieces,
and the view would copy it once more. Here it goes straight into the waiting room, in large
pieces and beside the loop; a server that collects it there by itself (telemed.serve) says where.
Who may send it and whether it is any good, the view says as for every upload.
"""

import contextlib
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from records.imaging import files, intake
from telemed.core.threads import off_loop

PATH = re.compile(r"/images/upload/[0-9a-f-]{36}/\Z")
COLLECTED = "telemed.collected"  # of a scope's extensions: {"path": where the whole body lies}
KIND = (b"content-type", b"application/octet-stream")
Receive = Callable[[], Awaitable[dict[str, Any]]]


class UploadDoor:
    """Takes uploads in; everything else goes on to the inner application as it came."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Any) -> None:
        if scope["type"] != "http" or not is_upload(scope):
            await self.inner(scope, receive, send)
            return
        if not await off_loop(files.has_room)(size_of(scope)):
            await self.inner(scope, after_body(receive), send)  # the view says why it is not taken
            return
        folder = await off_loop(files.make_folder)()
        try:
            if arrived := await take(scope, receive, folder / "1"):
                await self.inner(scope | {"arrived": arrived}, after_body(receive), send)
        finally:
            await off_loop(files.remove_folder)(folder)


def is_upload(scope: dict[str, Any]) -> bool:
    return (
        scope["method"] == "POST" and KIND in scope["headers"] and bool(PATH.match(scope["path"]))
    )


def size_of(scope: dict[str, Any]) -> int:
    stated = dict(scope["headers"]).get(b"content-length", b"0")
    return int(stated) if stated.isdigit() else 0


async def take(scope: dict[str, Any], receive: Receive, target: Path) -> files.Arrived | None:
    """The body in `target`; None when the sender went away."""
    collected = scope.get("extensions", {}).get(COLLECTED)
    if collected is None:
        return await take_in(receive, target)
    await receive()  # the empty rest
    with contextlib.suppress(FileNotFoundError):  # gone with its sender
        return await off_loop(files.take_over)(collected["path"], target, intake.limit())
    return None


async def take_in(receive: Receive, target: Path) -> files.Arrived | None:
    """The body in `target`, as far as the limit lets it; None when the sender went away."""
    arriving, limit = await off_loop(files.Arriving)(target), intake.limit()
    pieces, gathered, more = list[bytes](), 0, True
    try:
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            more = message.get("more_body", False)
            pieces.append(message.get("body", b""))
            gathered += len(pieces[-1])
            if gathered >= files.CHUNK or not more:
                await off_loop(arriving.add)(b"".join(pieces), limit)
                pieces, gathered = [], 0
        return arriving.complete()
    finally:
        arriving.file.close()


def after_body(receive: Receive) -> Receive:
    """What Django is told: a request without a body, then what else there is to hear."""
    told = False

    async def hear() -> dict[str, Any]:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return hear
