"""
The limited processes that read foreign files: one warm child a key, so studies never meet.

A child leaves by itself when idle. What crashes, hangs or outgrows its limits is ended and
becomes a refusal; the web process only waits.
"""

import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from records.imaging.reader import wire
from telemed.core.errors import Unavailable

Json = dict[str, Any]

# For each answer; an archive is answered member by member.
SECONDS = {
    "inspect": 20,
    "frame": 20,
    "preview": 20,
    "redraw": 20,
    "samples": 20,
    "still": 20,
    "unpack": 30,
    "wrap": 20,
    "document": 20,
    "photo": 20,
}
# The product's own folder and nothing of its environment, which holds passwords.
ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class ChildDied(Exception):
    """It crashed, or was ended by a limit."""


class Child:
    """One reader process. Used by one thread at a time."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "records.imaging.reader"],
            cwd=settings.BASE_DIR,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.used_at = time.monotonic()
        self.fresh = True

    def ask(self, request: Json, seconds: float) -> Generator[tuple[Json, bytes], None, None]:
        """Send, then wait and read until the last part. Trouble ends it and raises ChildDied."""
        complete = False
        try:
            self._tell(request | {"cpu": int(seconds)})
            while not complete:
                answer, body = self._hear(seconds)
                complete = "part" not in answer
                yield answer, body
        finally:
            if not complete:  # what it would still say is no answer to the next request
                self.end()
            self.used_at, self.fresh = time.monotonic(), False

    def _tell(self, request: Json) -> None:
        assert self.process.stdin is not None  # noqa: S101 - a pipe by construction
        try:
            self.process.stdin.write(wire.pack(request))
            self.process.stdin.flush()
        except OSError as error:
            raise ChildDied from error

    def _hear(self, seconds: float) -> tuple[Json, bytes]:
        deadline = time.monotonic() + seconds
        try:
            head = self._read(wire.HEAD.size, deadline)
            length, size = wire.HEAD.unpack(head)
            if length > wire.MAX_JSON or size > wire.MAX_BODY:
                raise ChildDied
            said = self._read(length, deadline)
            return _parsed(said), self._read(size, deadline)
        except (OSError, ValueError) as error:
            raise ChildDied from error

    def _read(self, size: int, deadline: float) -> bytes:
        assert self.process.stdout is not None  # noqa: S101
        pipe, waiting = self.process.stdout.fileno(), select.poll()
        waiting.register(pipe, select.POLLIN)
        taken = bytearray()
        while len(taken) < size:
            ready = waiting.poll(max(deadline - time.monotonic(), 0) * 1000)
            chunk = os.read(pipe, min(size - len(taken), 1 << 20)) if ready else b""
            if not chunk:
                raise ChildDied
            taken += chunk
        return bytes(taken)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:
                    continue

    @property
    def alive(self) -> bool:
        return self.process.poll() is None


def _parsed(text: bytes) -> Json:
    answer = json.loads(text)
    if not isinstance(answer, dict):
        raise ValueError("not an answer")
    return answer


class Pool:
    """
    At most `size` children; the one idle longest makes room for a new key. One more, which has read
    nothing, waits for the next key: to start one takes longer than to read a picture.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.idle: list[tuple[str, Child]] = []
        self.spare: Child | None = None
        self.busy = 0
        self.free = threading.Condition()

    def take(self, key: str, patience: float) -> Child:
        with self.free:
            self._drop_dead()
            if not self.free.wait_for(lambda: self.busy < self.size, patience):
                raise Unavailable(_("Too many pictures are being read now. Try again shortly."))
            self.busy += 1
            for place, (name, child) in enumerate(self.idle):
                if name == key:
                    del self.idle[place]
                    return child
            surplus = len(self.idle) + self.busy - self.size
            leaving = [self.idle.pop(0)[1] for _place in range(max(surplus, 0))]
            spare, self.spare = self.spare, None
        for child in leaving:
            child.end()
        if spare and spare.alive:
            spare.fresh = False  # it may leave any moment, as every child that waits
            return spare
        if spare:
            spare.end()
        try:
            return Child()
        except OSError as error:
            with self.free:
                self.busy -= 1
                self.free.notify()
            raise Unavailable(_("Pictures cannot be read now. Try again shortly.")) from error

    def warm(self, key: str) -> None:
        """Have a child ready where there is a place free now: a picture is asked for next."""
        with self.free:
            if self.busy >= self.size or any(name == key for name, _child in self.idle):
                return
        self.give_back(key, self.take(key, patience=0))

    def prepare(self) -> None:
        """Start the one that waits for the next key, if there is none; without it all is slower."""
        with self.free, suppress(OSError):
            if self.spare is None or not self.spare.alive:
                gone, self.spare = self.spare, None
                if gone:
                    gone.end()
                self.spare = Child()

    def give_back(self, key: str, child: Child) -> None:
        with self.free:
            self.busy -= 1
            if child.alive:
                self.idle.append((key, child))
            self.free.notify()

    def _drop_dead(self) -> None:
        for place in reversed(range(len(self.idle))):
            if not self.idle[place][1].alive:
                self.idle.pop(place)[1].end()

    def close(self) -> None:
        with self.free:
            for child in [*(child for _key, child in self.idle), self.spare]:
                if child:
                    child.end()
            self.idle.clear()
            self.spare = None


pool = Pool(settings.IMAGING_CHILDREN)


def warm(key: str) -> None:
    """Before a picture is asked for; that it fails is said then."""
    with suppress(Unavailable):
        pool.warm(key)


def call(key: str, do: str, **arguments: Any) -> tuple[Json, bytes]:
    """Let the child of that key do one thing. Raises wire.Refused with the reason."""
    *_parts, (answer, body) = _answers(key, do, arguments)
    return answer["ok"], body


def stream(key: str, do: str, **arguments: Any) -> Iterator[Json]:
    """The same for what is answered in parts, as they come."""
    for answer, _body in _answers(key, do, arguments):
        if "part" in answer:
            yield answer["part"]


def _answers(key: str, do: str, arguments: Json) -> Iterator[tuple[Json, bytes]]:
    """A child that was warm may have left just now; that is tried once more with a fresh one."""
    heard = False
    while True:
        child = pool.take(key, patience=SECONDS[do])
        warm = not child.fresh
        try:
            with closing(child.ask({"do": do, **arguments}, SECONDS[do])) as answers:
                for answer, body in answers:
                    if "refused" in answer:
                        raise wire.Refused(answer["refused"], **answer.get("facts", {}))
                    heard = True
                    yield answer, body
        except ChildDied:
            if warm and not heard:
                continue
            raise wire.Refused("reader_died") from None
        finally:
            pool.give_back(key, child)
        pool.prepare()
        return
