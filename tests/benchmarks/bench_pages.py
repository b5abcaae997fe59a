"""
What every page costs: python -m tests.benchmarks pages

A stack of its own with the demonstration in it (durable, as `up` runs it), Daphne, one signed-in
account of each role. For every page of the first journey and every list: time from the request to
its last byte, held against an empty view of the same server that is asked in turn with it; what
the database had to do (tests/benchmarks/counted.py); and what a first visit transfers, compressed
as sent: the page, its styles, scripts with what they import, icons and fonts. Lists are measured at
two lengths. Exits 1 when a limit is broken.
"""

import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import join, normpath

from telemed.demo import stack
from telemed.demo.children import ROOT
from tests.benchmarks.page_list import ROLES, Page, journey_pages, lists, play
from tests.visitors import Visitor

QUERIES = 12  # of a list, whatever its length
TRANSFER = 150_000  # bytes of a first screen
SLOWEST = 25.0  # times the empty view, median against median
ZIPPED = {"Accept-Encoding": "gzip, br"}
IMPORTS = re.compile(rb"""(?:from|import)\s*["'](\.{1,2}/[^"']+)["']""")
TAGS = re.compile(r'<(?:link\b[^>]*rel="(?:stylesheet|icon|modulepreload)"|script|img|use)\b[^>]*>')
PLACE = re.compile(r'(?:href|src)="(/static/[^"#]+)')
PARTS = re.compile(rb"""url\(["']?([^)"'#]+)""")


@dataclass
class Measured:
    """One page at one length."""

    page: Page
    length: str
    times: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    queries: int = 0
    html: int = 0
    transfer: int = 0

    @property
    def ratio(self) -> float:
        return statistics.median(self.times) / statistics.median(self.empty)

    def broken(self) -> list[str]:
        """Which limits it breaks, in words."""
        found = []
        if self.page.is_list and self.queries > QUERIES:
            found.append(f"{self.queries} queries, at most {QUERIES}")
        if self.transfer > TRANSFER:
            found.append(f"{self.transfer / 1000:.0f} KB, at most {TRANSFER // 1000}")
        if self.ratio > SLOWEST:
            found.append(f"{self.ratio:.1f} times the empty view, at most {SLOWEST:.0f}")
        return found


class Weights:
    """What each static file weighs as it is sent, and what it brings along."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.known: dict[str, tuple[int, list[str]]] = {}

    def first_visit(self, html: str) -> int:
        """Bytes of all that a page's tags name, and of what that names in turn; each file once."""
        due = [place for tag in TAGS.findall(html) for place in PLACE.findall(tag)]
        seen: set[str] = set()
        while due:
            path = due.pop()
            if path in seen:
                continue
            seen.add(path)
            due += self._look(path)[1]
        return sum(self._look(path)[0] for path in seen)

    def _look(self, path: str) -> tuple[int, list[str]]:
        if path not in self.known:
            weight = len(self._get(path, ZIPPED))
            pattern = IMPORTS if path.endswith(".js") else PARTS if path.endswith(".css") else None
            named = pattern.findall(self._get(path, {})) if pattern else []
            whole = [
                normpath(join(path, "..", name.decode())) for name in named if b":" not in name
            ]
            self.known[path] = weight, whole
        return self.known[path]

    def _get(self, path: str, headers: dict[str, str]) -> bytes:
        answer = self.visitor.ask("GET", path, headers=headers)
        assert answer.status == 200, (path, answer.status)
        return answer.body


def measure(
    pages: list[Page], people: dict[str, Visitor], weights: Weights, *, length: str, rounds: int
) -> Iterator[Measured]:
    for page in pages:
        visitor, found = people[page.role], Measured(page, length)
        visitor.line.close()  # idle for as long as the others took, Daphne has closed it
        for n in range(rounds + 3):  # the first ones warm up
            took, _answer = timed(visitor, "/empty/")
            seconds, answer = timed(visitor, page.path)
            assert answer.status == 200, (page, answer.status, answer.location)
            if n >= 3:
                found.empty.append(took)
                found.times.append(seconds)
                said = dict(
                    part.split("=") for part in answer.headers["Server-Timing"].split(";")[1:]
                )
                found.database.append(float(said["dur"]))
                found.queries = max(found.queries, int(said["desc"].strip('"')))
        found.html = len(answer.body)
        zipped = visitor.ask("GET", page.path, headers=ZIPPED)
        found.transfer = len(zipped.body) + weights.first_visit(answer.text)
        yield found


def timed(visitor: Visitor, path: str):
    began = time.perf_counter()
    answer = visitor.get(path)
    return (time.perf_counter() - began) * 1000, answer


HEAD = (
    f"{'page':20} {'as':16} {'length':7} {'p50':>6} {'p95':>6} {'empty':>6} {'ratio':>6}"
    f" {'queries':>8} {'db ms':>6} {'HTML KB':>8} {'first visit KB':>15}"
)


def line(found: Measured) -> str:
    cuts = statistics.quantiles(found.times, n=20)
    page, middle = found.page, statistics.median(found.times)
    limit = f"/{QUERIES}" if page.is_list else ""
    return (
        f"{page.name:20} {page.role or '-':16} {found.length:7} {middle:6.1f}"
        f" {cuts[18]:6.1f} {statistics.median(found.empty):6.2f} {found.ratio:6.1f}"
        f" {f'{found.queries}{limit}':>8} {statistics.median(found.database):6.1f}"
        f" {found.html / 1000:8.1f} {f'{found.transfer / 1000:.0f}/{TRANSFER // 1000}':>15}"
    )


@contextmanager
def served(data: Path) -> Iterator[int]:
    """The servers, the demonstration, and Daphne with the counting application."""
    environment = {**os.environ, "TELEMED_DATA": str(data)}
    with stack.running(data, demo="true"):
        run("manage.py", "prepare", "--collect", environment=environment)
        run("-m", "tests.benchmarks.lengthen", "0", environment=environment)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port)]
        server = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "tests.benchmarks.counted:application"], cwd=ROOT, env=environment
        )
        try:
            wait_for(port, server)
            yield port
        finally:
            server.terminate()
            server.wait()


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run(*arguments: str, environment: dict[str, str]) -> None:
    command = [sys.executable, *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)  # noqa: S603 - our own


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _try in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit("Daphne does not start.")


def measure_all(data: Path, *, rounds: int, rows: int) -> list[Measured]:
    with served(data) as port:
        people = {role: Visitor(port, patience=30) for role in ROLES}
        for role, username in ROLES.items():
            if username:
                people[role].sign_in(username)
        pages = journey_pages(play(people))
        weights = Weights(people[""])
        found = []
        say(HEAD)
        for measured in measure([*pages, *lists()], people, weights, length="demo", rounds=rounds):
            say(line(measured))
            found.append(measured)
        environment = {**os.environ, "TELEMED_DATA": str(data)}
        run("-m", "tests.benchmarks.lengthen", str(rows), environment=environment)
        run("manage.py", "shell", "-c", ANALYSE, environment=environment)
        for measured in measure(lists(), people, weights, length=str(rows), rounds=rounds):
            say(line(measured))
            found.append(measured)
    return found


ANALYSE = "from django.db import connections; connections['owner'].cursor().execute('ANALYZE')"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("--requests", type=int, default=30, help="of each page")
    parser.add_argument("--rows", type=int, default=3000, help="more of each kind, for long lists")
    asked = parser.parse_args()
    data = Path(tempfile.mkdtemp(prefix="telemed-pages-")).resolve()
    data.chmod(0o711)  # root's database runs as somebody else
    try:
        found = measure_all(data, rounds=asked.requests, rows=asked.rows)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    complaints = [
        f"{m.page.name} ({m.page.role or 'anybody'}, {m.length}): {', '.join(m.broken())}"
        for m in found
        if m.broken()
    ]
    for complaint in complaints or ["Every page is within its limits."]:
        say(complaint)
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())
