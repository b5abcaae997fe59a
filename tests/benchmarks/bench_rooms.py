"""
Room fan-out beside a bare relay: `python -m tests.benchmarks rooms`.

300 rooms of two on one Daphne. In each room one sends, the other receives; the time is from before
the send to after the receipt, in one client process. The same client then does the same with a
relay of 15 lines on `websockets`. What passes (pointers) is held to LIMIT times the relay's p95;
what is kept (messages: a transaction, an audit row, a number) is printed beside it.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

LIMIT = 3.0
ROOT = Path(__file__).resolve().parent.parent.parent
Row = dict[str, Any]


async def relay(port: int) -> None:
    """What a room costs when it is nothing but a room."""
    from websockets.asyncio.server import serve

    rooms: dict[str, set[Any]] = {}

    async def handler(client: Any) -> None:
        room = rooms.setdefault(client.request.path, set())
        room.add(client)
        async for message in client:
            for other in room - {client}:
                await other.send(message)

    async with serve(handler, "127.0.0.1", port, compression=None):
        await asyncio.Future()


async def measure(
    places: list[Row], frame: Callable[[int], Row], rate: float, seconds: float
) -> list[float]:
    """Latencies in ms. `places` come in pairs: who sends, who receives."""
    from websockets.asyncio.client import connect

    sent: dict[int, float] = {}
    taken: list[float] = []
    gate = asyncio.Semaphore(20)
    counter = iter(range(10**9))
    over = asyncio.Event()

    async def come(place: Row) -> Any:
        async with gate:
            headers = {"Cookie": place.get("cookie", ""), "Origin": place["origin"]}
            client = await connect(
                place["url"], additional_headers=headers, compression=None, ping_interval=None
            )
            if place["greets"]:
                await client.recv()
            return client

    async def listen(client: Any, mine: bool, greets: bool) -> None:
        frames = 1
        beat_at = time.monotonic() + random.uniform(0, 8)  # noqa: S311 - spreads load
        async for text in client:
            now = time.perf_counter()
            frames += 1
            number = json.loads(text).get("slice", json.loads(text).get("text"))
            if number is not None and not mine and (began := sent.pop(int(number), None)):
                taken.append((now - began) * 1000)
            if greets and time.monotonic() > beat_at:
                beat_at = time.monotonic() + 8
                await client.send('{"do":"heartbeat"}')
                await client.send(json.dumps({"do": "seen", "frames": frames}))

    async def talk(client: Any) -> None:
        await asyncio.sleep(random.uniform(0, 1 / rate))  # noqa: S311
        while not over.is_set():
            number = next(counter)
            text = json.dumps(frame(number))
            sent[number] = time.perf_counter()
            await client.send(text)
            await asyncio.sleep(random.uniform(0.5, 1.5) / rate)  # noqa: S311

    clients = await asyncio.gather(*[come(place) for place in places])
    greets = places[0]["greets"]
    tasks = [
        asyncio.create_task(listen(client, n % 2 == 0, greets)) for n, client in enumerate(clients)
    ]
    await asyncio.sleep(3)
    tasks += [asyncio.create_task(talk(client)) for client in clients[::2]]
    await asyncio.sleep(3)
    taken.clear()
    await asyncio.sleep(seconds)
    over.set()
    await asyncio.sleep(1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*[client.close() for client in clients], return_exceptions=True)
    return taken


def point(number: int) -> Row:
    return {"do": "point", "series": "s1", "slice": number % 100_000, "x": 0.5, "y": 0.5}


def say(number: int) -> Row:
    return {"do": "say", "text": str(number), "client_id": str(uuid4())}


def summary(name: str, taken: list[float]) -> float:
    cuts = statistics.quantiles(taken, n=100)
    p50, p95, p99 = cuts[49], cuts[94], cuts[98]
    print(f"{name:28} {len(taken):6} received  p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f} ms")  # noqa: T201
    return p95


def furnish(rooms: int, port: int) -> list[Row]:
    """Rooms, doctors and their sessions."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from tests.factories.rooms import scene

    places = []
    for _ in range(rooms):
        who = scene()
        for user in (who.asking, who.answering):
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.create()
            places.append(
                {
                    "url": f"ws://127.0.0.1:{port}/ws/rooms/{who.room.pk}/",
                    "origin": f"http://127.0.0.1:{port}",
                    "cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}",
                    "greets": True,
                }
            )
    return places


def daphne(port: int) -> subprocess.Popen[bytes]:
    """As `up` runs it."""
    command = [sys.executable, "-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port)]
    command.append("telemed.asgi:application")
    environment = {**os.environ, "TELEMED_DATABASE_POOL": "20"}
    return subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 - our own command


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(port: int) -> None:
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("The server did not come up.")


def run(args: argparse.Namespace) -> int:
    port, bare = free_port(), free_port()
    places = furnish(args.rooms, port)
    plain = [
        {"url": f"ws://127.0.0.1:{bare}/{n // 2}", "origin": "http://127.0.0.1", "greets": False}
        for n in range(args.rooms * 2)
    ]
    here = [sys.executable, "-m", "tests.benchmarks.bench_rooms", "--relay", str(bare)]
    results = {}
    for name, server, ours, frame, rate in [
        ("bare relay", lambda: subprocess.Popen(here, cwd=ROOT), plain, point, args.rate),  # noqa: S603
        ("rooms, passing", lambda: daphne(port), places, point, args.rate),
        ("rooms, kept", lambda: daphne(port), places, say, args.kept),
    ]:
        process = server()
        try:
            wait_for(bare if ours is plain else port)
            results[name] = summary(name, asyncio.run(measure(ours, frame, rate, args.seconds)))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    ratio = results["rooms, passing"] / results["bare relay"]
    kept = results["rooms, kept"] / results["bare relay"]
    verdict = "within" if ratio <= LIMIT else "OVER"
    print(f"p95 passing / relay: {ratio:.1f}, {verdict} the limit of {LIMIT}; kept: {kept:.1f}")  # noqa: T201
    return int(ratio > LIMIT)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=300)
    parser.add_argument("--rate", type=float, default=1.0, help="frames a second from each sender")
    parser.add_argument("--kept", type=float, default=0.05, help="the same, for kept messages")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--relay", type=int, default=0, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.relay:
        with suppress(KeyboardInterrupt):
            asyncio.run(relay(args.relay))
        return 0
    django.setup()
    return run(args)


if __name__ == "__main__":
    sys.exit(main())
