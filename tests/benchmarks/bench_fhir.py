"""
How fast the FHIR door is, as ratios that hold on any machine. Use a throwaway database:

    TELEMED_DATABASE_URL=… python -m tests.benchmarks.bench_fhir

Daphne serves; 16 connections ask. Reads and searches are held against the same server's empty
answer (tests/benchmarks/served.py), writes against PostgreSQL running the same
statement without a server. Exits 1 when a ratio is below its limit. Everything is audited, every
token looked up, every record under the access filter.
"""

import asyncio
import contextlib
import itertools
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "telemed.settings")

import django

django.setup()

from records.fhir import keys
from records.fhir.callers import Caller, Kind
from records.fhir.door import pool
from records.fhir.store.rows import Row, now, row_of
from records.fhir.store.statement import write
from records.fhir.trace import Trace
from records.fhir.work import Work
from telemed.core.ids import new_id
from tests.factories.fhir import application_token, observation, patient
from tests.factories.people import OrganisationFactory

CONNECTIONS, SECONDS, BUNDLE = 16, 3.0, 50
# The share of the yardstick that each must reach.
LIMITS = {
    "read / empty answer": 0.50,
    "search / empty answer": 0.30,
    "create / same statement": 0.20,
    "create Patient / same statement": 0.12,
    "update / same statement": 0.15,
    "bundle of 50 / same statement": 0.35,
}
Send = Callable[[str, str, bytes], Awaitable[tuple[int, bytes]]]


@contextlib.asynccontextmanager
async def connection(port: int, token: str) -> AsyncIterator[Send]:
    """A client that costs little: one keep-alive connection, no parsing beyond the length."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def send(method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n"
        head += f"content-type: application/fhir+json\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answer.partition(b"content-length:")[2].partition(b"\r")[0])
        return int(answer[9:12]), await reader.readexactly(length)

    yield send
    writer.close()


async def rate(once: Callable[[], Awaitable[None]]) -> float:
    """Calls a second, by CONNECTIONS at a time."""
    done, end = itertools.count(), time.perf_counter() + SECONDS

    async def keep_on() -> None:
        while time.perf_counter() < end:
            await once()
            next(done)

    started = time.perf_counter()
    await asyncio.gather(*(keep_on() for _ in range(CONNECTIONS)))
    return next(done) / (time.perf_counter() - started)


async def served(
    port: int, token: str, method: str, paths: Callable[[], tuple[str, bytes]]
) -> float:
    async with contextlib.AsyncExitStack() as stack:
        free = [
            await stack.enter_async_context(connection(port, token)) for _ in range(CONNECTIONS)
        ]

        async def once() -> None:
            send = free.pop()
            status, body = await send(method, *paths())
            if status >= 300:
                raise RuntimeError(f"{method} answered {status}: {body[:200]!r}")
            free.append(send)

        return await rate(once)


async def bare(size: int, subject: str, pages: int) -> float:
    """Transactions a second of the write statement alone; its rows are made beforehand."""
    caller = Caller(kind=Kind.SYSTEM, actor_id="system:benchmark")
    raw = json.dumps(observation(subject)).encode()
    ready = [
        [
            row_of(
                raw, resource_type="Observation", fhir_id=str(new_id()), version=1,
                updated=now(), org=None,
            )
            for _row in range(size)
        ]
        for _page in range(pages)
    ]  # fmt: skip
    trace = Trace(caller=caller)

    def work(rows: list[Row]) -> Work[None]:
        yield write(rows, trace, keys.REVISION)

    async def keep_on() -> None:
        while ready:
            await pool.run(work(ready.pop()))

    started = time.perf_counter()
    await asyncio.gather(*(keep_on() for _ in range(CONNECTIONS)))
    took = time.perf_counter() - started
    await pool.close()
    return pages / took


async def measure(port: int, token: str) -> dict[str, float]:
    async with connection(port, token) as send:
        _status, body = await send("POST", "/fhir/Patient", json.dumps(patient()).encode())
        wang = json.loads(body)["id"]
        sent = json.dumps(observation(wang)).encode()
        made = [json.loads((await send("POST", "/fhir/Observation", sent))[1]) for _ in range(200)]
    turn = itertools.cycle(made)
    person = json.dumps(patient()).encode()
    entry = {"resource": json.loads(sent), "request": {"method": "POST", "url": "Observation"}}
    bundle = json.dumps(
        {"resourceType": "Bundle", "type": "transaction", "entry": [entry] * BUNDLE}
    )

    def of(path: str, body: bytes = b"") -> Callable[[], tuple[str, bytes]]:
        return lambda: (path, body)

    def changed() -> tuple[str, bytes]:
        resource = next(turn)
        return f"/fhir/Observation/{resource['id']}", json.dumps(resource).encode()

    empty = await served(port, token, "GET", of("/hello"))
    read = await served(port, token, "GET", lambda: (f"/fhir/Observation/{next(turn)['id']}", b""))
    found = f"/fhir/Observation?patient={wang}&code=8480-6&_count=20"
    search = await served(port, token, "GET", of(found))
    create = await served(port, token, "POST", of("/fhir/Observation", sent))
    persons = await served(port, token, "POST", of("/fhir/Patient", person))
    update = await served(port, token, "PUT", changed)
    bundles = await served(port, token, "POST", of("/fhir", bundle.encode()))
    one, fifty = await bare(1, wang, 8_000), await bare(BUNDLE, wang, 400)
    rates = {"empty answer": empty, "read": read, "search": search, "create": create,
             "create Patient": persons, "update": update, "bundle of 50": bundles,
             "statement of 1": one, "statement of 50": fifty}  # fmt: skip
    for name, value in rates.items():
        sys.stdout.write(f"{value:9.0f} /s  {name}\n")
    return {
        "read / empty answer": read / empty,
        "search / empty answer": search / empty,
        "create / same statement": create / one,
        "create Patient / same statement": persons / one,
        "update / same statement": update / one,
        "bundle of 50 / same statement": bundles / fifty,
    }


def main() -> None:
    hospital = OrganisationFactory(number=int(time.time()))  # another on every run
    token = application_token("system/*.cruds", hospital)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "daphne", "-v", "0", "-p", str(port)]
    server = subprocess.Popen([*command, "tests.benchmarks.served:application"])  # noqa: S603
    try:
        for _try in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.2)
        ratios = asyncio.run(measure(port, token))
    finally:
        server.terminate()
        server.wait()
    slow = [name for name, ratio in ratios.items() if ratio < LIMITS[name]]
    for name, ratio in ratios.items():
        mark = "below" if name in slow else "above"
        sys.stdout.write(f"{ratio:9.2f}     {name} ({mark} {LIMITS[name]:.2f})\n")
    sys.exit(bool(slow))


if __name__ == "__main__":
    main()
