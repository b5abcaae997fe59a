"""
What a booking costs: python -m tests.benchmarks booking [--bookings N] [--workers W]

Its figures, each beside its limit (exit 1 when one is broken):

- bookings a second through the service, over the rate at which plain psycopg writes the very same
  rows, transaction by transaction, on the same connections in the same run (0.4);
- milliseconds of CPU that a booking costs this process, alone (6);
- over HTTP, a resident's hold and confirmation beside an empty view of the same server, which goes
  through the same middleware (0.25 of its rate);
- 10,000 claims on 100 places from 64 workers, twice: through the service, by 500 people who come
  twenty times each, and over HTTP, by 10,000 people who come once. Exactly 100 are booked, nobody
  twice; every refusal is typed, and no answer is a failure of the server.
"""

import argparse
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, connections
from django.utils import timezone
from psycopg import sql
from psycopg.types.json import Jsonb

from scheduling.appointments import services
from scheduling.appointments.models import Appointment
from scheduling.availability.models import PeriodPool
from telemed.core.errors import DomainError
from telemed.core.intentions import intention
from tests.benchmarks import application, booking_over_http, claims_over_http
from tests.factories.people import DepartmentFactory, PatientFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, doctor_of

__all__ = ["application"]

SHARE = 0.4  # of plain psycopg's rate
CPU = 6.0  # ms a booking
OVER_HTTP = 0.25  # of an empty view's rate
CLAIMS, PLACES = 10_000, 100
CLAIMANTS = 64  # workers that claim at once
SINCE = "xmin::text::bigint > %s AND xmin::text::bigint < %s"
TABLES = """
    SELECT c.oid::regclass::text FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND c.relname NOT LIKE 'django_%'
"""


@dataclass
class Written:
    """The rows of one booking, by table, in the order of their writing."""

    rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bookings", type=int, default=400)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--claims", type=int, default=CLAIMS, help="over HTTP, to try it out")
    options = parser.parse_args()
    ours, plain = rates(options.bookings, options.workers)
    share = ours / plain
    say("bookings a second, service", f"{ours:.0f}")
    say("bookings a second, plain psycopg, same rows", f"{plain:.0f}")
    say("share", f"{share:.2f} (limit {SHARE})")
    spent = cpu(options.bookings)
    say("ms of CPU a booking", f"{spent:.1f} (limit {CPU:.0f})")
    count = min(options.bookings, 100)
    over_http = booking_over_http.share(some_people(count), some_periods(count))
    for name, part in over_http.items():
        say(f"{name} over HTTP, of an empty view", f"{part:.2f} (limit {OVER_HTTP})")
    ended = claim(CLAIMANTS)
    say(f"{CLAIMS} claims on {PLACES} places", told(ended))
    honest = ended["booked"] == PLACES and set(ended) <= {"booked", "PeriodFull"}
    answered = claims_over_http.claim(
        some_people(options.claims), some_periods(PLACES // 4), CLAIMANTS
    )
    say(f"{options.claims} over HTTP on {PLACES} places", told(answered))
    honest &= answered["booked"] == PLACES and set(answered) <= {"booked", "conflict"}
    quick = share >= SHARE and spent <= CPU and min(over_http.values()) >= OVER_HTTP
    return 0 if quick and honest else 1


def rates(bookings: int, workers: int) -> tuple[float, float]:
    """Through the service, and the same rows by hand, by as many workers on durable commits."""
    periods = some_periods(bookings // 4 + 1)
    people = some_people(bookings)
    places = [periods[n // 4] for n in range(bookings)]
    tables = written_by(people[0], places[0])
    first = xid()
    pairs = zip(people, places, strict=True)
    written = [record(person, period, tables) for person, period in pairs]
    forget(written, first)
    first = xid()
    plain = rate([lambda w=one: write(w) for one in written], workers)
    forget(written, first)
    ours = rate([lambda a=a, p=p: book(a, p) for a, p in zip(people, places, strict=True)], workers)
    return ours, plain


def cpu(bookings: int) -> float:
    """One after the other; warm."""
    people, periods = some_people(bookings), some_periods(bookings // 4 + 1)
    for n in range(bookings):
        if n == bookings // 4:
            began = time.process_time()
        run(lambda n=n: book(people[n], periods[n // 4]))
    return (time.process_time() - began) * 1000 / (bookings - bookings // 4)


def rate(calls: Sequence[Callable[[], Any]], workers: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        for _done in pool.map(run, calls):
            pass
    return len(calls) / (time.perf_counter() - began)


def run(call: Callable[[], Any]) -> Any:
    """With a connection of the pool, as a request has one."""
    try:
        return call()
    finally:
        connection.close()


def book(actor: Any, period: Any) -> Any:
    with intention(actor, door="bench"):
        return services.book(actor=actor, patient=actor.patient, period_id=period.pk)


def written_by(actor: Any, period: Any) -> list[str]:
    """Into which tables a booking writes; as if it had not been made."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [table for (table,) in cursor.fetchall()]
    first = xid()
    written = record(actor, period, tables)
    forget([written], first)
    return list(dict.fromkeys(table for table, _row in written.rows))


def record(actor: Any, period: Any, tables: Sequence[str]) -> Written:
    """Book it, and find every row that this wrote by the numbers of its transactions."""
    first = xid()
    book(actor, period)
    last = xid()
    written = Written()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table} WHERE {SINCE}", [first, last])  # noqa: S608
            names = [column.name for column in cursor.description]
            for row in cursor.fetchall():
                written.rows.append((table, dict(zip(names, row, strict=True))))
    return written


def xid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current() % 4294967296")
        return int(cursor.fetchone()[0])


def write(written: Written) -> None:
    """One transaction: the counter moves, and each row is inserted."""
    connection.ensure_connection()
    raw = connection.connection
    with raw.transaction(), raw.cursor() as cursor:
        for table, row in written.rows:
            if table == PeriodPool._meta.db_table:
                cursor.execute(f"UPDATE {table} SET taken = taken + 1 WHERE id = %s", [row["id"]])  # noqa: S608
                continue
            cursor.execute(insertion(table, row), [adapted(value) for value in row.values()])


def insertion(table: str, row: dict[str, Any]) -> sql.Composed:
    return sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
        sql.SQL(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(sql.Placeholder() * len(row)),
    )


def adapted(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value


def forget(written: Sequence[Written], first: int) -> None:
    """As if none of it had been booked: what was inserted since, goes; the counters are empty."""
    last = xid()
    with connections["owner"].cursor() as cursor:
        for table in {table for one in written for table, _row in one.rows}:
            if table == PeriodPool._meta.db_table:
                cursor.execute(f"UPDATE {table} SET taken = 0")  # noqa: S608
                continue
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # some only grow
            cursor.execute(f"DELETE FROM {table} WHERE {SINCE}", [first, last])  # noqa: S608
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def claim(workers: int) -> Counter[str]:
    """Everybody wants the last places at once, and tries twenty times."""
    [*periods] = some_periods(PLACES // 4)
    people = [PatientFactory(user=UserFactory()).user for _ in range(CLAIMS // 20)]
    ended, lock = Counter[str](), threading.Lock()

    def come(turn: int) -> None:
        actor, period = people[turn % len(people)], periods[turn % len(periods)]
        try:
            book(actor, period)
            outcome = "booked"
        except DomainError as error:
            outcome = type(error).__name__
        with lock:
            ended[outcome] += 1

    rate([lambda n=n: come(n) for n in range(CLAIMS)], workers)
    live = Appointment.objects.filter(period__in=periods).count()
    if live != ended["booked"]:
        ended["untrue"] += 1
    return ended


def told(ended: Counter[str]) -> str:
    return ", ".join(f"{what} {count}" for what, count in ended.items())


def some_people(count: int) -> list[Any]:
    """Residents, each with a record of their own."""
    return [PatientFactory(user=UserFactory()).user for _ in range(count)]


def some_periods(count: int) -> list[Any]:
    """Open periods of four places, sixteen a session."""
    department = DepartmentFactory()
    found: list[Any] = []
    for day in days():
        session = SessionFactory(department=department, clinician=doctor_of(department), day=day)
        for half in range(8):
            if len(found) == count:
                return found
            begin = session.starts_at + timedelta(minutes=30 * half)
            found.append(PeriodFactory(session=session, starts_at=begin))
    return found


def days() -> Iterator[date]:
    day = timezone.localdate()
    while True:
        day += timedelta(days=2)
        yield day


def say(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:50} {figure}\n")


if __name__ == "__main__":
    sys.exit(main())
