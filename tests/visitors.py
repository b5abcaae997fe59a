"""People at a running server, over HTTP and without a browser."""

import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

T = TypeVar("T")
JSON = {"Accept": "application/json"}
REFUSED = 400
FAILED = 500


class NoAnswer(Exception):
    """No line, or a server that could not answer: what a page takes for "try again"."""

    answer: "Answer | None" = None  # what a server said that could not


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> str:
        return self.headers["Location"] or ""


class Visitor:
    """One browser's worth of cookies and one kept-alive connection."""

    def __init__(self, port: int, *, patience: float = 5.0) -> None:
        self.port, self.patience = port, patience
        self.cookies: dict[str, str] = {}
        self.line = self._new_line()

    def _new_line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request, or NoAnswer."""
        sent = {"Accept": "text/html", "Cookie": self.cookie, **(headers or {})}
        try:
            self.line.request(method, quote(path, safe="/?=&%~:-"), body, sent)
            got = self.line.getresponse()
            answer = Answer(got.status, got.headers, got.read())
        except (OSError, http.client.HTTPException) as error:
            self.line.close()
            self.line = self._new_line()
            raise NoAnswer(f"{method} {path}: {error!r}") from error
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        if answer.status >= FAILED:
            failed = NoAnswer(f"{method} {path}: {answer.status}")
            failed.answer = answer
            raise failed
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(
        self, path: str, fields: dict[str, Any], headers: dict[str, str] | None = None
    ) -> Answer:
        """A form, as a page of ours sends it."""
        sent = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
            **(headers or {}),
        }
        return self.ask("POST", path, urlencode(fields, doseq=True).encode(), sent)

    def sign_in(self, username: str) -> "Visitor":
        """By the one-tap button of a demonstration."""
        self.get("/accounts/login/")
        answer = self.post("/demo/sign-in/", {"username": username})
        assert answer.status == http.client.FOUND, answer.text[:300]
        return self


def until_answered(act: Callable[[], T], *, patience: float = 60.0, pause: float = 0.2) -> T:
    """Again and again, as a page does whose line is bad."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return act()
        except NoAnswer:
            if time.monotonic() > deadline:
                raise
            time.sleep(pause)
