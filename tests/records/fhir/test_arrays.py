"""Columns reach PostgreSQL as they are, in the type that was named."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from records.fhir import ranges
from records.fhir.arrays import PACKS, array
from records.fhir.work import Ask, run_here

VALUES = {
    "int2": [1, -1, None, 32_767],
    "int4": [1, -1, None, 2**31 - 1],
    "int8": [1, -(2**63), None, 2**63 - 1],
    "float8": [0.5, -ranges.LARGEST, None],
    "bool": [True, False, None],
    "text": ["王小兰", b"bytes", "", None],
    "timestamptz": [
        datetime(1968, 5, 1, 8, 30, 0, 123, tzinfo=UTC),
        datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=8))),
        ranges.EARLIEST,
        ranges.LATEST,
        None,
    ],
}


def back(column):
    rows = yield Ask(
        "select pg_typeof(%(column)b)::text, v from unnest(%(column)b) v", {"column": column}
    )
    return rows


@pytest.mark.django_db
@pytest.mark.parametrize("element", PACKS)
def test_a_column_arrives_as_it_was(element, by, stranger):
    values = VALUES[element]
    with by(stranger):
        rows = run_here(back(array(element, values)))
        assert run_here(back(array(element, []))) == []
    assert [value for _kind, value in rows] == [
        value.encode() if isinstance(value, str) else value for value in values
    ]
    assert len({kind for kind, _value in rows}) == 1
