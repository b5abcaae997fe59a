"""What the application's role may do: everything, except change what is sealed."""

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.sql import SQL, Identifier

_sealed_tables: set[str] = set()


def seal_table(table: str) -> None:
    """For append-only tables that are no model's. Called in ready()."""
    _sealed_tables.add(table)


def apply(connection: BaseDatabaseWrapper, role: str) -> None:
    """
    Run as the owner after each migration. A model is sealed by APPEND_ONLY = True.

    Partitions are tables of their own: what is revoked on the parent is revoked on them too.
    """
    models = {m._meta.db_table for m in apps.get_models() if getattr(m, "APPEND_ONLY", False)}
    with connection.cursor() as cursor:
        for statement in (
            SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"),
            SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"),
        ):
            cursor.execute(statement.format(role=Identifier(role)))
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p')"
            " AND c.relnamespace = 'public'::regnamespace AND (c.relname = ANY(%(sealed)s)"
            " OR EXISTS (SELECT FROM pg_partition_ancestors(c.oid) a"
            " JOIN pg_class p ON p.oid = a.relid WHERE p.relname = ANY(%(sealed)s)))",
            {"sealed": sorted(models | _sealed_tables)},
        )
        if sealed := [Identifier(table) for (table,) in cursor.fetchall()]:
            revoke = SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {tables} FROM {role}")
            tables = SQL(", ").join(sealed)
            cursor.execute(revoke.format(tables=tables, role=Identifier(role)))
