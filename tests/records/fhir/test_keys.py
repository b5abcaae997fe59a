"""Frozen: a stored row is found by these numbers. A test that fails here means REVISION + 1."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from records.fhir import keys, ranges
from records.fhir.definitions import TYPE_NUMBER, parameters
from telemed.core import ids

VECTORS = {
    "types": (0, 95, 102),
    "Observation.code": 92096114486166278,
    "bit": 2,
    "token": (385732928244553070, 509521549346047806, -7435357793166852431),
    "of-type": -1429313271501212098,
    "unit": -2274033854495241653,
    "foreign": -5145124382459753628,
}


def test_the_numbers_of_types_and_parameters_never_move():
    assert (TYPE_NUMBER["Account"], TYPE_NUMBER["Observation"], TYPE_NUMBER["Patient"]) == VECTORS[
        "types"
    ]
    assert keys.parameter("Observation", "code") == VECTORS["Observation.code"]
    assert parameters("Observation")["code"].bit == VECTORS["bit"]


def test_the_hashes_of_values_never_move():
    key = keys.parameter("Observation", "code")
    assert keys.token(key, "http://loinc.org", "8480-6") == VECTORS["token"]
    assert keys.of_type(key, "http://t", "MR", "1") == VECTORS["of-type"]
    assert keys.unit("http://unitsofmeasure.org", "mg") == VECTORS["unit"]
    assert keys.rid_of("Patient", "example") == VECTORS["foreign"]


def test_our_own_ids_carry_their_number_and_foreign_ones_are_negative():
    ours = ids.new_id()
    assert keys.rid_of("Patient", str(ours)) == ids.rid_of(ours) > 0
    assert keys.rid_of("Patient", str(ours).upper()) < 0
    assert keys.rid_of("Patient", str(UUID(int=4))) < 0
    assert keys.rid_of("Patient", "1") != keys.rid_of("Observation", "1")


@pytest.mark.parametrize(
    ("text", "start", "width"),
    [
        ("2026-11-24", datetime(2026, 11, 23, 16, tzinfo=UTC), timedelta(days=1)),
        ("2026-12", datetime(2026, 11, 30, 16, tzinfo=UTC), timedelta(days=31)),
        ("2026", datetime(2025, 12, 31, 16, tzinfo=UTC), timedelta(days=365)),
        ("2026-11-24T08:00:00Z", datetime(2026, 11, 24, 8, tzinfo=UTC), timedelta(seconds=1)),
        ("2026-11-24T08:00:00.5-02:00", datetime(2026, 11, 24, 10, 0, 0, 500_000, tzinfo=UTC),
         timedelta(milliseconds=100)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC),
         timedelta(seconds=1)),
        ("2026-11-24T08:00", datetime(2026, 11, 24, 0, tzinfo=UTC), timedelta(minutes=1)),
        ("0001-01-01", ranges.EARLIEST, timedelta(0)),
        ("9999-12-31", ranges.LATEST, timedelta(0)),
    ],
)  # fmt: skip
def test_a_date_stands_for_everything_that_rounds_to_it(text, start, width):
    low, high = ranges.of_date(text)
    assert (low, high - low) == (start, width)


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        (5, 4.5, 5.5),
        (Decimal("5.4"), 5.35, 5.45),
        (Decimal("5.40"), 5.395, 5.405),
        (Decimal("1E+3"), 500.0, 1500.0),
        (Decimal("1E+400"), ranges.LARGEST, ranges.LARGEST),
    ],
)
def test_a_number_stands_for_everything_that_rounds_to_it(value, low, high):
    assert ranges.of_number(value) == (low, high)
