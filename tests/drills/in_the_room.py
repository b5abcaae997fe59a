"""A doctor's page in a room, as rooms/socket.js does it: it comes back, asks, and says again."""

import json
import threading
import time
from contextlib import suppress
from typing import Any
from uuid import uuid4

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests.visitors import Visitor

QUICK = 0.2  # seconds between tries
BEAT, ANSWER = 2.0, 5.0  # how often a sign of life is asked for, and how long it may take


class Seat:
    """One page's socket. `log` is what the page has shown, in the order it came."""

    def __init__(self, visitor: Visitor, room: str, *, after: int = 0) -> None:
        self.cookie, self.port, self.room = visitor.cookie, visitor.port, room
        self.connection = uuid4()
        self.log: list[dict[str, Any]] = []
        self.outbox: list[dict[str, str]] = []
        self.last, self.openings = after, 0
        self.gaps: list[tuple[int, int]] = []
        self.lock, self.over = threading.Lock(), threading.Event()
        self.socket: ClientConnection | None = None
        self.thread = threading.Thread(target=self._stay, daemon=True)

    def __enter__(self) -> "Seat":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._send({"do": "leave"})
        self.over.set()
        if self.socket:
            self.socket.close()
        self.thread.join(10)

    def say(self, text: str) -> None:
        frame = {"do": "say", "text": text, "client_id": str(uuid4())}
        with self.lock:
            self.outbox.append(frame)
            self._send(frame)

    def pass_on(self, frame: dict[str, Any]) -> None:
        """Now or not at all."""
        self._send(frame)

    @property
    def texts(self) -> list[str]:
        return [event["text"] for event in self.log if event["is"] == "chat.posted"]

    def _stay(self) -> None:
        while not self.over.is_set():
            with suppress(OSError, WebSocketException, TimeoutError):
                self._sit()
            self.socket = None
            self.over.wait(QUICK)

    def _sit(self) -> None:
        where = f"127.0.0.1:{self.port}"
        asked = f"after={self.last}&connection={self.connection}"
        with connect(
            f"ws://{where}/ws/rooms/{self.room}/?{asked}",
            additional_headers={"Cookie": self.cookie},
            origin=f"http://{where}",  # type: ignore[arg-type]
            open_timeout=3.5,
            close_timeout=1,
        ) as socket:
            frames, heard_at = 0, time.monotonic()
            beat_at = heard_at + BEAT
            while not self.over.is_set() and time.monotonic() < heard_at + BEAT + ANSWER:
                if time.monotonic() > beat_at:
                    beat_at = time.monotonic() + BEAT
                    socket.send('{"do":"heartbeat"}')
                    socket.send(json.dumps({"do": "seen", "frames": frames}))
                try:
                    frame = json.loads(socket.recv(timeout=0.5))
                except TimeoutError:
                    continue
                frames, heard_at = frames + 1, time.monotonic()
                self._hear(socket, frame)

    def _hear(self, socket: ClientConnection, frame: dict[str, Any]) -> None:
        if frame["is"] == "hello":
            self.openings += 1
            with self.lock:
                self.socket = socket
                for waiting in self.outbox:
                    self._send(waiting)
        if frame.get("seq", 0) <= self.last:
            return
        if frame["seq"] != self.last + 1:
            self.gaps.append((self.last, frame["seq"]))
        self.last = frame["seq"]
        self.log.append(frame)
        with self.lock:
            self.outbox = [f for f in self.outbox if f["client_id"] != frame.get("client_id")]

    def _send(self, frame: dict[str, Any]) -> None:
        if self.socket:
            with suppress(OSError, WebSocketException):
                self.socket.send(json.dumps(frame))
