"""The order in which everything comes up, and goes down."""

import hashlib
import json
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from types import TracebackType

from django.utils import timezone

from telemed import env
from telemed.demo import certificate
from telemed.demo.children import ROOT, Child
from telemed.demo.console import COLLECTED, Console
from telemed.demo.journal import Journal
from telemed.demo.refusals import Refusal
from telemed.demo.stack import PATIENCE, Stack
from telemed.demo.supervisor import Supervisor

FIRST_TIME = 600.0  # seconds in which tables and demo data must be there
DOORS, DOORS_GRACE = ("web", "worker", "beat"), 2.5  # seconds to finish what they are at
SERVERS, SERVERS_GRACE = ("valkey", "database"), 1.5  # ... or what the doors left of the whole
WHOLE_STOP = 4.5
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (compared with, and asked for with --host)


@dataclass(frozen=True)
class Wish:
    """The options of `up`."""

    host: str
    port: int
    data: Path
    demo: bool
    tls: bool

    @property
    def address(self) -> str:
        """What a person on this machine types."""
        host = "localhost" if self.host in (*EVERYWHERE, "127.0.0.1", "::1") else self.host
        shown = f"[{host}]" if ":" in host else host
        return f"{'https' if self.tls else 'http'}://{shown}:{self.port}"


class Startup:
    """Holds the data folder while it is entered; leaving it stops every process."""

    def __init__(self, wish: Wish, console: Console) -> None:
        self.wish, self.console, self.say = wish, console, console.say

    def __enter__(self) -> "Startup":
        self.stack = Stack(self.wish.data)
        try:
            _refuse_taken(self.wish)  # after the leftovers, which may be who has it
        except Refusal:
            self.stack.close()
            raise
        journal = Journal(self.wish.data)
        self.supervisor = Supervisor(data=self.wish.data, journal=journal, say=self.say)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.supervisor.note("stopping")
        if self.supervisor.stopping:
            self.say("Stopping")
        began = time.monotonic()
        self.supervisor.stop(*DOORS, "prepare", grace=DOORS_GRACE)
        left = WHOLE_STOP - (time.monotonic() - began)
        self.supervisor.stop(*SERVERS, grace=max(SERVERS_GRACE, left))
        self.stack.close()
        self.supervisor.note("stopped")

    def bring_up(self) -> None:
        """Servers, tables and demo data, web, worker, beat; says how far it is."""
        self._start_servers()
        names = certificate.own_names(self.wish.host)
        web = self._web(names)
        marker, fingerprint = self.wish.data / "prepared", _fingerprint(demo=self.wish.demo)
        known = marker.exists() and marker.read_text() == fingerprint
        if known:  # hardly anything to prepare: do both at once
            self.supervisor.start(web)
        accounts = self._prepare(collect=not known, collected=lambda: self.supervisor.start(web))
        marker.write_text(fingerprint)
        self.supervisor.wait_until(self._serves, "web", patience=PATIENCE)
        self._start_worker()
        self._welcome(accounts, names)

    def _start_servers(self) -> None:
        self.say(f"Telemed starts with the data in {self.wish.data}")
        if self.stack.leftovers:
            self.say("Cleaned up what a killed run left behind")
        postgres = self.stack.postgres
        if postgres and postgres.cluster.parent != self.wish.data:
            elsewhere = (
                f"The database is in {postgres.cluster}: the account that runs it"
                f" cannot reach {self.wish.data}"
            )
            self.say(elsewhere)
            self.supervisor.note(elsewhere)
        children = self.stack.children()
        for child in children:
            self.supervisor.start(child)
        if children:
            names = [child.name for child in children]
            self.supervisor.wait_until(self.stack.answers, *names, patience=PATIENCE)
            self.say(f"Running: {', '.join(names)}")
        demo = "true" if self.wish.demo else "false"
        self.stack.publish(demo=demo, address=self.wish.address)

    def _prepare(self, *, collect: bool, collected: Callable[[], object]) -> list[dict[str, str]]:
        """What comes after the tables and the static files is no reason for the web to wait."""

        def heard(line: str) -> None:
            self.say(line)
            if line == COLLECTED:
                collected()

        written = self.wish.data / "accounts.json"
        command = [str(ROOT / "manage.py"), "prepare", "--accounts", str(written)]
        child = self._python("prepare", *command, *(["--collect"] if collect else []))
        self.supervisor.finish(self.supervisor.start(child, heard=heard), patience=FIRST_TIME)
        return json.loads(written.read_text())

    def _web(self, names: list[str]) -> Child:
        environment = {}
        if not env.text("ALLOWED_HOSTS", default=""):
            environment["TELEMED_ALLOWED_HOSTS"] = ",".join(
                f"[{name}]" if ":" in name else name for name in names
            )
        if self.wish.tls:
            # Strict transport security would outlive the demo in the browser.
            environment |= {"TELEMED_HTTPS": "true", "TELEMED_HSTS_SECONDS": "0"}
        # A dead line is noticed in 15 s: rooms show who is really there.
        pings = ["--ping-interval", "5", "--ping-timeout", "10"]
        quiet = ["-v", "0", "--no-server-name"]
        daphne = ["-m", "telemed.serve", *quiet, *pings, *self._endpoint(names)]
        return self._python("web", *daphne, "telemed.asgi:application", **environment)

    def _endpoint(self, names: list[str]) -> list[str]:
        if not self.wish.tls:
            return ["-b", self.wish.host, "-p", str(self.wish.port)]
        key, chain = certificate.kept(self.wish.data, names)
        interface, key_file, chain_file = (
            str(value).replace("\\", r"\\").replace(":", r"\:")
            for value in (self.wish.host, key, chain)
        )
        return [
            "-e",
            f"ssl:{self.wish.port}:interface={interface}:privateKey={key_file}:certKey={chain_file}",
        ]

    def _start_worker(self) -> None:
        celery = ["-m", "celery", "--quiet", "-A", "telemed.celery"]
        alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        as_root = {"PYTHONWARNINGS": "ignore:You're running the worker"}  # of our own tasks only
        self.supervisor.start(self._python("worker", *celery, "worker", *alone, **as_root))
        self.supervisor.start(self._python("beat", *celery, "beat", "--pidfile="))

    def _python(self, name: str, *arguments: str, **environment: str) -> Child:
        told = {"TELEMED_DATA": str(self.wish.data), "PYTHONUNBUFFERED": "1"}
        return Child(name, [sys.executable, *arguments], environment={**told, **environment})

    def _serves(self) -> bool:
        """The first page is asked for here, so that nobody waits for what loads with it."""
        host = "127.0.0.1" if self.wish.host in EVERYWHERE else self.wish.host
        asked: HTTPConnection
        if self.wish.tls:
            unchecked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
            asked = HTTPSConnection(host, self.wish.port, timeout=2, context=unchecked)
        else:
            asked = HTTPConnection(host, self.wish.port, timeout=2)
        try:
            asked.request("GET", "/livez", headers={"Host": "localhost"})
            return asked.getresponse().status < 500
        except (OSError, HTTPException):
            return False
        finally:
            asked.close()

    def _welcome(self, accounts: list[dict[str, str]], names: list[str]) -> None:
        self.say(f"Telemed serves at {self.wish.address}")
        show = self.console.show
        if self.wish.host in EVERYWHERE:
            show(f"         Also reached as: {', '.join(names)}")
        for account in accounts:
            show("    {username:<14} {password:<14} {role}, {organisation}".format(**account))
        show(f"Ctrl-C stops it. The log is {self.supervisor.journal.path}")


def _refuse_taken(wish: Wish) -> None:
    """Before any server starts: the commonest reason why nothing works."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            wish.host, wish.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except (OSError, OverflowError) as error:
        raise Refusal(
            f"Telemed cannot listen on {wish.host} port {wish.port}"
            f" ({getattr(error, 'strerror', None) or error}): choose another with --port or --host."
        ) from error


def _fingerprint(*, demo: bool) -> str:
    """Changes with what `prepare` would do: migrations, static files, packages; and monthly."""
    told = hashlib.sha256(f"{demo} {timezone.localdate():%Y-%m}".encode())
    told.update((ROOT / "requirements.txt").read_bytes())
    for path in sorted(_sources()):
        seen = path.stat()
        told.update(f"{path} {seen.st_size} {seen.st_mtime_ns}".encode())
    return told.hexdigest()


def _sources() -> Iterable[Path]:
    for package in ("telemed", "records", "scheduling", "consult"):
        yield from (ROOT / package).rglob("migrations/*.py")
        yield from (path for path in (ROOT / package).rglob("static/**/*") if path.is_file())
