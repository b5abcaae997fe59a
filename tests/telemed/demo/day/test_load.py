"""When people ask, and how the played day lies in real time."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from telemed.core.models import Calendar
from telemed.demo.day import load, tempo
from tests.telemed.oversight.conftest import CHINA

TUESDAY = date(2026, 11, 24)
BEGAN = datetime(2026, 11, 28, 3, tzinfo=UTC)  # a Saturday: when it is played does not matter
MINUTE = timedelta(minutes=1)


def asked(times=1.0, since=0.0, until=load.DAY):
    return load.moments(times, since, until, random.Random(1))  # noqa: S311


def by_hour(moments):
    return Counter(int(moment // load.HOUR) for moment in moments)


def at(hour, minute=0, day=24):
    return datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


def test_a_day_has_528_cases_in_two_peaks_with_a_dip_and_a_night():
    moments = asked()
    assert abs(len(moments) - load.CASES) <= 1
    hours = by_hour(moments)
    assert hours[9] > 3 * hours[12] > 0
    assert hours[15] > 3 * hours[12]
    assert sum(hours[h] for h in (22, 23, 0, 1, 2, 3, 4, 5)) < load.CASES / 20
    assert moments == asked()


def test_a_hundred_times_the_load_is_two_a_second_at_its_busiest():
    ten_minutes = asked(100, load.BUSIEST - 300, load.BUSIEST + 300)
    assert len(ten_minutes) / 600 == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("minutes", [0.2, 3, 60])
def test_midnight_to_midnight_takes_that_long_and_is_turned_back_exactly(minutes):
    day = tempo.whole_day(TUESDAY, BEGAN, minutes)
    assert day.real(at(0)) == BEGAN
    assert day.ends_at - BEGAN == timedelta(minutes=minutes)
    for moment in (at(3, 20), at(9, 31), at(12, 59), at(23, 1)):
        assert abs(day.played(day.real(moment)) - moment) < timedelta(seconds=1)


def test_hours_in_which_little_happens_pass_faster():
    day = tempo.whole_day(TUESDAY, BEGAN, 3)
    night = day.real(at(3)) - day.real(at(2))
    assert day.real(at(10)) - day.real(at(9)) > 5 * night


def test_a_promise_waits_for_the_morning_of_the_played_day():
    day = tempo.whole_day(TUESDAY, BEGAN, 3)
    evening = day.real(at(17, 30))
    assert day.after(60 * MINUTE, day.real(at(11, 30)), Calendar.WORKING) == day.real(at(14, 30))
    assert day.after(60 * MINUTE, evening, Calendar.WORKING) > day.ends_at
    assert day.after(60 * MINUTE, evening, Calendar.WALL) == day.real(at(18, 30))
    left = day.left(day.real(at(14, 30)), day.real(at(11, 30)), Calendar.WORKING)
    assert abs(left - 60 * MINUTE) < timedelta(seconds=1)


def test_in_a_short_stretch_eight_hours_of_a_life_fit_in():
    stretch = tempo.stretch(TUESDAY, BEGAN, 2, 1)
    assert tempo.span(2, 1) == (load.BUSIEST - 60, load.BUSIEST + 60)
    assert stretch.length == 2 * MINUTE
    four_hours = stretch.after(240 * MINUTE, BEGAN, Calendar.WORKING) - BEGAN
    assert four_hours == 1 * MINUTE


def test_at_the_speed_of_the_world_nothing_is_shortened():
    stretch = tempo.stretch(TUESDAY, BEGAN, 480, 1)
    assert stretch.after(5 * MINUTE, BEGAN, Calendar.WALL) == BEGAN + 5 * MINUTE


def test_a_day_off_plays_the_last_working_day():
    assert tempo.working_day(date(2026, 11, 28)) == date(2026, 11, 27)
    assert tempo.working_day(TUESDAY) == TUESDAY
