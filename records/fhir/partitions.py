"""Months of the version table: a record number begins with the time, so they are ranges of it."""

from datetime import datetime

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from records.fhir.ranges import LOCAL
from telemed.core.ids import COUNTER_BITS, PROCESS_BITS

AHEAD = 18  # months; a release, and with it a migration, comes far more often


def make_months(connection: BaseDatabaseWrapper) -> None:
    """This month and the next ones; what falls outside goes to the default partition."""
    today = timezone.localdate()
    month = datetime(today.year, today.month, 1, tzinfo=LOCAL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('fhir_version') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return  # a partial migration has not made the table yet
        statements = []
        for _month in range(AHEAD):
            following = _next(month)
            statements.append(
                f"CREATE TABLE IF NOT EXISTS fhir_version_{month:%Y%m} PARTITION OF fhir_version"
                f" FOR VALUES FROM ({first_rid(month)}) TO ({first_rid(following)})"
            )
            month = following
        cursor.execute(";".join(statements))  # together they are one commit


def first_rid(moment: datetime) -> int:
    """The lowest record number that can be given from that moment on."""
    return int(moment.timestamp() * 1000) << (PROCESS_BITS + COUNTER_BITS)


def _next(month: datetime) -> datetime:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
