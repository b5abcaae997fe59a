"""Programs that run under us and never outlive us."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
LAUNCH = Path(__file__).with_name("launch.py")
MARK = "TELEMED_CHILD_OF"  # in the environment of every child and of what it starts in turn


@dataclass(frozen=True)
class Identity:
    """Whose rights a child runs with."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Child:
    """How a program is started and stopped."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    identity: Identity | None = None  # nobody else's: our own
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL  # what it gets when we are gone
    clear: Callable[[], object] | None = None  # ends what would be in its way, before each start


def spawn(child: Child, *, data: Path, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """
    Start it, away from the terminal's Ctrl-C; call this from the main thread only.

    The kernel sends the death signal when the thread that started the child ends.
    """
    if child.clear:
        child.clear()
    user = f"{child.identity.uid}:{child.identity.gid}" if child.identity else "-"
    launch = [sys.executable, "-I", "-S", str(LAUNCH), str(int(child.death_signal))]
    return subprocess.Popen(
        [*launch, str(os.getpid()), user, *child.command],
        env={**os.environ, MARK: str(data), **child.environment},
        cwd="/" if child.identity else ROOT,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def stop(child: Child, process: subprocess.Popen[bytes], *, grace: float) -> None:
    """Ask, wait, then insist; what the child itself started goes with it."""
    with suppress(ProcessLookupError):
        process.send_signal(child.stop_signal)
    with suppress(subprocess.TimeoutExpired):
        process.wait(grace)
    sweep(process)


def sweep(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a child's process group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end_leftovers(data: Path) -> int:
    """End what a killed run left behind for this data folder; how many processes that was."""
    return _end_all(lambda: _marked(data))


def end_all_in(folder: Path) -> int:
    """End whoever works in this folder, which is ours alone; how many processes that was."""
    return _end_all(lambda: _working_in(folder))


def _end_all(find: Callable[[], list[int]]) -> int:
    found = find()
    for pid in found:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 3
    while find() and time.monotonic() < deadline:
        time.sleep(0.05)
    return len(found)


def _working_in(folder: Path) -> list[int]:
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if link.readlink() == folder:
                found.append(int(link.parent.name))
    return [pid for pid in found if pid != os.getpid()]


def _marked(data: Path) -> list[int]:
    """By what they were started with: pids alone may belong to somebody else by now."""
    mark = f"{MARK}={data}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return [pid for pid in found if pid != os.getpid()]
