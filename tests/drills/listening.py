"""The socket that every open page has: its badge."""

import json
import threading
import time
from contextlib import suppress

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests.visitors import Visitor

QUICK = 0.5  # seconds between tries


class Badge:
    """What the page shows: the last count it was told."""

    def __init__(self, visitor: Visitor) -> None:
        self.cookie, self.port = visitor.cookie, visitor.port
        self.count: int | None = None
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._stay, daemon=True)

    def __enter__(self) -> "Badge":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join(10)

    def _stay(self) -> None:
        while not self.over.is_set():
            with suppress(OSError, WebSocketException, TimeoutError):
                self._listen()
            self.over.wait(QUICK)

    def _listen(self) -> None:
        where = f"127.0.0.1:{self.port}"
        with connect(
            f"ws://{where}/ws/inbox/",
            additional_headers={"Cookie": self.cookie},
            origin=f"http://{where}",  # type: ignore[arg-type]
            open_timeout=5,
            close_timeout=1,
        ) as line:
            self._hear(line)

    def _hear(self, line: ClientConnection) -> None:
        beat_at = time.monotonic() + 5
        while not self.over.is_set():
            if time.monotonic() > beat_at:
                beat_at = time.monotonic() + 5
                line.send('{"do":"heartbeat"}')
            with suppress(TimeoutError):
                frame = json.loads(line.recv(timeout=0.5))
                if frame["is"] == "inbox":
                    self.count = frame["count"]
