"""A TURN server on this machine: coturn, with the secret that our credentials are made with."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATH = shutil.which("turnserver")
SECRET = "a secret of the tests"  # noqa: S105
ADDRESS = "127.0.0.1"


class Turn:
    """One coturn, whichever of its lives it is in: what it relayed before a new one is gone."""

    def __init__(self, folder: Path) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind((ADDRESS, 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.url = f"turn:{ADDRESS}:{self.port}?transport=udp"

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own words
            [
                str(PATH),
                *("-n", "-L", ADDRESS, "-E", ADDRESS, "-p", str(self.port), "-r", "telemed"),
                *("--use-auth-secret", f"--static-auth-secret={SECRET}"),
                *("--allow-loopback-peers", "--no-tls", "--no-dtls", "--no-cli"),
                *(f"--log-file={self.folder}/turn.log", "--simple-log", "-v"),
                *(f"--pidfile={self.folder}/turn.pid", f"--userdb={self.folder}/turn.db"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def _wait(self) -> None:
        """Until it answers a binding request (RFC 8489, 5)."""
        asked = b"\x00\x01\x00\x00\x21\x12\xa4\x42" + b"telemedtests"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.2)
            until = time.monotonic() + 10
            while time.monotonic() < until and self.process.poll() is None:
                try:
                    probe.sendto(asked, (ADDRESS, self.port))
                    probe.recv(1024)
                except OSError:
                    time.sleep(0.05)
                else:
                    return
        raise RuntimeError("coturn did not come up")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@contextmanager
def relaying(folder: Path) -> Iterator[Turn]:
    turn = Turn(folder)
    turn.start()
    try:
        yield turn
    finally:
        turn.stop()
