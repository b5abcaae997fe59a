"""The embedded servers of one data folder; an address in the environment replaces its server."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from telemed import env, runtime
from telemed.demo import children, keys
from telemed.demo.children import ROOT, Child
from telemed.demo.postgres import APP, OWNER, Postgres, cluster_folder
from telemed.demo.refusals import Refusal
from telemed.demo.valkey import Valkey

PREFIX = "telemed-"  # of our folders in the system's temporary one
PATIENCE = 60.0  # seconds; recovery after a crash takes its time
# Commands that ask no server anything.
SERVERLESS = {
    *("help", "version", "check", "diffsettings", "startapp", "startproject"),
    *(
        "makemigrations",
        "snapshot",
        "makemessages",
        "compilemessages",
        "collectstatic",
        "findstatic",
    ),
}
SOCKET_LIMIT = 90  # sun_path holds 107 bytes and PostgreSQL adds its file name


def default_folder() -> Path:
    return Path(env.text("DATA", default=str(ROOT / "var"))).expanduser().resolve()


class Stack:
    """Holds the folder from the moment it is made until it is closed."""

    def __init__(self, data: Path, *, throwaway: bool = False) -> None:
        self.data = data
        _make_folder(data)
        held = runtime.claim(data)
        if held is None:
            raise Refusal(_who_runs(data))
        self.lock = held
        try:
            self._take_over(throwaway)
        except BaseException:
            self.lock.close()
            raise

    def _take_over(self, throwaway: bool) -> None:
        (self.data / runtime.FILE).unlink(missing_ok=True)
        cluster, identity = (None, None) if _database_given() else cluster_folder(self.data)
        self.keys = keys.kept(self.data, cluster=cluster)
        self.leftovers = children.end_leftovers(self.data)
        self.sockets = _sockets_folder(self.data)
        if identity:
            os.chown(self.sockets, identity.uid, identity.gid)
        self.postgres, self.valkey = None, None
        if cluster:
            self.postgres = Postgres(
                data=self.data,
                cluster=cluster,
                identity=identity,
                sockets=self.sockets,
                keys=self.keys,
                throwaway=throwaway,
            )
            self.leftovers += self.postgres.stop_leftover()
        if not _valkey_given():
            self.valkey = Valkey(sockets=self.sockets)

    def children(self) -> list[Child]:
        """Makes the cluster where there is none yet."""
        if self.postgres:
            self.postgres.make()
        return [server.child() for server in (self.valkey, self.postgres) if server]

    def answers(self) -> bool:
        return all(server.answers() for server in (self.valkey, self.postgres) if server)

    def publish(self, **more: str) -> None:
        """Tell every other process where the servers are."""
        addresses = {name: self.keys[name] for name in ("secret_key", "field_key")}
        if self.postgres:
            self.postgres.establish()
            addresses |= {
                "database_url": self.postgres.url(APP),
                "owner_url": self.postgres.url(OWNER),
            }
        if self.valkey:
            addresses |= {
                "redis_url": self.valkey.redis_url,
                "broker_url": self.valkey.broker_url,
            }
        runtime.write(self.data, **addresses, **more)

    def close(self) -> None:
        (self.data / runtime.FILE).unlink(missing_ok=True)
        shutil.rmtree(self.sockets, ignore_errors=True)
        (self.data / "sockets").unlink(missing_ok=True)
        self.lock.close()


@contextmanager
def running(data: Path, *, throwaway: bool = False, **more: str) -> Iterator[Stack]:
    """The servers for the duration of one command or test run; call from the main thread."""
    stack = Stack(data, throwaway=throwaway)
    started: list[tuple[Child, subprocess.Popen[bytes]]] = []
    try:
        (data / "log").mkdir(mode=0o700, exist_ok=True)
        with (data / "log" / "servers.log").open("ab") as log:
            for child in stack.children():
                started.append((child, children.spawn(child, data=data, output=log)))
        _wait(stack.answers, started, log=data / "log" / "servers.log")
        stack.publish(**more)
        yield stack
    finally:
        for child, process in reversed(started):
            children.stop(child, process, grace=10)
        stack.close()


@contextmanager
def servers_for(arguments: list[str]) -> Iterator[None]:
    """For a command of manage.py: those in the environment, those that run, or its own."""
    data = default_folder()
    serverless = not arguments or arguments[0].startswith("-") or arguments[0] in SERVERLESS
    asks_for_help = {"-h", "--help"} & set(arguments)
    given = _database_given() and _valkey_given()
    if serverless or asks_for_help or given or _find_running(data):
        yield
        return
    with running(data):
        yield


def _find_running(data: Path) -> bool:
    """Waits for one that is just starting."""
    deadline = time.monotonic() + PATIENCE
    while runtime.is_held(data) and time.monotonic() < deadline:
        if runtime.read(data):
            return True
        time.sleep(0.1)
    return False


def _wait(
    done: Callable[[], bool], started: list[tuple[Child, subprocess.Popen[bytes]]], log: Path
) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        for child, process in started:
            if process.poll() is not None:
                raise Refusal(f"The {child.name} does not start; {log} says why.")
        if time.monotonic() > deadline:
            raise Refusal(f"The servers do not answer; {log} says why.")
        time.sleep(0.02)


def _database_given() -> bool:
    application = env.text("DATABASE_URL", default="")
    owner = env.text("OWNER_DATABASE_URL", default="")
    if bool(application) != bool(owner):
        raise Refusal("Set TELEMED_DATABASE_URL and TELEMED_OWNER_DATABASE_URL, or neither.")
    return bool(application)


def _valkey_given() -> bool:
    """Where one of the two is missing, the embedded server stands in for it."""
    return bool(env.text("REDIS_URL", default="") and env.text("BROKER_URL", default=""))


def _make_folder(data: Path) -> None:
    """Others may pass through a folder that root made, because the database is not root's."""
    try:
        if not data.exists():
            data.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        (data / runtime.LOCK).open("a").close()
    except OSError as error:
        account = pwd.getpwuid(os.geteuid()).pw_name
        raise Refusal(
            f"{account} cannot write to the data folder {data} ({error.strerror}):"
            " choose another with --data or TELEMED_DATA."
        ) from error


def _who_runs(data: Path) -> str:
    stack = runtime.read(data)
    at = f" at {stack['address']}" if "address" in stack else ""
    who = f" (process {stack['pid']})" if stack else ""
    return f"Telemed already runs on {data}{at}{who}: stop that one, or choose another --data."


def _sockets_folder(data: Path) -> Path:
    """Short, private, and found again after a kill: <data>/sockets points at it."""
    link = data / "sockets"
    if link.is_symlink():
        left = link.readlink()
        if left.name.startswith(PREFIX) and left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        link.unlink()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    if len(str(folder)) > SOCKET_LIMIT:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
    link.symlink_to(folder)
    return folder
