"""A whole stack in processes of its own, started and killed as its operator would."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg
import pytest
import redis
from pytest_socket import enable_socket

from telemed.demo.children import MARK, ROOT, end_leftovers
from tests.drills.witness import Witness
from tests.visitors import Visitor

PATIENCE = 120  # seconds; never a measurement
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR")  # nothing that tells it where servers are


class Up:
    """`manage.py up` on a folder."""

    def __init__(
        self, data: Path, *options: str, port: int, environment: dict[str, str] | None = None
    ) -> None:
        self.data, self.port = data, port
        self.environment = environment or {}
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        command = [str(ROOT / "manage.py"), "up", "--data", str(data)]
        self.process = subprocess.Popen(
            [sys.executable, *command, "--port", str(port), *options],
            env={**inherited, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def serving(self) -> "Up":
        wait_for(lambda: self.process.poll() is not None or self.status("/livez") == 200)
        assert self.process.poll() is None, self.process.stdout.read()
        return self

    def ready(self) -> "Up":
        wait_for(lambda: self.process.poll() is not None or self.status("/readyz") == 200)
        assert self.process.poll() is None, self.process.stdout.read()
        return self

    def status(self, path: str) -> int | None:
        with suppress(OSError):
            asked = HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                asked.request("GET", path)
                return asked.getresponse().status
            finally:
                asked.close()
        return None

    def said(self) -> str:
        """To its end: it must have stopped by itself."""
        said, _ = self.process.communicate(timeout=PATIENCE)
        return said

    def pid_of(self, name: str) -> int:
        """The newest process of that name, from the log."""
        log = (self.data / "log" / "telemed.log").read_text()
        return int(re.findall(rf"{name} started \(process (\d+)\)", log)[-1])

    def kill(self, name: str) -> None:
        """As the kernel does when memory runs out: no last words."""
        os.kill(self.pid_of(name), signal.SIGKILL)

    def end(self, number: signal.Signals) -> float:
        """Seconds until it was gone."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.communicate(timeout=PATIENCE)
        return time.monotonic() - began

    def processes(self) -> list[str]:
        """Everything that still belongs to this stack."""
        marked = f"{MARK}={self.data}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                line = (folder / "cmdline").read_bytes()
                ours = marked in (folder / "environ").read_bytes().split(b"\0")
                if ours or str(self.data).encode() in line:
                    found.append(line.replace(b"\0", b" ").decode())
        return found

    def is_idle(self, besides: Collection[bytes] = ()) -> bool:
        """Nothing lies at the broker that no worker has ended, but for these messages."""
        return self.in_hand() <= {*besides}

    def in_hand(self) -> set[bytes]:
        """Messages that wait at the broker, and those that a worker took and has not ended."""
        own = json.loads((self.data / "runtime.json").read_text())
        address = self.environment.get("TELEMED_REDIS_URL") or own["redis_url"]
        with redis.Redis.from_url(address) as line:
            return {*line.lrange("celery", 0, -1), *line.hkeys("unacked")}

    def broken(self) -> set[str]:
        """What /readyz says is not well; empty when all is."""
        asked = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            asked.request("GET", "/readyz")
            checks = json.loads(asked.getresponse().read())["checks"]
        finally:
            asked.close()
        return {name for name, check in checks.items() if not check["ok"]}


@contextmanager
def installation(data: Path, *options: str, **environment: str) -> Iterator[Up]:
    """It serves; afterwards nothing of it is left."""
    enable_socket()
    running = Up(data, *options, port=free_port(), environment=environment)
    try:
        yield running.serving()
        running.end(signal.SIGTERM)
        assert running.processes() == []
    finally:
        if running.process.poll() is None:
            running.end(signal.SIGKILL)


@contextmanager
def demonstration(data: Path, **environment: str) -> Iterator[Up]:
    """The story's county, ready."""
    with installation(data, **environment) as running:
        url = environment.get("TELEMED_DATABASE_URL", "")
        with Witness(running.data, url).leaving_the_rest_out():
            yield running.ready()


def wait_for(done, *, within: float = PATIENCE) -> float:
    """Seconds until it was so."""
    began = time.monotonic()
    while not done():
        assert time.monotonic() < began + within, f"it has not come to that in {within:.0f} s"
        time.sleep(0.05)
    return time.monotonic() - began


def holds(ask) -> bool:
    """Whether it is so; not while who knows it is away."""
    with suppress(psycopg.Error, OSError, HTTPException):
        return bool(ask())
    return False


@pytest.fixture
def real_network():
    enable_socket()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def folder():
    """The drills of a module share their data, as the starts of one installation do."""
    folder = Path(tempfile.mkdtemp(prefix="telemed-drill-")).resolve()
    folder.chmod(0o711)  # root's database runs as somebody else
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def up(folder, real_network, port):
    """up(…) starts one; all of them are gone afterwards."""
    started = []

    def start(*options: str, data: Path = folder / "var", port: int = port) -> Up:
        started.append(Up(data, "--no-demo", *options, port=port))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGTERM)
        end_leftovers(one.data)  # of a drill that failed


@pytest.fixture
def signed_in(stack, real_network):
    """signed_in(username): somebody's browser at the stack of the module."""
    with ExitStack() as browsers:
        yield lambda name: browsers.enter_context(Visitor(stack.port)).sign_in(name)
