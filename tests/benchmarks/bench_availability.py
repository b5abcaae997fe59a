"""
What looking for a time costs among a window of them: python -m tests.benchmarks availability

Lays periods in bulk (--periods, else 1.2 million over 14 days), then asks again and again for what
a page or a system asks, each time somewhere else. p95 of the milliseconds that its statements take
from the door's side, each beside the limit (50; exit 1 when it is broken):

- the FHIR search Slot?status=free&schedule=…&start=ge…, with its audit row, and without schedule;
- departments with something free by name (up to 1,200 of that name), near by, and of a doctor,
  in characters and in pinyin, and the nearest of them;
  the days of one, and the times of a day.
"""

import argparse
import asyncio
import math
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.db import connection, connections
from django.utils import timezone

from records.fhir.callers import Caller, Kind
from records.fhir.door import pool
from records.fhir.search import parsing
from scheduling.availability.searching import days_of, find_departments, periods_of
from scheduling.availability.slots import SLOT
from telemed.core.ids import new_id
from telemed.organisations.models import Department
from telemed.people.models import PractitionerRole, Role, User
from tests.benchmarks import application
from tests.factories.people import DepartmentFactory, DivisionFactory, OrganisationFactory

__all__ = ["application"]

LIMIT = 50.0  # ms, p95
DAYS, HALVES = 14, 8  # a session is eight half hours
HOSPITALS, EACH, DOCTORS = 200, 15, 30  # the province's, and what each of them has
PREFECTURES, COUNTIES = 9, 10
# Ids in the order of their making, as ours are; the constraints hold, and are checked by nobody.
SESSIONS = """
    INSERT INTO availability_session (id, created_at, organisation_id, department_id, kind, service,
        room, period_minutes, capacity, day, during, title, shares, state, release_at, identifier)
    SELECT gen_random_uuid(), now(), d.organisation_id, d.id, 'clinic', '', '', 30, 4, day,
        tstzrange(begin, begin + interval '4 hours'), '', '{}', 'published', now(), ''
    FROM organisations_department d, generate_series(1, %s) turn, generate_series(1, %s) ahead,
        LATERAL (SELECT current_date + ahead AS day) a,
        LATERAL (SELECT (day + time '08:00') AT TIME ZONE 'Asia/Shanghai' AS begin) b
    WHERE d.name LIKE '科室%%' AND d.id NOT IN (SELECT department_id FROM availability_session)
"""
PERIODS = """
    INSERT INTO availability_period (id, created_at, session_id, organisation_id, department_id,
        starts_at, ends_at, closes_at, capacity, state)
    SELECT gen_random_uuid(), now(), s.id, s.organisation_id, s.department_id, at,
        at + interval '30 minutes', closes, 4,
        CASE WHEN closes > now() THEN 'open' ELSE 'closed' END
    FROM availability_session s, generate_series(0, %s) half,
        LATERAL (SELECT lower(s.during) + half * interval '30 minutes' AS at,
            lower(s.during) - interval '16 hours' AS closes) a
    WHERE s.id NOT IN (SELECT session_id FROM availability_period)
"""
# Every second place is taken, and one period of three is full.
POOLS = """
    INSERT INTO availability_periodpool (period_id, pool, places, taken, returned)
    SELECT p.id, 'public', 4, CASE WHEN random() < 0.34 THEN 4 ELSE 2 END, 0
    FROM availability_period p WHERE p.id NOT IN (SELECT period_id FROM availability_periodpool)
"""
# Tomorrow's are closed from this afternoon on.
STILL_OPEN = """
    SELECT id FROM availability_session WHERE day > current_date + 1 ORDER BY id LIMIT %s
"""
TABLES = ("availability_session", "availability_period", "availability_periodpool")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--periods", type=int, default=1_200_000)
    parser.add_argument("--asks", type=int, default=100)
    options = parser.parse_args()
    began = time.perf_counter()
    lay(range(HOSPITALS), options.periods)
    say(f"{count():,} periods laid, s", f"{time.perf_counter() - began:.0f}")
    slow = 0
    for name, times in measure(options.asks):
        worst = statistics.quantiles(times, n=20)[18]
        slow += worst > LIMIT
        say(f"{name}, p50 / p95 ms", f"{statistics.median(times):.1f} / {worst:.1f} ({LIMIT:.0f})")
    return 1 if slow else 0


def lay(hospitals: range, periods: int) -> None:
    """So many more hospitals, and so many periods among them."""
    for hospital in hospitals:
        place = hospital % (PREFECTURES * COUNTIES)
        code = f"52{place % PREFECTURES + 1:02}{place // PREFECTURES + 1:02}"
        organisation = OrganisationFactory(division=DivisionFactory(code=code))
        departments = [
            DepartmentFactory(organisation=organisation, name=f"科室 {n}") for n in range(EACH)
        ]
        names = [f"医生 {hospital}-{n}" for n in range(DOCTORS)]
        doctors = [User(username=new_id(), name=name) for name in names]
        User.objects.bulk_create(doctors)
        PractitionerRole.objects.bulk_create(
            PractitionerRole(
                user=doctor, organisation=organisation, department=department, role=Role.SPECIALIST
            )
            for doctor, department in zip(doctors, departments * 2, strict=True)
        )
    each = math.ceil(periods / (len(hospitals) * EACH * DAYS * HALVES))
    with connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(SESSIONS, [each, DAYS])
        cursor.execute(PERIODS, [HALVES - 1])
        cursor.execute(POOLS)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"ANALYZE {table}")


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM availability_period")
        return int(cursor.fetchone()[0])


def measure(asks: int) -> Iterator[tuple[str, list[float]]]:
    departments = list(
        Department.objects.filter(name__startswith="科室").select_related("organisation")
    )
    random.Random(4).shuffle(departments)  # noqa: S311 - some of each place
    with connection.cursor() as cursor:
        cursor.execute(STILL_OPEN, [asks])
        sessions = [row[0] for row in cursor.fetchall()]
    day = timezone.localdate() + timedelta(days=5)
    start = f"start=ge{day}"
    one = [f"status=free&schedule=Schedule/{session}&start=ge2026-01-01" for session in sessions]
    turn = [departments[n % len(departments)] for n in range(asks)]
    pools = ["public"]
    yield "Slot of a schedule", asyncio.run(slots(one))
    yield "Slot from a day on", asyncio.run(slots([f"status=free&{start}"] * asks))
    yield "departments by name", taken(lambda d: find_departments(d.name, at(d), pools), turn)
    yield "departments near", taken(lambda d: find_departments("", at(d), pools), turn)
    yield "a doctor by name", taken(lambda d: find_departments("医生 77-1", at(d), pools), turn)
    yield "a doctor by pinyin", taken(lambda d: find_departments("yisheng77-1", at(d), pools), turn)
    yield "departments by pinyin", taken(lambda d: find_departments("keshi", at(d), pools), turn)
    yield "the nearest", taken(lambda d: find_departments(d.name, at(d), pools, nearest=True), turn)
    yield "days of a department", taken(lambda d: days_of(d, pools), turn)
    yield "times of a day", taken(lambda d: periods_of(d, day, pools), turn)


def at(department: Department) -> str:
    return department.organisation.division_id


def taken(ask: Callable[[Any], Any], things: list[Any]) -> list[float]:
    """The statements' time alone, warm."""
    spent: list[float] = []

    def clocked(execute: Any, *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent[-1] += (time.perf_counter() - began) * 1000

    for thing in things:
        spent.append(0.0)
        with connection.execute_wrapper(clocked):
            ask(thing)
    return spent[5:]


async def slots(queries: list[str]) -> list[float]:
    caller = Caller(kind=Kind.SYSTEM, actor_id=f"application:{new_id()}")
    spent = []
    for text in queries:
        pairs = parsing.pairs_of(text)
        query = parsing.parse("Slot", pairs, base="http://bench/fhir")
        began = time.perf_counter()
        found = await pool.run(SLOT.search(caller, query, pairs))
        spent.append((time.perf_counter() - began) * 1000)
        if found is None or not found.bodies:
            raise SystemExit(f"Nothing is free: {text}")
    await pool.close()
    return spent[5:]


def say(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:50} {figure}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
