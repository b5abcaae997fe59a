"""The least application that says what a server handed over."""

import hashlib
import json
import resource
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from records.imaging.door import COLLECTED


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    digest, more = hashlib.sha256(), True
    while more:
        message = await receive()
        digest.update(message.get("body", b""))
        more = message.get("more_body", False)
    collected = scope.get("extensions", {}).get(COLLECTED)
    said = {
        "body": digest.hexdigest(),
        "collected": collected and whole(collected["path"]),
        "path": collected and collected["path"],
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10,
    }
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(said).encode()})


def whole(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def await_socket(path: str, process: Any) -> None:
    def listens() -> bool:
        assert process.poll() is None, "The server ended."
        with socket.socket(socket.AF_UNIX) as line:
            return line.connect_ex(path) == 0

    await_true(listens)


def await_true(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < until, "It did not happen within 30 s."
        time.sleep(0.05)
