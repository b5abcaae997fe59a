"""
A line between this machine and a network namespace, with delay, loss, rate and cuts.

Two TAP devices and a thread for each direction: kernels without netem run it too. Its
addresses are fixed, so there is one line at a time on a machine, and who comes second waits.
"""

import fcntl
import os
import random
import select
import signal
import struct
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000  # linux/if_tun.h
HUB, TOWN = "10.77.0.1", "10.77.0.2"
SPACE = "tm-town"
LOCK = Path("/run/telemed-line.lock")
BUFFER = 1.0  # seconds that a full router queues before it drops


@dataclass
class Line:
    """Both directions alike. Change the fields at any time."""

    delay: float = 0.005  # seconds one way
    loss: float = 0.0  # share of frames
    rate: float = 0.0  # bit/s; 0: no limit
    down: bool = False
    over: threading.Event = field(default_factory=threading.Event)

    def reset(self) -> None:
        """Good again."""
        self.spoil(delay=0.005)

    def spoil(self, *, rate: float = 0.0, delay: float = 0.0, loss: float = 0.0) -> None:
        """All at once, and not cut."""
        self.delay, self.loss, self.rate, self.down = delay, loss, rate, False

    def carry(self, source: int, target: int) -> None:
        """Frames from one device to the other, each when its time has come."""
        waiting: deque[tuple[float, bytes]] = deque()
        free_at = 0.0
        while not self.over.is_set():
            now = time.monotonic()
            while waiting and waiting[0][0] <= now:
                frame = waiting.popleft()[1]
                if not self.down:
                    os.write(target, frame)
            pause = min(max(waiting[0][0] - now, 0), 0.05) if waiting else 0.05
            if not select.select([source], [], [], pause)[0]:
                continue
            frame, now = os.read(source, 2048), time.monotonic()
            if self.down or random.random() < self.loss:  # noqa: S311 - weather, not secrets
                continue
            if self.rate:
                if free_at - now > BUFFER:
                    continue
                free_at = max(free_at, now) + len(frame) * 8 / self.rate
                waiting.append((free_at + self.delay, frame))
            else:
                waiting.append((now + self.delay, frame))


def tap(name: str) -> int:
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TAP | IFF_NO_PI))
    return device


def ip(*words: str) -> str:
    command = ["/usr/sbin/ip", *words]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


def clear(space: str) -> None:
    """What a run that was killed left of its namespace, and who still runs in it."""
    if space not in [row.split()[0] for row in ip("netns", "list").splitlines()]:
        return
    for process in ip("netns", "pids", space).split():
        with suppress(ProcessLookupError):
            os.kill(int(process), signal.SIGKILL)
    ip("netns", "delete", space)


@contextmanager
def stretched() -> Iterator[Line]:
    """The line, with HUB on this machine's end and TOWN in the namespace SPACE."""
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        clear(SPACE)
        with laid() as line:
            yield line


@contextmanager
def laid() -> Iterator[Line]:
    """The devices, the namespace and who carries between them."""
    hub, town, line = tap("tm-hub"), tap("tm-far"), Line()
    ip("netns", "add", SPACE)
    try:
        ip("link", "set", "tm-far", "netns", SPACE)
        ip("addr", "add", f"{HUB}/24", "dev", "tm-hub")
        ip("link", "set", "tm-hub", "up")
        inside = ("netns", "exec", SPACE, "/usr/sbin/ip")
        ip(*inside, "addr", "add", f"{TOWN}/24", "dev", "tm-far")
        ip(*inside, "link", "set", "tm-far", "up")
        ip(*inside, "link", "set", "lo", "up")
        threads = [
            threading.Thread(target=line.carry, args=ends, daemon=True)
            for ends in ((hub, town), (town, hub))
        ]
        for thread in threads:
            thread.start()
        yield line
        line.over.set()
        for thread in threads:
            thread.join()
    finally:
        line.over.set()
        ip("netns", "delete", SPACE)
        os.close(hub)
        os.close(town)
