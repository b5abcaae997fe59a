"""
What a booking costs as the province joins: python -m tests.benchmarks growth [--bookings N]

Lays a fortnight of 5 hospitals, books through the service, one after the other, then lays 95 more
hospitals and books again. Each hospital has 15 departments, three sessions of each a day, and every
third period has a booking already. Exit 1 when a booking among 100 hospitals (median) costs more
than 1.2 times what it cost among 5.
"""

import argparse
import random
import statistics
import sys
import time

from django.db import connection, connections

from records.mpi.models import Patient
from scheduling.availability.models import PeriodPool
from tests.benchmarks import application
from tests.benchmarks.bench_availability import DAYS, EACH, HALVES, lay, say
from tests.benchmarks.bench_booking import book, run
from tests.factories.people import PatientFactory, UserFactory

__all__ = ["application"]

FEW, MANY, LIMIT = 5, 100, 1.2
SESSIONS = 3  # of a department and day
WARM = 50
# Of somebody else each: no two of them are in each other's way.
BOOKED = """
    INSERT INTO appointments_appointment (id, created_at, patient_id, person_key, period_id, pool,
        organisation_id, department_id, day, during, day_rank, examination, ticket, status,
        holds_place, plan_pool, channel, mode, reason, fee, fee_basis, fee_reason, booked_by_id,
        booked_at, ended_because, late)
    SELECT gen_random_uuid(), now(), %s, gen_random_uuid(), p.id, 'public', p.organisation_id,
        p.department_id, (p.starts_at AT TIME ZONE 'Asia/Shanghai')::date,
        tstzrange(p.starts_at, p.ends_at), 1, '', 1, 'booked', true, '', 'web', 'in_person', '', 10,
        'standard', '', %s, now(), '', false
    FROM availability_period p JOIN availability_periodpool t ON t.period_id = p.id
    WHERE p.state = 'open' AND random() < 0.33
      AND NOT EXISTS (
          SELECT FROM appointments_appointment a WHERE a.period_id = p.id
      )
"""
COUNTED = """
    UPDATE availability_periodpool t SET taken = counted.n
    FROM (
        SELECT p.id, count(a.id) AS n
        FROM availability_period p LEFT JOIN appointments_appointment a ON a.period_id = p.id
        GROUP BY p.id
    ) counted
    WHERE counted.id = t.period_id AND t.taken <> counted.n
"""
TABLES = ("appointments_appointment", "availability_periodpool")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bookings", type=int, default=400)
    options = parser.parse_args()
    people = [PatientFactory(user=UserFactory()) for _ in range(2 * (options.bookings + WARM))]
    half = len(people) // 2
    few = cost(range(FEW), people[:half])
    many = cost(range(FEW, MANY), people[half:])
    say(f"ms a booking, {FEW} and {MANY} hospitals", f"{few:.2f} {many:.2f}")
    say("growth", f"{many / few:.2f} (limit {LIMIT})")
    return 0 if many / few <= LIMIT else 1


def cost(hospitals: range, people: list[Patient]) -> float:
    """The median of one booking, in ms, when these have joined."""
    lay(hospitals, len(hospitals) * EACH * DAYS * HALVES * SESSIONS)
    with connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(BOOKED, [people[0].pk, people[0].user_id])
        cursor.execute(COUNTED)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"ANALYZE {table}")
    spent = []
    for person, period in zip(people, free_periods(len(people)), strict=True):
        began = time.perf_counter()
        run(lambda a=person.user, p=period.period: book(a, p))
        spent.append((time.perf_counter() - began) * 1000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM appointments_appointment")
        say("bookings there", f"{cursor.fetchone()[0]:,}")
    return statistics.median(spent[WARM:])


def free_periods(count: int) -> list[PeriodPool]:
    """Anywhere, one of each."""
    free = PeriodPool.objects.filter(taken__lt=4, period__state="open").values_list("pk", flat=True)
    chosen = random.Random(4).sample(list(free), count)  # noqa: S311  the same ones each time
    return list(PeriodPool.objects.filter(pk__in=chosen).select_related("period"))


if __name__ == "__main__":
    sys.exit(main())
