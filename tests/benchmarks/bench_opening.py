"""
The opening minute: python -m tests.benchmarks opening [--people N] [--seconds S] [--places P]

So many people (2,000), each with cookies of their own and a connection for each look, come to the
waiting page of one Daphne within so many seconds (10), are drawn, come back at the page's own pace,
and as many as there are accounts for book through the real pages. Its figures, each beside its
limit (exit 1 when one is broken):

- milliseconds from the moment somebody wants the page until it is there, 95 of 100 (300);
- milliseconds of CPU that such a page costs the server, opening of the connection included (4);
- everybody has a number, nobody has another's, and the order is that of the lots;
- the bookings that people were shown are those in the database, and no place is sold twice;
- the places left that the page says at the end are those of the database.
"""

import argparse
import asyncio
import contextlib
import hashlib
import os
import re
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from scheduling.appointments.models import Appointment, Status
from scheduling.availability.models import PeriodPool, Session
from scheduling.opening import line, signed, steering
from scheduling.opening.models import Opening
from telemed.core.intentions import System, intention
from tests.benchmarks import application
from tests.benchmarks.booking_over_http import served, visitor
from tests.factories.people import PatientFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory
from tests.visitors import NoAnswer

__all__ = ["application"]

LIMIT = 300.0  # ms, of 95 in 100
CPU = 4.0  # ms a page
DRAWN_AFTER = 4  # seconds after the last one came
RATE = 100.0  # people a second: it is the page that is measured, not patience
FIRST_WORDS = re.compile(r'data-kind="(\w+)"')
LEFT = re.compile(r'class="q">(\d+) left')
USHER = System("usher")


@dataclass
class Person:
    """A phone."""

    account: str
    session: str
    cookies: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    looks: int = 0
    due: float = 0  # when the page wants to look again
    user: Any = None

    @property
    def who(self) -> str:
        return line.who_is(self.account)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--places", type=int, default=60)
    options = parser.parse_args()
    periods = some_places(options.places)
    people = some_people(options.people, bookers=options.places * 2)
    stop = threading.Event()
    usher = threading.Thread(target=steer, args=[stop], daemon=True)
    with served("served") as port:
        opening = opening_of(periods, options.seconds)
        usher.start()
        spent = cpu_of_server()
        times = asyncio.run(come(people, port, opening, options.seconds))
        spent = (cpu_of_server() - spent) * 1000 / len(people)
        booked, refused = asyncio.run(take_turns(people, port, opening, periods))
        stop.set()
        usher.join()
        said = asyncio.run(last_words(people[0], port, opening))
    return report(times, spent, people, opening, booked, refused, said)


def some_places(count: int) -> list[Any]:
    session = SessionFactory(release_at=timezone.now())
    return [
        PeriodFactory(
            session=session,
            starts_at=session.starts_at + timedelta(minutes=30 * n),
            public=count // 6,
            walk_in=2,
        )
        for n in range(6)
    ]


def some_people(count: int, *, bookers: int) -> list[Person]:
    """The pass is all that the page knows; who books besides has an account and a record."""
    people = [Person(f"person {n}", f"session{n:025}") for n in range(count)]
    for person in people[:: max(1, count // bookers)][:bookers]:
        person.user = PatientFactory(user=UserFactory()).user
        person.account = str(person.user.pk)
    for person in people:
        told = signed.Pass(person.account, "en", "light", False)
        person.cookies = {
            settings.SESSION_COOKIE_NAME: person.session,
            signed.PASS: signed.write_pass(told, person.session),
        }
    return people


def opening_of(periods: list[Any], seconds: float) -> Opening:
    """The hour is when the first of them comes."""
    now = timezone.now() + timedelta(seconds=2)
    session = periods[0].session
    opening = Opening.objects.create(
        organisation=session.organisation,
        waits_at=now - timedelta(minutes=15),
        opens_at=now,
        draw_at=now + timedelta(seconds=seconds + DRAWN_AFTER),
        ends_at=now + timedelta(minutes=30),
        days=[session.day],
        seed=hashlib.sha256(str(now).encode()).hexdigest(),
    )
    Session.objects.filter(pk=session.pk).update(release_at=now)
    line.lay(opening, now=time.time(), limit=10**6, turn=300, rate=RATE)
    return opening


def cpu_of_server() -> float:
    """Seconds that the processes took that this one started and that still run."""
    me = os.getpid()
    children = Path(f"/proc/{me}/task/{me}/children").read_text().split()
    facts = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in children]
    ticks = sum(int(one[11]) + int(one[12]) for one in facts)
    return ticks / os.sysconf("SC_CLK_TCK")


def steer(stop: threading.Event) -> None:
    """The worker's part, without its adapting: what is left, every second."""
    while not stop.wait(1):
        count_once()


async def come(people: list[Person], port: int, opening: Opening, seconds: float) -> list[float]:
    """Evenly over the time, whether the one before has its page or not; then at the page's pace."""
    times: list[float] = []
    await asyncio.sleep(max(0, opening.opens_at.timestamp() - time.time()))
    began = time.perf_counter()

    async def one(person: Person, turn: int) -> None:
        due = began + seconds * turn / len(people)
        await asyncio.sleep(max(0, due - time.perf_counter()))
        await look(person, port, opening)
        times.append((time.perf_counter() - due) * 1000)

    await asyncio.gather(*(one(person, turn) for turn, person in enumerate(people)))
    return times


async def look(person: Person, port: int, opening: Opening) -> str:
    """One page on a connection of its own, and what it says."""
    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    path = f"/opening/{opening.organisation.number}/"
    sent = (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    )
    reader, writer = await connected(port)
    try:
        writer.write(sent.encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    headers = head.decode().split("\r\n")
    status = int(headers[0].split()[1])
    kept = dict(h.split(": ", 1) for h in headers[1:])
    for name, value in kept.items():
        if name.lower() == "set-cookie":
            first = value.partition(";")[0]
            person.cookies[first.partition("=")[0]] = first.partition("=")[2]
    assert status == 200, headers[0]
    page = body.decode()
    person.kind, person.looks = FIRST_WORDS.findall(page)[0], person.looks + 1
    again = next((v for n, v in kept.items() if n.lower() == "retry-after"), "0")
    person.due = time.perf_counter() + int(again)
    return page


async def connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A phone whose call is not taken rings again; that it waits is in its time."""
    for _again in range(100):
        with contextlib.suppress(OSError):
            return await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(0.1)
    raise SystemExit("Nobody answers.")


async def take_turns(
    people: list[Person], port: int, opening: Opening, periods: list[Any]
) -> tuple[int, int]:
    """Everybody looks again when the page says so, until it is their turn; some then book."""
    ended = {"booked": 0, "refused": 0}

    async def one(person: Person) -> None:
        while person.kind != "turn":
            await asyncio.sleep(max(0, person.due - time.perf_counter()))
            await look(person, port, opening)
        if person.user:
            ended[await asyncio.to_thread(book, person, port, periods)] += 1

    await asyncio.gather(*(one(person) for person in people))
    return ended["booked"], ended["refused"]


def book(person: Person, port: int, periods: list[Any]) -> str:
    """Through the pages: each period until one can be had, and what the browser is shown."""
    try:
        with visitor(port, person.user) as browser:
            start = int(person.who, 16) % len(periods)
            for period in [*periods[start:], *periods[:start]]:
                held = browser.post(reverse("booking:hold"), {"period": period.pk})
                if held.location != reverse("booking:held"):
                    continue
                mine = Appointment.objects.get(booked_by=person.user, status=Status.HELD)
                answer = browser.post(reverse("booking:confirm", args=[mine.pk]), {"reason": ""})
                if answer.location == reverse("booking:ticket", args=[mine.pk]):
                    return "booked"
        return "refused"
    except NoAnswer as failed:
        sys.stdout.write(f"{failed}\n")
        return "refused"
    finally:
        connection.close()


async def last_words(person: Person, port: int, opening: Opening) -> int:
    """How many places the page says are left, after one more count."""
    await asyncio.to_thread(count_once)
    page = await look(person, port, opening)
    return sum(map(int, LEFT.findall(page)))


def count_once() -> None:
    with intention(USHER, door="bench"):
        courses = steering.courses()
    for course in courses:
        line.steer(course.opening, rate=None, places=course.places)
    connection.close()


def report(
    times: list[float],
    spent: float,
    people: list[Person],
    opening: Opening,
    booked: int,
    refused: int,
    said: int,
) -> int:
    p95 = statistics.quantiles(times, n=100)[94]
    say("page, ms, half of the people", f"{statistics.median(times):.0f}")
    say("page, ms, 95 of 100", f"{p95:.0f} (limit {LIMIT:.0f})")
    say("page, ms, the last", f"{max(times):.0f}")
    say("page, ms of CPU", f"{spent:.1f} (limit {CPU:.0f})")
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as server:
        order = server.zrange(line.keys_of(opening.organisation.number)[1], 0, -1)
    lots = sorted((person.who for person in people), key=lambda who: lot(opening, who))
    fair = order == lots
    say("tickets", f"{len(order)} of {len(people)} people, by lot: {'yes' if fair else 'NO'}")
    say("looks of one person, mean", f"{statistics.mean(p.looks for p in people):.1f}")
    pools = PeriodPool.objects.filter(period__session__release_at=opening.opens_at, pool="public")
    places = sum(pool.places for pool in pools)
    taken = sum(pool.taken for pool in pools)
    live = Appointment.objects.filter(status=Status.BOOKED, pool="public").count()
    say("bookings shown, in the database, of places", f"{booked}, {live}, {places}")
    say("people who were refused", str(refused))
    say("places left, as the page says and in truth", f"{said}, {places - taken}")
    true = booked == live == taken <= places and said == places - taken
    return 0 if p95 <= LIMIT and spent <= CPU and fair and true else 1


def lot(opening: Opening, who: str) -> str:
    return hashlib.sha1((opening.seed + who).encode()).hexdigest()[:13]  # noqa: S324 - no secret


def say(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:50} {figure}\n")


if __name__ == "__main__":
    sys.exit(main())
