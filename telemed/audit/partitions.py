"""Months of the trace."""

from datetime import date

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

AHEAD = 18  # months; a release, and with it a migration, comes far more often


def make_months(connection: BaseDatabaseWrapper) -> None:
    """This month and the next ones; what falls outside goes to the default partition."""
    month = timezone.localdate().replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('audit_auditrow') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return  # a partial migration has not made the table yet
        statements = []
        for _ in range(AHEAD):
            following = _next(month)
            statements.append(
                f"CREATE TABLE IF NOT EXISTS audit_auditrow_{month:%Y%m}"
                " PARTITION OF audit_auditrow"
                f" FOR VALUES FROM ('{month} 00:00:00+08') TO ('{following} 00:00:00+08')"
            )
            month = following
        cursor.execute(";".join(statements))  # together they are one commit


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
