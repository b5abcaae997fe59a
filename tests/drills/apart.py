"""Servers that a drill starts itself, so that it can leave them dead for as long as it wants."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import redis

from telemed.demo import children, keys
from telemed.demo.children import Child
from telemed.demo.postgres import APP, OWNER, Postgres, cluster_folder
from telemed.demo.valkey import Valkey


@contextmanager
def place() -> Iterator[Path]:
    """Short, because a socket's name is; open to pass through, because the database is not ours."""
    folder = Path(tempfile.mkdtemp(prefix="telemed-apart-", dir="/tmp")).resolve()
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Apart:
    """One server of ours."""

    def __init__(self, folder: Path, child: Child) -> None:
        self.folder, self.child_of_ours = folder, child
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self.process = children.spawn(self.child_of_ours, data=self.folder, output=log)

    def all_of_it(self) -> list[int]:
        """With the processes that it started: each session of a database is one."""
        assert self.process
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [self.process.pid, *map(int, listed.split())]

    def signal(self, number: signal.Signals) -> None:
        for pid in self.all_of_it():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        assert self.process
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.signal(signal.SIGCONT)
            children.stop(self.child_of_ours, self.process, grace=10)


class OwnValkey(Apart):
    def __init__(self, folder: Path) -> None:
        self.server = Valkey(sockets=folder)
        super().__init__(folder, self.server.child())

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TELEMED_REDIS_URL": self.server.redis_url,
            "TELEMED_BROKER_URL": self.server.broker_url,
        }

    def flush(self) -> None:
        with redis.Redis.from_url(self.server.redis_url) as line:
            line.flushall()


class OwnPostgres(Apart):
    def __init__(self, folder: Path) -> None:
        cluster, identity = cluster_folder(folder)
        if identity:
            os.chown(folder, identity.uid, identity.gid)
        self.server = Postgres(
            data=folder,
            cluster=cluster,
            identity=identity,
            sockets=folder,
            keys=keys.kept(folder, cluster=cluster),
            throwaway=False,
        )
        self.server.make()
        super().__init__(folder, self.server.child())

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TELEMED_DATABASE_URL": self.server.url(APP),
            "TELEMED_OWNER_DATABASE_URL": self.server.url(OWNER),
        }
