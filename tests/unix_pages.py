"""Pages of a server that listens on a socket in a folder; tests may use no network."""

import http.client
import socket


class _Line(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self.path)


def get(server: str, path: str, cookies: dict[str, str]) -> tuple[int, dict[str, str], str]:
    """The status, the headers in small letters, the page."""
    line = _Line(server)
    try:
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        line.request("GET", path, headers={"Cookie": cookie, "Accept": "text/html"})
        answer = line.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, answer.read().decode()
    finally:
        line.close()
