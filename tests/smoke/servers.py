"""Debian's PostgreSQL, Redis and nginx on a throwaway folder, as the runbook and deploy/ say."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg

from telemed.demo.children import ROOT

PATIENCE = 60.0
ROLES = """
CREATE ROLE telemed_owner LOGIN PASSWORD 'owner';
CREATE ROLE telemed_app LOGIN PASSWORD 'app';
CREATE DATABASE telemed OWNER telemed_owner TEMPLATE template0
    ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
"""
NEEDED = "apt-get install postgresql redis-server nginx-light"


class Missing(Exception):
    """A program of the system that this needs is not installed."""


def find(program: str) -> str:
    """Its path; PostgreSQL's own are in no PATH."""
    own = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin") or (own and own[-1])
    if not found:
        raise Missing(f"{program} is not installed: {NEEDED}")
    return str(found)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_port(port: int, process: subprocess.Popen[bytes], name: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit(f"{name} does not start on port {port}.")


def under(environment: dict[str, str], command: list[str]) -> list[str]:
    """The command with these variables."""
    return ["/usr/bin/env", *(f"{name}={value}" for name, value in environment.items()), *command]


@contextmanager
def running(
    name: str, command: list[str], folder: Path, user: str | None = None, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """One process with its log; ended politely."""
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            under(environment, command), cwd=ROOT, stdout=log, stderr=log, user=user
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def postgres(folder: Path) -> Iterator[tuple[str, str]]:
    """The addresses of the application's and the owner's role."""
    port, cluster = free_port(), folder / "postgres"
    user = "postgres" if os.geteuid() == 0 else None
    cluster.mkdir()
    if user:
        os.chown(cluster, pwd.getpwnam(user).pw_uid, -1)
    initdb = [find("initdb"), "-D", str(cluster), "--auth=trust", "-U", "postgres", "-E", "UTF8"]
    subprocess.run(  # noqa: S603
        [*initdb, "--locale=C.UTF-8", "--no-sync"],
        check=True,
        user=user,
        stdout=subprocess.DEVNULL,
    )
    command = [find("postgres"), "-D", str(cluster), "-p", str(port), "-k", str(cluster)]
    with running("postgres", [*command, "-h", "127.0.0.1"], folder, user) as process:
        await_port(port, process, "PostgreSQL")
        base = f"127.0.0.1:{port}"
        for statement in ROLES.strip().split(";\n"):
            superuser(base, statement.rstrip(";"))
        yield (
            f"postgresql://telemed_app:app@{base}/telemed",
            (f"postgresql://telemed_owner:owner@{base}/telemed"),
        )


def superuser(base: str, statement: str) -> None:
    """It listens before it answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with psycopg.connect(f"postgresql://postgres@{base}/postgres", autocommit=True) as line:
                line.execute(statement)  # type: ignore[arg-type]  # our own text
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    port = free_port()
    command = [find("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with running("redis", [*command, "--dir", str(folder)], folder) as process:
        await_port(port, process, "Redis")
        yield f"redis://127.0.0.1:{port}"


@contextmanager
def nginx(folder: Path, upstream: list[int]) -> Iterator[int]:
    """deploy/nginx.conf with our ports in place of its own."""
    port = free_port()
    ours = (ROOT / "deploy" / "nginx.conf").read_text()
    for theirs, actual in zip((8001, 8002), upstream, strict=True):
        ours = ours.replace(f"127.0.0.1:{theirs}", f"127.0.0.1:{actual}")
    ours = re.sub(r"listen \d+;", f"listen 127.0.0.1:{port};", ours)
    places = "".join(
        f"{kind}_temp_path {folder}/nginx-{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx-error.log;\n"
    whole += f"events {{}}\nhttp {{\naccess_log off;\n{places}{ours}\n}}\n"
    if os.geteuid() == 0:
        whole = f"user root;\n{whole}"
    (folder / "nginx.conf").write_text(whole)
    command = [find("nginx"), "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    with running("nginx", command, folder) as process:
        await_port(port, process, "nginx")
        yield port


@contextmanager
def everything(stack: ExitStack, folder: Path) -> Iterator[dict[str, str]]:
    """The environment of our own processes: /etc/telemed/environment of the units in deploy/."""
    application, owner = stack.enter_context(postgres(folder))
    address = stack.enter_context(redis(folder))
    data = folder / "data"
    data.mkdir(mode=0o711)
    yield {
        "TELEMED_DATA": str(data),
        "TELEMED_DATABASE_URL": application,
        "TELEMED_OWNER_DATABASE_URL": owner,
        "TELEMED_REDIS_URL": f"{address}/0",
        "TELEMED_BROKER_URL": f"{address}/1",
        "TELEMED_SECRET_KEY": "smoke " * 10,
        "TELEMED_FIELD_KEY": "field " * 10,
        "TELEMED_ALLOWED_HOSTS": "127.0.0.1",
        "TELEMED_DEMO": "true",
    }
