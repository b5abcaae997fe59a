"""The pages of sessions."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from scheduling.availability.booked import Booked
from scheduling.availability.models import DayRule, PeriodPool, Session, State, Stop, Template
from tests.factories.people import StaffFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, TemplateFactory, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, keeper):
    client.force_login(keeper)
    return client


def url(name, session=None, **more):
    return reverse(f"sessions:{name}", kwargs={"session_id": session.pk} if session else more)


def week_of(day):
    year, number, _weekday = day.isocalendar()
    return url("week", year=year, number=number)


def offer(session, **more):
    return {
        "department": session.department_id,
        "clinician": session.clinician_id,
        "kind": "clinic",
        "starts": "14:00",
        "ends": "17:00",
        "capacity": 4,
        "period_minutes": 30,
        **more,
    }


def why(answer):
    """What the page says about the form that was refused."""
    return answer.context["refusal"].path


def test_the_week_shows_how_full_each_session_is(desk, session):
    period = PeriodFactory(session=session, public=4)
    PeriodPool.objects.filter(period=period).update(taken=3)
    [section] = desk.get(week_of(session.day)).context["grid"].sections
    [line] = section.lines
    [box] = [box for cell in line.cells for box in cell.boxes]
    assert (line.label, box.session, box.taken, box.places) == (
        str(session.clinician),
        session,
        3,
        4,
    )
    assert (section.taken, section.places) == (3, 4)


def test_a_usual_day_without_a_session_is_a_gap_but_not_a_closed_one(desk, session):
    day = in_days(9)
    TemplateFactory(department=session.department, weekday=day.isoweekday())

    def gaps():
        grid = desk.get(week_of(day)).context["grid"]
        return [mark.day for section in grid.sections for mark in section.marks if mark.gap]

    assert gaps() == [day]
    rule = DayRule.objects.create(
        organisation=session.organisation, first=day, last=day, reason="搬迁"
    )
    assert gaps() == []
    rule.delete()
    there = SessionFactory(department=session.department, day=day)
    assert gaps() == []
    there.state = State.STOPPED
    there.save()
    assert gaps() == [day]


def test_the_week_asks_a_bounded_number_of_questions(desk, session, django_assert_max_num_queries):
    for n in range(3):
        PeriodFactory(session__department=session.department, session__day=in_days(7 + n % 2))
    with django_assert_max_num_queries(20):
        desk.get(week_of(session.day))


def test_weeks_of_no_calendar_are_not_there(desk):
    assert desk.get(url("week", year=2027, number=54)).status_code == 404


def test_one_department_is_chosen(desk, session):
    other = SessionFactory(
        organisation=session.organisation,
        department__organisation=session.organisation,
        department__name="外科",
    )
    grid = desk.get(week_of(session.day), {"department": other.department_id}).context["grid"]
    assert [section.department.name for section in grid.sections] == ["外科"]
    assert desk.get(week_of(session.day), {"department": "x"}).status_code == 422


def test_a_session_is_planned_by_hand_and_a_clash_goes_back_to_its_form(desk, session):
    sent = offer(session, day=session.day.isoformat())
    assert desk.post(url("new"), sent, follow=True).status_code == 200
    made = Session.objects.get(state=State.PLANNED)
    assert timezone.localtime(made.starts_at).hour == 14
    refused = desk.post(url("new"), {**sent, "starts": "09:00", "ends": "10:00"}, follow=True)
    assert why(refused) == "starts"
    assert Session.objects.count() == 2
    refused = desk.post(url("new"), {**sent, "day": "2027-13-01"}, follow=True)
    assert why(refused) == "day"


def test_it_is_opened_early_or_taken_off(desk, session):
    desk.post(url("new"), offer(session, day=session.day.isoformat()))
    made = Session.objects.get(state=State.PLANNED)
    desk.post(url("publish", made))
    made.refresh_from_db()
    assert made.state == State.PUBLISHED
    assert why(desk.post(url("cancel", made), follow=True)) == "state"


def test_stopping_and_taking_it_back(desk, session):
    PeriodFactory(session=session)
    page = desk.get(url("session", session))
    assert page.context["plans"][-1]["value"] == "cancel"
    answer = desk.post(url("stop", session), {"reason": "生病", "plan": "cancel"}, follow=True)
    assert answer.context["may_undo"]
    session.refresh_from_db()
    assert session.state == State.STOPPED
    desk.post(url("restore", session))
    session.refresh_from_db()
    assert session.state == State.PUBLISHED
    assert why(desk.post(url("stop", session), {"plan": "cancel"}, follow=True)) == "reason"


def test_ones_own_words_and_a_chosen_session_that_stands_in(desk, session):
    later = SessionFactory(
        department=session.department, clinician=session.clinician, day=in_days(9)
    )
    sent = {"reason": "会议", "other": "省里开会", "plan": f"another_day:{later.pk}"}
    desk.post(url("stop", session), sent)
    stop = Stop.objects.get()
    assert (stop.reason, stop.instead) == ("省里开会", later)


def test_after_ten_minutes_the_page_offers_no_way_back(desk, session):
    desk.post(url("stop", session), {"reason": "生病", "plan": "cancel"})
    with time_machine.travel(Stop.objects.get().final_at + timedelta(seconds=1)):
        assert not desk.get(url("session", session)).context["may_undo"]


def test_places_are_changed_after_a_look_at_the_numbers(desk, session, finders):
    period = PeriodFactory(session=session, public=4)
    PeriodPool.objects.filter(period=period).update(taken=3)
    shares = {"family_doctor": 0, "referral": 0, "walk_in": 50, "phone": 0}
    seen = desk.get(url("resize", session), {"capacity": 6, **shares})
    assert (seen.context["preview"].places_before, seen.context["preview"].places) == (4, 6)
    desk.post(url("resize", session), {"capacity": 6, **shares})
    session.refresh_from_db()
    assert session.capacity == 6
    finders.register(lambda ids: [Booked(pk, "吴金花", 7) for pk in ids])
    seen = desk.get(url("resize", session), {"capacity": 2, **shares})
    assert [one.name for one in seen.context["affected"]] == ["吴金花"]
    assert why(desk.post(url("resize", session), {"capacity": 2, **shares}, follow=True)) == (
        "capacity"
    )
    assert desk.get(url("resize", session), {"capacity": "x"}).context["error"].path == "capacity"


def test_a_template_is_added_and_ended(desk, session):
    sent = offer(session, weekday=3, since=timezone.localdate().isoformat())
    page = desk.post(url("add"), sent, follow=True)
    template = Template.objects.get()
    assert page.context["count"] == 1
    assert why(desk.post(url("add"), sent, follow=True)) == "starts"
    desk.post(url("end", template_id=template.pk), {"from_day": timezone.localdate().isoformat()})
    assert desk.get(url("templates")).context["count"] == 0
    assert not Session.objects.filter(template__isnull=False, state=State.PLANNED).exists()


def test_a_day_is_closed_and_opened_again(desk, session):
    day = in_days(3).isoformat()
    desk.post(url("days"), {"first": day, "last": day, "reason": "消毒", "as_weekday": ""})
    [(rule, worked)] = desk.get(url("days")).context["rules"]
    assert (rule.reason, rule.as_weekday, worked) == ("消毒", None, "")
    desk.post(url("remove_rule", rule_id=rule.pk))
    assert desk.get(url("days")).context["rules"] == []
    refused = desk.post(
        url("days"), {"first": day, "last": in_days(2), "reason": "消毒"}, follow=True
    )
    assert why(refused) == "last"


def test_the_calendar_of_the_state_is_shown(client):
    with time_machine.travel("2026-09-15 08:00+08:00", tick=False):
        client.force_login(StaffFactory(role="desk"))
        special = client.get(url("days")).context["special"]
    worked = [(day.month, day.day) for day, made_up, _name in special if made_up]
    assert (10, 10) in worked
    assert (10, 1) in [(day.month, day.day) for day, made_up, _name in special if not made_up]


def test_last_weeks_sessions_by_hand_are_copied(desk, session):
    monday = session.day - timedelta(days=session.day.weekday()) + timedelta(days=7)
    page = desk.post(url("copy"), {"what": "week", "first": monday.isoformat()}, follow=True)
    assert Session.objects.filter(day=session.day + timedelta(days=7)).exists()
    assert page.status_code == 200
    desk.post(url("copy"), {"what": "month", "first": in_days(40).replace(day=1).isoformat()})


def test_a_doctor_sees_and_stops_the_own_sessions_alone(client, session):
    colleague = SessionFactory(department=session.department)
    client.force_login(session.clinician)
    page = client.get(url("home"), follow=True)
    assert [one for one, _taken, _places in page.context["rows"]] == [session]
    assert client.get(url("session", colleague)).status_code == 404
    assert not client.get(url("session", session)).context["keeps"]
    assert client.get(week_of(session.day)).status_code == 403
    client.post(url("stop", session), {"reason": "生病", "plan": "cancel"})
    session.refresh_from_db()
    assert session.state == State.STOPPED


def test_the_rail_leads_keepers_and_doctors_to_sessions(client, session):
    for role in ("desk", "coordinator", "administrator", "specialist"):
        client.force_login(StaffFactory(role=role, organisation=session.organisation))
        rail = client.get(url("home"), follow=True).context["places"]
        assert [place.current for place in rail if place.url == url("home")] == [True]


def test_what_is_not_open_yet_says_why(desk, session):
    session.state = State.PLANNED
    session.save()
    practitioner = session.clinician.practitioner
    practitioner.licensed_until = session.day - timedelta(days=1)
    practitioner.save()
    assert desk.get(url("session", session)).context["unlicensed"]
    assert why(desk.post(url("publish", session), follow=True)) == "clinician"
