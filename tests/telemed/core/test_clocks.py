from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from telemed.core.clocks import Due, due, worked
from telemed.core.models import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


def test_wall_time_runs_through_the_night():
    assert due(at(2026, 9, 30, 17), timedelta(hours=4), Calendar.WALL).at == at(2026, 9, 30, 21)


def test_working_time_waits_for_the_holiday_to_end():
    # 2026: National Day 1 to 7 October; Saturday 10 October is a make-up day.
    limit = due(at(2026, 9, 30, 17), timedelta(hours=4), Calendar.WORKING)
    assert limit == Due(at(2026, 10, 8, 11))


def test_the_midday_break_does_not_count():
    assert due(at(2026, 9, 29, 11), timedelta(hours=4), Calendar.WORKING).at == at(2026, 9, 29, 17)


def test_time_worked_is_what_the_allowance_spends():
    start, allowance = at(2026, 9, 30, 17), timedelta(hours=9, minutes=20)
    limit = due(start, allowance, Calendar.WORKING)

    assert worked(start, limit.at, Calendar.WORKING) == allowance


def test_a_make_up_saturday_counts():
    limit = due(at(2026, 10, 9, 17), timedelta(hours=2), Calendar.WORKING)
    assert limit == Due(at(2026, 10, 10, 9))


@pytest.mark.parametrize("start", [at(2099, 10, 1, 7), at(2099, 10, 1, 8)])
def test_past_the_published_years_weekdays_count_and_the_time_is_provisional(start):
    limit = due(start, timedelta(hours=2), Calendar.WORKING)
    assert limit == Due(at(2099, 10, 1, 10), provisional=True)
