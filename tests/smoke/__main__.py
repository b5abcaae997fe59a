"""
A consult on Debian's own servers: python -m tests.smoke

PostgreSQL, Redis and nginx from the distribution; two Daphne processes behind deploy/nginx.conf, a
worker and beat as processes of their own. Plays the first journey through the proxy, talks in the
room from one web process to the other, kills one of them in the middle, and goes on. Prints what
passed and what failed; exits 1 when anything did, 2 where a program is missing.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

from websockets.sync.client import ClientConnection, connect

from telemed.demo.children import ROOT
from tests.journey import Journey
from tests.smoke import servers
from tests.visitors import Visitor, until_answered

PATIENCE = 30.0


@dataclass
class Report:
    passed: int = 0
    failed: list[str] = field(default_factory=list)

    def check(self, what: str, fine: bool, more: object = "") -> None:
        mark = "ok  " if fine else "FAIL"
        sys.stdout.write(f"{mark} {what}{'' if fine else f': {more}'}\n")
        sys.stdout.flush()
        if fine:
            self.passed += 1
        else:
            self.failed.append(what)


@dataclass
class Installation:
    """Our processes behind the proxy."""

    port: int
    web: dict[int, subprocess.Popen[bytes]]


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    with ExitStack() as stack:
        environment = stack.enter_context(servers.everything(stack, folder))
        prepare = [sys.executable, "manage.py", "prepare", "--collect"]
        subprocess.run(servers.under(environment, prepare), cwd=ROOT, check=True)  # noqa: S603
        ports = [servers.free_port(), servers.free_port()]
        web = {}
        daphne = [sys.executable, "-m", "telemed.serve", "-v", "0", "--ping-interval", "5"]
        for port in ports:
            command = [*daphne, "-b", "127.0.0.1", "-p", str(port), "telemed.asgi:application"]
            name = f"web-{port}"
            web[port] = stack.enter_context(servers.running(name, command, folder, **environment))
        celery = [sys.executable, "-m", "celery", "-A", "telemed.celery"]
        stack.enter_context(servers.running("worker", [*celery, "worker"], folder, **environment))
        schedule = f"--schedule={folder}/beat-schedule"
        beat = [*celery, "beat", "--pidfile=", schedule]
        stack.enter_context(servers.running("beat", beat, folder, **environment))
        for port, process in web.items():
            servers.await_port(port, process, "Daphne")
        yield Installation(stack.enter_context(servers.nginx(folder, ports)), web)


def wait_until(fine: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not fine():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def play(installation: Installation, report: Report) -> None:
    anybody = Visitor(installation.port, patience=20)
    ready = wait_until(lambda: _is_ready(anybody))
    report.check("the installation says that it is ready", ready, _readiness(anybody))
    asker = Visitor(installation.port, patience=20).sign_in("township")
    answerer = Visitor(installation.port, patience=20).sign_in("specialist")
    served = {asker.get("/livez").headers["X-Served-By"] for _turn in range(8)}
    report.check("both web processes serve", len(served) == len(installation.web), served)

    journey = Journey(asker, answerer, "wjh")
    for step in ("begin", "write", "consent", "send", "accept"):
        act: Callable[[], Any] = getattr(journey, step)
        answer = act()
        fine = answer.status < HTTPStatus.BAD_REQUEST and "refused=" not in answer.location
        report.check(f"step {step}", fine, (answer.status, answer.location))
    number = re.search(r"C\d{6}-\d{4}", asker.get(f"/cases/{journey.case}/").text)
    told = wait_until(lambda: bool(number) and number[0] in asker.get("/inbox/").text)
    report.check("the worker's message reaches the asking doctor", told)
    journey.enter(asker)
    with (
        talk(installation, journey.room, asker) as one,
        talk(installation, journey.room, answerer) as other,
    ):
        apart = one.served != other.served
        report.check("two sockets on two web processes", apart, (one.served, other.served))
        one.say("头晕加重")
        report.check("what one says the other reads", other.hears("头晕加重"))
        kill(installation, one.served)
        other.say("收到")
        report.check("who stays goes on when the other process is killed", other.hears("收到"))
        with talk(installation, journey.room, asker) as again:
            report.check("who lost it comes back and has missed nothing", again.hears("收到"))
    for step in ("draft", "sign", "part", "decide"):
        act = getattr(journey, step)
        answer = until_answered(act)
        fine = answer.status < HTTPStatus.BAD_REQUEST and "refused=" not in answer.location
        report.check(f"step {step}", fine, (answer.status, answer.text[:200]))
    closed = wait_until(lambda: journey.case in asker.get("/cases/?status=closed").text)
    report.check("the case is closed", closed)
    report.check("readiness with one web process", wait_until(lambda: _is_ready(anybody)))


def _is_ready(visitor: Visitor) -> bool:
    return _readiness(visitor) == {}


def _readiness(visitor: Visitor) -> dict[str, str]:
    """What is not well."""
    line = HTTPConnection("127.0.0.1", visitor.port, timeout=visitor.patience)
    line.request("GET", "/readyz")
    answer = line.getresponse()
    body = answer.read()
    line.close()
    return {} if answer.status == HTTPStatus.OK else json.loads(body)


def kill(installation: Installation, served: str) -> None:
    process = installation.web[int(served.rpartition(":")[2])]
    process.kill()
    process.wait()


@dataclass
class Talk:
    """One person's socket in the room, through the proxy."""

    socket: ClientConnection
    served: str  # by which web process
    heard: list[dict[str, Any]] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.socket.send(json.dumps({"do": "say", "text": text, "client_id": str(uuid4())}))

    def hears(self, text: str) -> bool:
        deadline = time.monotonic() + PATIENCE
        while not any(one.get("text") == text for one in self.heard):
            try:
                left = deadline - time.monotonic()
                self.heard.append(json.loads(self.socket.recv(timeout=max(left, 0.01))))
            except TimeoutError:
                return False
        return True


@contextmanager
def talk(installation: Installation, room: str, who: Visitor) -> Iterator[Talk]:
    origin = f"http://127.0.0.1:{installation.port}"
    address = f"ws://127.0.0.1:{installation.port}/ws/rooms/{room}/"
    cookie = {"Cookie": who.cookie}
    with connect(address, origin=origin, additional_headers=cookie) as socket:  # type: ignore[arg-type]
        assert socket.response is not None
        yield Talk(socket, socket.response.headers["X-Served-By"])


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="telemed-smoke-")).resolve()
    folder.chmod(0o711)
    report = Report()
    try:
        with installed(folder) as installation:
            play(installation, report)
    except servers.Missing as missing:
        sys.stderr.write(f"{missing}\n")
        return 2
    finally:
        if report.failed:
            sys.stdout.write(f"The logs are in {folder}\n")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(f"{report.passed} passed, {len(report.failed)} failed\n")
    return int(bool(report.failed))


if __name__ == "__main__":
    sys.exit(main())
