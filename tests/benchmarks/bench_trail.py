"""
What the signals about the trail cost: python -m tests.benchmarks trail [--rows N]

Lays rows of this month's audit in bulk (--rows, else three million), of 20,000 accounts in their
institutions, every third the opening of a record. Seconds of the two rules that read all of it,
beside those that the task has for a statement with the rows of a province: --province of them, else
thirty million. Exit 1 where the share of these rows takes longer than its share of that time.
"""

import argparse
import sys
import time

from django.db import connections
from django.utils import timezone

from records.consent.signals import MANY, NO_RELATION
from telemed.oversight.indicators import Period
from telemed.oversight.signals import rules
from telemed.oversight.tasks import MONTH
from tests.benchmarks import application

__all__ = ["application"]

ROWS = """
    INSERT INTO audit_auditrow (id, at, actor_id, organisation_id, role, trace_id, door, action,
        target, patient_id, reason, refused, hash, xact)
    SELECT n, first + random() * (now() - first), 'user-' || n %% 20000,
        md5((n %% 20000 / 12)::text)::uuid::text, 'specialist', gen_random_uuid(), 'web',
        CASE WHEN n %% 3 = 0 THEN 'patient.read' ELSE 'case.draft' END, 'Patient/' || n,
        md5((n %% 500000)::text)::uuid::text, 'care', '', repeat('a', 64), n
    FROM generate_series(1, %s) n, LATERAL (SELECT date_trunc('month', now()) AS first) m
"""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--province", type=int, default=30_000_000)
    options = parser.parse_args()
    began = time.perf_counter()
    lay(options.rows)
    say(f"{options.rows:,} rows laid, s", f"{time.perf_counter() - began:.0f}")
    limit = MONTH / 1000 * options.rows / options.province
    now = timezone.now()
    month = Period(now.replace(day=1, hour=0, minute=0, second=0, microsecond=0), now)
    slow = 0
    for rule in rules():
        if rule.key in (MANY, NO_RELATION):
            began = time.perf_counter()
            assert rule.count
            rule.count(month)
            took = time.perf_counter() - began
            slow += took > limit
            say(f"{rule.key}, s", f"{took:.1f} (limit {limit:.0f})")
    return 1 if slow else 0


def lay(rows: int) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditrow DISABLE TRIGGER USER")
        cursor.execute(ROWS, [rows])
        cursor.execute("ALTER TABLE audit_auditrow ENABLE TRIGGER USER")
        cursor.execute("ANALYZE audit_auditrow")


def say(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:50} {figure}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
