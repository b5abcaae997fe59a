"""Said in English here; the catalogue's own test keeps the Chinese complete."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone, translation

from telemed.web import words

CHINA = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 9, 43, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def in_english_at_a_known_time():
    with translation.override("en"), time_machine.travel(NOW, tick=False):
        yield


def drawn(source, **context):
    return Template("{% load web %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (date(2026, 11, 24), "0 days"),
        (date(2026, 11, 23), "1 day"),
        (date(2026, 10, 28), "27 days"),
        (date(2026, 10, 27), "0 months"),
        (date(2026, 10, 24), "1 month"),
        (date(2024, 11, 25), "23 months"),
        (date(2024, 11, 24), "2 y"),
        (date(1972, 11, 25), "53 y"),
        (date(1972, 11, 24), "54 y"),
        (date(2026, 11, 25), ""),
        (None, ""),
    ],
)
def test_ages_are_days_months_or_years(born, said):
    assert words.age(born) == said


def test_sex_and_age_are_said_together():
    person = SimpleNamespace(sex="male", birth_date=date(1972, 3, 8))
    assert drawn("{{ person|sex_age }}", person=person) == "M 54 y"
    assert words.sex_age("unknown", None) == ""


@pytest.mark.parametrize(
    ("identifier", "shown"),
    [("529999197203080426", "5299********0426"), ("G1234567", "*******7"), ("", "")],
)
def test_an_identifier_is_masked(identifier, shown):
    assert words.masked(identifier) == shown


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 24, 17, 30, tzinfo=CHINA), "today 17:30"),
        (datetime(2026, 11, 25, 0, 5, tzinfo=CHINA), "tomorrow 00:05"),
        (datetime(2026, 11, 23, 23, 59, tzinfo=CHINA), "yesterday 23:59"),
        (datetime(2026, 11, 27, 8, 0, tzinfo=CHINA), "Fri 27 Nov 08:00"),
        (datetime(2027, 1, 2, 8, 0, tzinfo=CHINA), "Sat 2 Jan 2027 08:00"),
    ],
)
def test_moments_are_near_days_or_dates(at, said):
    assert words.moment(at) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (41, "41 s"),
        (161, "2 min 41 s"),
        (120, "2 min"),
        (1200, "20 min"),
        (4800, "1 h 20 min"),
        (7200, "2 h"),
        (180_000, "2 d 2 h"),
    ],
)
def test_spans_have_two_units_at_most(seconds, said):
    assert words.span(timedelta(seconds=seconds)) == said


def clock(left, of=None, **more):
    due = timezone.now() + timedelta(minutes=left)
    start = due - timedelta(minutes=of) if of else None
    arguments = " ".join(f"{name}={value!r}" for name, value in more.items())
    return drawn(f"{{% clock due start {arguments} %}}", due=due, start=start)


@pytest.mark.parametrize(
    ("left", "of", "urgent", "style"),
    [
        (60, 120, False, "clk "),
        (29, 120, False, "clk--soon"),
        (-1, 120, False, "clk--late"),
        (4, 5, True, "clk--soon"),
        (2, 5, True, "clk--late"),
    ],
)
def test_a_clock_hurries_in_its_last_quarter_and_an_urgent_one_at_once(left, of, urgent, style):
    assert f'class="{style}"' in clock(left, of, urgent=urgent).replace("clk clk--", "clk--")


def test_a_clock_shows_its_deadline_without_script():
    assert "by <b>10:43</b> today" in clock(60)
    assert "by Thu 26 Nov <b>09:43</b>" in clock(48 * 60)
    assert "<b>12 min</b> over" in clock(-12)


def test_a_paused_clock_says_why():
    paused = drawn("{% clock None paused='waiting for details' %}")
    assert "clk--stop" in paused
    assert "waiting for details" in paused


def test_a_kept_promise_says_how_long_it_took():
    facts = {"used": timedelta(seconds=161), "limit": timedelta(minutes=5)}
    met = drawn("{% clock_met used limit %}", **facts)
    assert "clk--met" in met
    assert "took <b>2 min 41 s</b> of 5 min" in met


@pytest.mark.parametrize(
    ("kind", "letter", "title"),
    [("emergency", "E", "Emergency consult"), ("critical", "C", "Critical value")],
)
def test_a_grade_is_a_letter_and_a_word(kind, letter, title):
    square = drawn("{% grade kind %}", kind=kind)
    assert f">{letter}<" in square
    assert f'title="{title}"' in square
    assert "g--e" in square


def test_presence_and_line_are_shapes_and_words():
    assert "at desk" in drawn("{% presence 'desk' %}")
    assert "in a room, about 20 min" in drawn("{% presence 'room' 'in a room, about 20 min' %}")
    assert drawn("{% line 2 '0.6 Mb/s' %}").count('class="f"') == 2


def test_what_people_typed_is_escaped():
    assert "<b>" not in drawn("{% presence 'desk' text %}", text="<b>x").replace("<i ", "")


@pytest.mark.parametrize(("language", "said"), [("en", "Tue 24 Nov"), ("zh-hans", "11月24日 ")])
def test_the_day_is_said_in_the_language_of_the_page(language, said):
    with translation.override(language):
        assert said in drawn("{% today %}")
        assert words.calendar_day(date(2025, 1, 2)).count("2025") == 1
