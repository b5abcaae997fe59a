"""
What thirteen months of the province cost: python -m tests.benchmarks figures [--years N]

Lays the demonstration province with its synthetic past, about 200,000 steps; with --years N, as
many again for each older year. Prints milliseconds of the one statement behind each page, and the
plan's time. Exits 1 where the province takes longer than a second.
"""

import argparse
import statistics
import sys
import time

from django.db import connection
from django.utils import timezone

from consult.requests.indicators.computing import STATEMENT, _values, compute
from telemed.core import publication
from telemed.core.intentions import System, intention
from telemed.demo import laying, past, province, services
from telemed.demo.models import PROVINCE, FillProgress
from telemed.oversight.indicators import Cut, Level, Period, Question, months_until, name_of
from tests.benchmarks import application

__all__ = ["application"]

LIMIT = 1_000  # ms
ROUNDS = 7
CHUNK = 100  # institutions an intention
PAGES = {
    "province": ("", (Level(Cut.TOTAL), Level(Cut.PREFECTURE), Level(Cut.COUNTY))),
    "prefecture": ("", (Level(Cut.TOTAL), Level(Cut.PREFECTURE), Level(Cut.COUNTY, "5201"))),
    "own county": ("520121", (Level(Cut.TOTAL), Level(Cut.INSTITUTION))),
}
OLDER = """
    WITH older AS (
        INSERT INTO requests_case (id, created_at, number, kind, status, patient_id, asking_id,
            asked_id, requester_id, mode, reason, aim, wanted_time, summary, specialty, title,
            opinion_version, withdrawn_version, cancel_reason, closing, closing_note)
        SELECT gen_random_uuid(), created_at, 'Y' || %(year)s || number, kind, status, patient_id,
            asking_id, asked_id, requester_id, mode, reason, aim, wanted_time, summary, specialty,
            title, 0, 0, '', closing, ''
        FROM requests_case WHERE number LIKE 'H%%'
        RETURNING id, number
    )
    INSERT INTO requests_step (id, created_at, case_id, action, from_status, to_status, at, facts)
    SELECT gen_random_uuid(), step.created_at, older.id, step.action, '', '',
           step.at - make_interval(months => 13 * %(year)s), step.facts
    FROM older JOIN requests_case known ON 'Y' || %(year)s || known.number = older.number
    JOIN requests_step step ON step.case_id = known.id
"""


def lay(years: int) -> None:
    filler = System("bench")
    with intention(filler, door="bench", timeout_ms=0):
        services.lay_divisions()
        FillProgress.objects.get_or_create(
            key=PROVINCE, defaults={"total": 1, "finished_at": timezone.now()}
        )
    places = sorted(province.plan(), key=lambda place: place.number)
    for start in range(0, len(places), CHUNK):
        with intention(filler, door="bench", timeout_ms=0):
            services.lay_places(places=places[start : start + CHUNK], password="x")  # noqa: S106
    left: int | None = len(past.counties())
    while left is not None:
        with intention(filler, door="bench", timeout_ms=0):
            left = laying.lay_past()
    with connection.cursor() as cursor:
        for year in range(1, years + 1):
            cursor.execute(OLDER, {"year": year})
        cursor.execute("ANALYZE requests_step, requests_case")


def question(page: str) -> Question:
    inside, levels = PAGES[page]
    months = months_until(timezone.localdate().replace(day=1), 13)
    return Question(
        periods={name_of(month): Period.month(month) for month in months},
        levels=levels,
        inside=inside,
    )


def milliseconds(page: str) -> float:
    asked, took = question(page), []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        compute(asked)
        took.append((time.perf_counter() - began) * 1_000)
    return statistics.median(took)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=0, help="older years besides")
    years = parser.parse_args().years
    publication.connect(lambda mapping, name, resource, **more: None)  # not what is measured
    lay(years)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM requests_step")
        sys.stdout.write(f"{cursor.fetchone()[0]:,} steps\n")
    found = {page: milliseconds(page) for page in PAGES}
    for page, took in found.items():
        sys.stdout.write(f"{page:<12} {took:7.0f} ms\n")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF) {STATEMENT}", _values(question("province")))
        sys.stdout.write("\n".join(row[0] for row in cursor.fetchall()) + "\n")
    return int(found["province"] > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
