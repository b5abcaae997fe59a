"""One process that starts the others, collects what they say, and restarts what dies."""

import os
import selectors
import signal
import socket
import subprocess
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from telemed.demo import children
from telemed.demo.children import Child
from telemed.demo.journal import Journal, is_record
from telemed.demo.refusals import Refusal

TICK = 0.05  # seconds
BACK_OFF = [0.2, 0.5, 1, 2, 5, 10, 30]  # seconds before each next start of what keeps dying
STEADY = 60.0  # seconds after which a child counts as well again
LONGEST_LINE = 64 * 1024
OURSELVES = "up"


class Stopped(Exception):
    """Somebody asked us to stop while we were starting."""


@dataclass
class Running:
    child: Child
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    rest: bytes = b""  # the beginning of a line
    heard: Callable[[str], None] | None = None
    last_words: deque[str] = field(default_factory=lambda: deque(maxlen=3))


class Supervisor:
    """
    Single-threaded: children die with the thread that started them (see launch.py), so there is
    only the one.
    """

    def __init__(self, *, data: Path, journal: Journal, say: Callable[[str], None]) -> None:
        self.data, self.journal, self.say = data, journal, say
        self.running: dict[str, Running] = {}
        self.waiting: dict[str, tuple[float, Child]] = {}  # to be started again, and when
        self.failures: dict[str, int] = {}
        self.stopping = False
        self.selector = selectors.DefaultSelector()
        self._listen_to_signals()

    def _listen_to_signals(self) -> None:
        waker, woken = socket.socketpair()
        for end in (waker, woken):
            end.setblocking(False)
        self.selector.register(woken, selectors.EVENT_READ)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        self._sockets = waker, woken
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_stop)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup: the terminal may close
            signal.signal(signal.SIGHUP, self._asked_to_stop)

    def _asked_to_stop(self, *_: object) -> None:
        self.stopping = True

    def note(self, message: str) -> None:
        self.journal.write(OURSELVES, message)

    def start(self, child: Child, *, heard: Callable[[str], None] | None = None) -> Running:
        """`heard` gets what the child says to people: the lines that are no log records."""
        process = children.spawn(child, data=self.data, output=subprocess.PIPE)
        running = self.running[child.name] = Running(child, process, heard=heard)
        assert process.stdout  # noqa: S101 (for the type checker)
        os.set_blocking(process.stdout.fileno(), False)
        self.selector.register(process.stdout, selectors.EVENT_READ, running)
        self.note(f"{child.name} started (process {process.pid})")
        return running

    def wait_until(self, done: Callable[[], bool], *needed: str, patience: float) -> None:
        """Work on until it is so; a needed child that ends first is the end of the start."""
        deadline = time.monotonic() + patience
        while not done():
            if self.stopping:
                raise Stopped
            self.pump()
            for name in needed:
                if self._has_ended(name):
                    raise Refusal(self._why(name, "stopped at once"))
            if time.monotonic() > deadline:
                late = " and ".join(needed) or "This"
                raise Refusal(self._why(late, f"is not there after {patience:.0f} s"))

    def finish(self, running: Running, *, patience: float) -> None:
        """Wait for a child that has an end; the start fails when it does."""
        process = running.process
        self.wait_until(lambda: process.poll() is not None, patience=patience)
        self._bury(running)
        if running.process.returncode:
            raise Refusal(self._why(running.child.name, "failed", running))

    def _has_ended(self, name: str) -> bool:
        return name not in self.running or self.running[name].process.poll() is not None

    def _why(self, name: str, what: str, running: Running | None = None) -> str:
        running = running or self.running.get(name)
        words = " ".join(running.last_words) if running else ""
        said = f": {words}" if words else "."
        return f"{name.capitalize()} {what}; see {self.journal.path}{said}"

    def watch(self) -> None:
        """Until somebody asks us to stop: whoever dies is started again."""
        while not self.stopping:
            self.pump()
            for running in list(self.running.values()):
                if running.process.poll() is not None:
                    self._bury(running)
                    self._plan_restart(running)
            for name, (when, child) in list(self.waiting.items()):
                if time.monotonic() >= when:
                    del self.waiting[name]
                    self.start(child)

    def _plan_restart(self, running: Running) -> None:
        name, code = running.child.name, running.process.returncode
        if time.monotonic() - running.started > STEADY:
            self.failures[name] = 0
        failures = self.failures.get(name, 0)
        pause = BACK_OFF[min(failures, len(BACK_OFF) - 1)]
        self.failures[name] = failures + 1
        self.waiting[name] = (time.monotonic() + pause, running.child)
        how = f"by signal {-code}" if code < 0 else f"with code {code}"
        message = f"{name} ended {how}; starting it again in {pause:g} s"
        self.note(message)
        self.say(message)

    def pump(self) -> None:
        """Write down what was said; wait a tick for more."""
        for key, _ in self.selector.select(TICK):
            if key.data is None:
                with suppress(BlockingIOError):
                    key.fileobj.recv(1024)  # type: ignore[union-attr]
            else:
                self._hear(key.data)

    def _hear(self, running: Running) -> bool:
        """False when there is nothing more."""
        assert running.process.stdout  # noqa: S101 (for the type checker)
        try:
            piece = os.read(running.process.stdout.fileno(), LONGEST_LINE)
        except BlockingIOError:
            return False
        if not piece:
            with suppress(KeyError):
                self.selector.unregister(running.process.stdout)
            return False
        *lines, running.rest = (running.rest + piece).split(b"\n")
        if len(running.rest) > LONGEST_LINE:
            lines, running.rest = [*lines, running.rest], b""
        for line in lines:
            self._write(running, line.decode(errors="replace").rstrip())
        return True

    def _write(self, running: Running, line: str) -> None:
        if not line:
            return
        self.journal.write(running.child.name, line)
        running.last_words.append(line)
        if running.heard and not is_record(line):
            running.heard(line)

    def _bury(self, running: Running) -> None:
        """It has ended: hear its last words, end what it started, forget it."""
        children.sweep(running.process)
        while self._hear(running):
            pass
        self._write(running, running.rest.decode(errors="replace"))
        assert running.process.stdout  # noqa: S101 (for the type checker)
        with suppress(KeyError):
            self.selector.unregister(running.process.stdout)
        running.process.stdout.close()
        self.running.pop(running.child.name, None)

    def stop(self, *names: str, grace: float) -> None:
        """Ask these together, wait, then insist."""
        asked = [self.running[name] for name in names if name in self.running]
        for running in asked:
            with suppress(ProcessLookupError):
                running.process.send_signal(running.child.stop_signal)
        deadline = time.monotonic() + grace
        while any(r.process.poll() is None for r in asked) and time.monotonic() < deadline:
            self.pump()
        for running in asked:
            if running.process.poll() is None:
                self.note(f"{running.child.name} did not stop in {grace:g} s and was ended")
            self._bury(running)
