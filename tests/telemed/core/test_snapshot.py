"""A new database is laid in one piece, and has what the migrations would have made."""

import re

import pytest
from django.db import connections

from telemed.core import snapshot
from telemed.demo import snapshots

WRITE = "run `python manage.py snapshot`"


def test_the_snapshot_is_what_the_migrations_make():
    assert snapshot.PIECE.read_text() == snapshots.made(), WRITE


def test_the_snapshot_makes_what_the_migrations_make():
    made = snapshots.made(one_by_one=False)
    assert without_casts(made) == without_casts(snapshot.PIECE.read_text())


def without_casts(tables: str) -> str:
    """PostgreSQL says the casts of a list by its elements once it has read what it wrote."""
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", tables)


@pytest.mark.django_db(databases=["owner"])
def test_a_database_that_has_tables_is_left_alone(django_assert_num_queries):
    with django_assert_num_queries(1, connection=connections["owner"]):
        snapshot.lay(connections["owner"])
