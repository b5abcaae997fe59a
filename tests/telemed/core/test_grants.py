from datetime import timedelta

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection
from django.utils import timezone

from telemed.audit import partitions
from telemed.audit.models import AuditRow

pytestmark = pytest.mark.django_db

PRIVILEGE = """
    SELECT c.relname, privilege
    FROM pg_class c
    CROSS JOIN unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND (c.relname = ANY(%(sealed)s) OR EXISTS (
        SELECT FROM pg_partition_ancestors(c.oid) a JOIN pg_class p ON p.oid = a.relid
        WHERE p.relname = ANY(%(sealed)s)))
      AND has_table_privilege(current_user, c.oid, privilege)
"""


def sealed_tables():
    return [m._meta.db_table for m in apps.get_models() if getattr(m, "APPEND_ONLY", False)]


def test_the_application_may_not_change_a_sealed_table_nor_any_of_its_partitions():
    assert "audit_auditrow" in sealed_tables()
    with connection.cursor() as cursor:
        cursor.execute(PRIVILEGE, {"sealed": sealed_tables()})
        assert cursor.fetchall() == []


@pytest.mark.parametrize("statement", ["UPDATE {} SET door = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_itself_refuses_to_change_the_trace(statement):
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(statement.format(AuditRow._meta.db_table))


def test_the_next_months_of_the_trace_have_their_partitions():
    month = timezone.localdate().replace(day=1)
    with connection.cursor() as cursor:
        for _ in range(partitions.AHEAD):
            cursor.execute("SELECT to_regclass(%s)", [f"audit_auditrow_{month:%Y%m}"])
            assert cursor.fetchone()[0], month
            month = (month + timedelta(days=32)).replace(day=1)


def test_a_row_outside_the_months_is_kept_by_the_default_partition():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname LIKE"
            " 'audit_auditrow_%%' AND relispartition"
        )
        assert "DEFAULT" in {bound for (bound,) in cursor.fetchall()}
