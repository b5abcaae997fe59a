"""From templates to sessions that can be booked."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from scheduling.availability import services
from scheduling.availability.clock_rows import CLOSE, FINISH, PUBLISH, RETURN
from scheduling.availability.models import DayRule, Period, PeriodPool, Session, State
from telemed.core.models import Clock
from telemed.people.models import Practitioner
from tests.factories.people import StaffFactory
from tests.factories.scheduling import TemplateFactory, at

pytestmark = pytest.mark.django_db
MONDAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(at(MONDAY, 6), tick=False):
        yield


@pytest.fixture
def clerk():
    return StaffFactory(role="desk")


@pytest.fixture
def template(clerk):
    return TemplateFactory(department__organisation=clerk.organisation, weekday=3)


def plan(by, clerk, days=28):
    with by(clerk):
        return services.plan_sessions(
            organisation=clerk.organisation,
            days=[MONDAY + timedelta(days=n) for n in range(1, days + 1)],
        )


def test_four_weeks_are_planned_once(by, clerk, template):
    planned = plan(by, clerk)
    assert [one.day.isoweekday() for one in planned.sessions] == [3] * 4
    assert plan(by, clerk).sessions == []
    assert Session.objects.count() == 4
    assert Period.objects.count() == 4 * 8
    assert sum(PeriodPool.objects.values_list("places", flat=True)) == 4 * 32


def test_a_holiday_is_left_out_unless_the_template_says_so(by, clerk):
    with time_machine.travel(at(date(2026, 9, 20), 6)):
        free = TemplateFactory(department__organisation=clerk.organisation, weekday=4)
        TemplateFactory(
            department=free.department, weekday=4, on_holidays=True, starts=time(14), ends=time(16)
        )
        with by(clerk):
            made = services.plan_sessions(
                organisation=clerk.organisation, days=[date(2026, 10, 1), date(2026, 10, 15)]
            ).sessions
    assert [(one.day.day, timezone.localtime(one.starts_at).hour) for one in made] == [
        (1, 14),
        (15, 8),
        (15, 14),
    ]


def test_a_day_rule_closes_a_department_and_works_a_saturday_as_a_wednesday(by, clerk, template):
    DayRule.objects.create(
        organisation=clerk.organisation,
        department=template.department,
        first=date(2027, 3, 3),
        last=date(2027, 3, 3),
        reason="搬迁",
    )
    DayRule.objects.create(
        organisation=clerk.organisation,
        first=date(2027, 3, 6),
        last=date(2027, 3, 6),
        as_weekday=3,
        reason="调休",
    )
    assert [one.day.day for one in plan(by, clerk, days=7).sessions] == [6]


def test_the_narrowest_rule_of_a_day_decides(by, clerk, template):
    day = {"first": date(2027, 3, 3), "last": date(2027, 3, 3), "reason": "会议"}
    DayRule.objects.create(organisation=clerk.organisation, **day)
    DayRule.objects.create(
        organisation=clerk.organisation, clinician=template.clinician, as_weekday=3, **day
    )
    assert [one.day.day for one in plan(by, clerk, days=7).sessions] == [3]


def test_what_overlaps_another_session_of_the_doctor_is_said_and_left_out(by, clerk, template):
    twice = TemplateFactory(
        department=template.department,
        clinician=template.clinician,
        weekday=3,
        starts=time(11),
        ends=time(13),
    )
    planned = plan(by, clerk, days=7)
    assert [one.template_id for one in planned.sessions] == [template.pk]
    assert planned.clashes == [(twice, date(2027, 3, 3))]


def test_the_hour_publishes_and_leaves_who_is_not_licensed(by, clerk, template):
    other = TemplateFactory(department=template.department, weekday=3)
    Practitioner.objects.filter(user=other.clinician).update(licensed_until=date(2027, 3, 2))
    planned = plan(by, clerk, days=7).sessions
    assert {one.release_at for one in planned} == {at(date(2027, 2, 17), 7)}
    with by(clerk):
        assert [
            one.template_id for one in services.publish_due(organisation_id=clerk.organisation_id)
        ] == [template.pk]
    left = Session.objects.get(template=other)
    assert (left.state, set(left.periods.values_list("state", flat=True))) == (
        State.PLANNED,
        {"planned"},
    )


def test_one_row_a_moment_waits_for_the_whole_institution(by, clerk, template):
    TemplateFactory(department=template.department, weekday=3)
    plan(by, clerk, days=7)
    with by(clerk):
        services.publish_due(organisation_id=clerk.organisation_id)
    waiting = Clock.objects.filter(about=clerk.organisation_id).order_by("due_at")
    tuesday = date(2027, 3, 2)
    assert [(one.kind, one.due_at) for one in waiting if one.kind != PUBLISH] == [
        (RETURN, at(MONDAY, 16)),
        (RETURN, at(tuesday, 12)),
        (CLOSE, at(tuesday, 16)),
        (FINISH, at(date(2027, 3, 3), 12, 30)),
    ]


def test_the_desk_publishes_earlier_and_nobody_else_does(by, clerk, template, stranger):
    plan(by, clerk)
    last = Session.objects.latest("day")
    with by(clerk):
        assert services.publish_session(actor=clerk, session_id=last.pk).state == State.PUBLISHED
    assert set(last.periods.values_list("state", flat=True)) == {"open"}
