"""Templates, their end, and days that are otherwise."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.utils import translation

from scheduling.availability import services
from scheduling.availability.models import DayRule, Session, State, Template
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from tests.factories.people import DepartmentFactory, StaffFactory
from tests.factories.scheduling import TemplateFactory, at, doctor_of
from tests.scheduling.availability.conftest import offer_of

pytestmark = pytest.mark.django_db
MONDAY = date(2027, 3, 1)
MORNING = {"starts": time(8), "ends": time(12)}


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(at(MONDAY, 6), tick=False):
        yield


def add(by, clerk, offer, **more):
    asked = {"weekday": 3, **MORNING, "since": MONDAY, **more}
    with by(clerk):
        return services.add_template(actor=clerk, offer=offer, **asked)


def days(state=State.PLANNED):
    found = Session.objects.filter(state=state).order_by("day")
    return [one.day.isoformat()[5:] for one in found]


def rule(by, clerk, day, **more):
    with by(clerk):
        return services.add_day_rule(actor=clerk, first=day, last=day, reason="搬迁", **more)


def test_a_new_template_is_planned_at_once(by, clerk, department, doctor):
    template, done = add(by, clerk, offer_of(department, doctor))
    assert (template.clinician, done.planned) == (doctor, 4)
    assert days() == ["03-03", "03-10", "03-17", "03-24"]


def test_another_in_the_same_hours_is_refused_and_named(by, clerk, department, doctor):
    add(by, clerk, offer_of(department, doctor, room="3"))
    for offer in (offer_of(department, doctor), offer_of(department, room="3")):
        with translation.override("en"), pytest.raises(Conflict, match=r"Wed 08:00–12:00"):
            add(by, clerk, offer, starts=time(11), ends=time(13))
    add(by, clerk, offer_of(department, doctor), starts=time(12), ends=time(13))
    add(by, clerk, offer_of(department), starts=time(11), ends=time(13))


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        ({"ends": time(8)}, "ends"),
        ({"ends": time(8, 20)}, "ends"),
        ({"weekday": 8}, "weekday"),
        ({"until": MONDAY - timedelta(days=1)}, "until"),
    ],
)
def test_what_makes_no_session_is_refused(by, clerk, department, bad, path):
    with pytest.raises(Invalid) as refused:
        add(by, clerk, offer_of(department), **bad)
    assert refused.value.path == path
    assert not Template.objects.exists()


def test_departments_and_doctors_are_those_of_the_house(by, clerk, department):
    elsewhere = DepartmentFactory()
    with pytest.raises(NotFound):
        add(by, clerk, offer_of(elsewhere))
    with pytest.raises(NotFound):
        add(by, clerk, offer_of(department, doctor_of(elsewhere)))
    with pytest.raises(Invalid):
        add(by, clerk, offer_of(department, kind="examination"))
    with pytest.raises(Forbidden):
        add(by, StaffFactory(role="head", organisation=clerk.organisation), offer_of(department))


def test_from_its_end_on_planned_sessions_go_and_open_ones_stay(by, clerk, department, doctor):
    template, _done = add(by, clerk, offer_of(department, doctor))
    with by(clerk):
        services.publish_due(organisation_id=clerk.organisation_id)
    assert days(State.PUBLISHED) == ["03-03", "03-10"]
    with by(clerk):
        done = services.end_template(
            actor=clerk, template_id=template.pk, from_day=date(2027, 3, 10)
        )
    assert (done.cancelled, [one.day.day for one in done.left]) == (2, [10])
    template.refresh_from_db()
    assert template.until == date(2027, 3, 9)
    with by(clerk):
        assert services.plan_ahead(organisation_id=clerk.organisation_id).sessions == []


def test_what_never_began_is_gone(by, clerk, department):
    template, _done = add(by, clerk, offer_of(department), since=date(2027, 6, 1))
    with by(clerk):
        services.end_template(actor=clerk, template_id=template.pk, from_day=MONDAY)
    assert not Template.objects.exists()


def test_a_template_of_another_house_is_not_there(by, clerk):
    template = TemplateFactory()
    with pytest.raises(NotFound), by(clerk):
        services.end_template(actor=clerk, template_id=template.pk, from_day=MONDAY)


def test_a_closed_day_takes_planned_sessions_off_and_brings_them_back(by, clerk, department):
    add(by, clerk, offer_of(department))
    made, done = rule(by, clerk, date(2027, 3, 24))
    assert (done.cancelled, days()) == (1, ["03-03", "03-10", "03-17"])
    with by(clerk):
        done = services.remove_day_rule(actor=clerk, rule_id=made.pk)
    assert (done.planned, days()) == (1, ["03-03", "03-10", "03-17", "03-24"])
    assert not DayRule.objects.exists()


def test_a_saturday_is_worked_as_a_wednesday(by, clerk, department):
    add(by, clerk, offer_of(department))
    _rule, done = rule(by, clerk, date(2027, 3, 6), as_weekday=3)
    assert (done.planned, days()[:2]) == (1, ["03-03", "03-06"])


def test_what_is_open_on_a_closed_day_is_left_and_said(by, clerk, department, doctor):
    add(by, clerk, offer_of(department, doctor))
    with by(clerk):
        services.publish_due(organisation_id=clerk.organisation_id)
    _rule, done = rule(by, clerk, date(2027, 3, 3), clinician_id=doctor.pk)
    assert ([one.day.day for one in done.left], done.cancelled) == ([3], 0)


def test_a_rule_is_about_days_to_come_and_says_why(by, clerk):
    with pytest.raises(Invalid):
        rule(by, clerk, MONDAY)
    with pytest.raises(Invalid), by(clerk):
        services.add_day_rule(
            actor=clerk, first=date(2027, 3, 3), last=date(2027, 3, 2), reason="搬迁"
        )
    with pytest.raises(Invalid), by(clerk):
        services.add_day_rule(
            actor=clerk, first=date(2027, 3, 3), last=date(2027, 3, 3), reason=" "
        )
    assert not DayRule.objects.exists()


def test_a_rule_that_has_begun_ends_today(by, clerk):
    made, _done = rule(by, clerk, date(2027, 3, 2))
    DayRule.objects.update(last=date(2027, 3, 9))
    with time_machine.travel(at(date(2027, 3, 4), 9), tick=False), by(clerk):
        services.remove_day_rule(actor=clerk, rule_id=made.pk)
    assert DayRule.objects.get().last == date(2027, 3, 4)
