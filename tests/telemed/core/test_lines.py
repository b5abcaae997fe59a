"""A database that stands still: the one who asks goes on."""

import psycopg
import pytest
from django.db import connection

from telemed.core import lines
from telemed.core.lines import Line

SLOW = "SELECT pg_sleep(0.6)"


@pytest.fixture
def line(db, monkeypatch):
    monkeypatch.setattr(Line, "longest", 0.2)
    asked = connection.get_connection_params()
    known = {k: v for k, v in asked.items() if k in {"dbname", "user", "password", "host", "port"}}
    with Line.connect(**known, autocommit=True) as line:
        yield line


def test_nobody_waits_longer_than_that_and_the_line_is_used_no_more(line):
    with pytest.raises(psycopg.OperationalError):
        line.execute(SLOW)

    assert line.closed


def test_what_may_take_longer_is_waited_for(line):
    with lines.expecting(line, 5_000):
        line.execute(SLOW)

    with pytest.raises(psycopg.OperationalError):
        line.execute(SLOW)


def test_a_refused_statement_leaves_the_line_open(line):
    with pytest.raises(psycopg.errors.QueryCanceled):
        line.execute("SET statement_timeout = 50; SELECT pg_sleep(0.1)")

    assert line.execute("SELECT 1").fetchone() == (1,)
