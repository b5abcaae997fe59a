"""The embedded Valkey: channel layer and broker, nothing on disk, on a private socket."""

import socket
from pathlib import Path

from telemed.demo import binaries
from telemed.demo.children import Child


class Valkey:
    """One server; losing it loses no fact, so it keeps none."""

    def __init__(self, *, sockets: Path) -> None:
        self.socket = sockets / "valkey.sock"
        self.program = binaries.valkey()

    def child(self) -> Child:
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "600",
            "--save": "",
            "--appendonly": "no",
            "--dir": str(self.socket.parent),
            "--loglevel": "warning",
        }
        return Child("valkey", [self.program, *(word for pair in options.items() for word in pair)])

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as knock:
            knock.settimeout(1)
            try:
                knock.connect(str(self.socket))
                knock.sendall(b"PING\r\n")
                return knock.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    @property
    def redis_url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{self.socket}"
