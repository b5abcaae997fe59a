"""Half days on which nobody is there, and why; the days of a month in figures."""

from datetime import date, time

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from scheduling.availability import services
from scheduling.availability.gaps import covered_by, gaps_of, halves
from scheduling.availability.grid import days_of, week_of
from scheduling.availability.models import DayRule, Session, State
from scheduling.availability.services import Place
from telemed.core.intentions import System, intention
from tests.factories.scheduling import (
    PeriodFactory,
    SessionFactory,
    TemplateFactory,
    at,
)

pytestmark = pytest.mark.django_db
TODAY, MONDAY, WEDNESDAY = date(2027, 3, 1), date(2027, 3, 8), date(2027, 3, 10)


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(at(TODAY, 10), tick=False), translation.override("en"):
        yield


@pytest.fixture
def planned(department, doctor):
    """Of a whole Monday, every week."""
    TemplateFactory(department=department, clinician=doctor, starts=time(8), ends=time(12))
    TemplateFactory(department=department, clinician=doctor, starts=time(14), ends=time(17))
    with intention(System("test"), door="test"):
        services.plan_ahead(organisation_id=department.organisation_id)
    return list(Session.objects.filter(day=MONDAY).order_by("during"))


def gaps(department, day=MONDAY):
    [section] = week_of(department.organisation, MONDAY).sections
    [mark] = [mark for mark in section.marks if mark.day == day]
    return [(gap.label, gap.why) for gap in mark.gaps]


def notes(department):
    [section] = week_of(department.organisation, MONDAY).sections
    return {
        line.label: [(gap.label, gap.why) for cell in line.cells for gap in cell.gaps]
        for line in section.lines
    }


def test_nothing_is_missing_where_all_is_planned(department, planned):
    assert gaps(department) == []


def test_a_stopped_half_day_is_missing_with_its_reason(by, clerk, department, planned):
    morning, _afternoon = planned
    with by(clerk):
        services.publish_session(actor=clerk, session_id=morning.pk)
        services.stop_session(actor=clerk, session_id=morning.pk, reason="Ill", plan="cancel")
    assert gaps(department) == [("morning: nobody", "stopped: Ill")]


def test_taken_off_or_moved_says_so(by, clerk, department, planned):
    morning, afternoon = planned
    with by(clerk):
        services.cancel_session(actor=clerk, session_id=morning.pk)
        to = Place(day=WEDNESDAY, starts=time(14), ends=time(17))
        services.move_session(actor=clerk, session_id=afternoon.pk, to=to)
    [(label, why)] = gaps(department)
    assert label == "nobody"
    assert why.startswith("taken off the plan; moved to March 10 14:00–17:00")


def test_somebody_who_stands_in_closes_the_gap_but_not_the_note(
    by, clerk, department, doctor, planned
):
    with by(clerk):
        services.cancel_session(actor=clerk, session_id=planned[0].pk)
    SessionFactory(department=department, day=MONDAY)
    assert gaps(department) == []
    assert notes(department)[str(doctor)] == [("morning: nobody", "taken off the plan")]


def test_a_day_off_of_the_doctor_is_its_reason(department, doctor, planned):
    Session.objects.filter(day=MONDAY).update(template=None, state=State.CANCELLED)
    DayRule.objects.create(
        organisation=department.organisation,
        clinician=doctor,
        first=MONDAY,
        last=MONDAY,
        reason="Training",
    )
    assert gaps(department) == [("nobody", "Training")]


def test_beyond_what_is_planned_ahead_nothing_is_missing(department, planned):
    days = [date(2027, 4, 5), date(2027, 4, 6)]
    assert days_of(department.organisation, days).gaps == 0


QUARTERS = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))


@given(QUARTERS, QUARTERS, QUARTERS, QUARTERS)
def test_what_is_covered_is_never_missing(starts, ends, begins, stops):
    """Of any two spans: what is missing and what is covered are what is usual."""
    usual = TemplateFactory.build(
        department=None, organisation=None, clinician=None, starts=starts, ends=ends
    )
    covered = halves(begins, stops)
    found = gaps_of([usual], MONDAY, covered, lambda _template, _day: "")
    missing = halves(starts, ends) - covered
    assert bool(found) == bool(missing)
    assert {gap.half for gap in found if gap.half} <= missing


def test_a_session_over_noon_covers_both_halves(department):
    during = DateTimeTZRange(at(MONDAY, 10), at(MONDAY, 15))
    session = SessionFactory(department=department, day=MONDAY, during=during)
    assert covered_by([session]) == {"morning", "afternoon"}


# ---- the month ----


@pytest.fixture
def desk(client, clerk):
    client.force_login(clerk)
    return client


def test_a_month_has_the_figures_of_each_day_and_leads_to_the_week(desk, department, planned):
    held = SessionFactory(department=department, day=WEDNESDAY)
    PeriodFactory(session=held, public=4)
    answer = desk.get(reverse("sessions:month", args=[2027, 3]))
    days = {day.date: day for week in answer.context["weeks"] for day in week}
    assert (days[WEDNESDAY].places, days[WEDNESDAY].free) == (4, 4)
    assert days[MONDAY].gaps == 0
    assert days[MONDAY].sessions == 2
    assert reverse("sessions:week", args=[2027, 10]) in answer.text


def test_a_day_of_the_month_with_nobody_is_counted(by, clerk, desk, department, planned):
    with by(clerk):
        services.cancel_session(actor=clerk, session_id=planned[0].pk)
    answer = desk.get(reverse("sessions:month", args=[2027, 3]))
    days = {day.date: day for week in answer.context["weeks"] for day in week}
    assert days[MONDAY].gaps == 1


@pytest.mark.parametrize(("year", "month"), [(2027, 13), (2027, 0), (0, 1), (9999, 12)])
def test_months_of_no_calendar_are_not_there(desk, year, month):
    assert desk.get(f"/sessions/month/{year}/{month}/").status_code == 404


def test_a_month_asks_as_often_as_a_week(desk, department, planned, django_assert_max_num_queries):
    with django_assert_max_num_queries(22):
        desk.get(reverse("sessions:month", args=[2027, 3]))
