"""Before and after a day: both periods, how sure they are, and what that means."""

from datetime import datetime, timedelta

import pytest

from telemed.oversight.statistics import wilson
from tests.factories.lives import live, many
from tests.telemed.oversight.conftest import CHINA
from tests.telemed.oversight.reading import page_of

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 10, 1, tzinfo=CHINA)
PATH = "/oversight/compare/"


def test_wilson_by_hand():
    """Wilson (1927): 10 of 20 → 29.9 to 70.1 %; it never leaves 0 to 100."""
    assert [round(end, 1) for end in wilson(10, 20)] == [29.9, 70.1]
    assert [round(end, 1) for end in wilson(0, 20)] == [0.0, 16.1]
    assert [round(end, 1) for end in wilson(20, 20)] == [83.9, 100.0]


@pytest.fixture
def changed(clinics):
    """Before: slow, half closed. After: quick, all closed."""
    clinic = clinics["520121"]
    for number in range(60):
        before, after = DAY - timedelta(days=1 + number % 20), DAY + timedelta(days=number % 20)
        live(clinic, before, answered=60 + number % 9, decision="adopted" if number % 2 else "")
        live(clinic, after, answered=20 + number % 9, decision="adopted")
    return clinic


def test_both_periods_stand_side_by_side_with_n_and_interval(client, official, changed):
    page = page_of(client, official, path=PATH, date="2026-10-01", days="30")
    assert "2026-09-01 – 2026-10-01 – 2026-10-30" in page
    assert "First answer, median min Before 64 n ≈ 60 63–65 After 24 n ≈ 60 23–25" in page
    assert "Loop closed % Before 50 n ≈ 60 35–65 After 100 n ≈ 60 90–100" in page
    assert page.count("Better afterwards: the intervals do not touch") == 2
    assert "The intervals overlap: what differs may be chance." in page


def test_counts_are_rounded_so_that_a_case_more_tells_nothing(client, official, changed):
    live(changed, DAY + timedelta(days=3), answered=20, decision="adopted")
    page = page_of(client, official, path=PATH, date="2026-10-01")
    assert "After 100 n ≈ 60" in page
    assert "61" not in page


def test_a_day_not_long_ago_shortens_both_periods(client, official, changed):
    page = page_of(client, official, path=PATH, date="2026-11-14", days="90")
    assert "Only 10 days have passed since" in page
    assert "2026-11-04 – 2026-11-14 – 2026-11-23" in page


def test_too_few_are_not_compared(client, official, clinics):
    many(4, clinics["520121"], DAY - timedelta(days=2), answered=7)
    many(5, clinics["520121"], DAY + timedelta(days=2), answered=7)
    page = page_of(client, official, path=PATH, date="2026-10-01")
    assert "Before <5 n <5" in page
    assert "Too few cases to compare." in page
    many(1, clinics["520121"], DAY - timedelta(days=2), answered=7)
    page = page_of(client, official, path=PATH, date="2026-10-01")
    assert "too few for an interval" in page


def test_it_holds_for_a_place_a_specialty_and_an_urgency(client, official, changed, clinics):
    many(9, clinics["522634"], DAY, answered=5, specialty="surgery", kind="emergency")
    said = {"date": "2026-10-01"}
    assert "After 5 n ≈ 10" in page_of(client, official, path=PATH, place="5226", **said)
    assert "After 5 n ≈ 10" in page_of(client, official, path=PATH, specialty="surgery", **said)
    assert "After 5 n ≈ 10" in page_of(client, official, path=PATH, urgency="emergency", **said)


def test_without_a_day_the_page_asks_for_one(client, official):
    page = page_of(client, official, path=PATH)
    assert "Choose the day on which something changed" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"date": "2026-11-24"}, "Choose a day before today"),
        ({"date": "2027-01-01"}, "Choose a day before today"),
        ({"date": "yesterday"}, "Choose a day before today"),
        ({"date": "2026-02-30"}, "Choose a day before today"),
        ({"date": "2026-10-01", "days": "7"}, "Choose one of the values offered"),
        ({"date": "2026-10-01", "specialty": "x"}, "There is no such specialty"),
    ],
)
def test_what_is_no_day_is_refused_in_words(client, official, query, said):
    assert said in page_of(client, official, path=PATH, status=422, **query)
