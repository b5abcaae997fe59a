"""A session is over: who was seen, who came and was not, who did not come, and by what rules."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from scheduling.appointments import services, video
from scheduling.appointments.models import Appointment, Strike
from scheduling.availability import services as availability
from scheduling.availability.clock_rows import FINISH, STOP_UNDO, await_ends
from scheduling.availability.models import Kind, Session, State, Stop
from telemed.core import outbox
from telemed.core.errors import Conflict
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from tests.factories.people import DepartmentFactory, PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days
from tests.ruling import Page

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def period():
    return PeriodFactory(public=5)


@pytest.fixture
def clerk(period):
    return StaffFactory(role="desk", organisation=period.organisation, language="en")


@pytest.fixture
def book(by, period):
    def book():
        patient = PatientFactory(user=UserFactory())
        with by(patient.user):
            return services.book(actor=patient.user, patient=patient, period_id=period.pk)

    return book


@pytest.fixture
def act(by, period):
    def act(actor, booked, *steps):
        with time_machine.travel(period.starts_at + 5 * MINUTE), by(actor):
            for step in steps:
                step(actor=actor, appointment_id=booked.pk)

    return act


@pytest.fixture
def finish(by, period, clerk):
    """What each booking is when the session is over."""

    def finish(*booked):
        with time_machine.travel(period.session.ends_at + 31 * MINUTE), by(clerk):
            services.miss(session_id=period.session_id)
        outbox.deliver_waiting()
        states = dict(Appointment.objects.values_list("pk", "status"))
        return [states[one.pk] for one in booked]

    return finish


def strikes():
    return set(Strike.objects.values_list("appointment", flat=True))


def told(booked):
    rows = Notification.objects.filter(about=booked.pk)
    return list(rows.order_by("created_at").values_list("template", flat=True))[-1]


def test_who_came_and_was_never_let_in_was_not_seen(act, book, clerk, finish, period):
    seen, waits, called, away = book(), book(), book(), book()
    act(clerk, seen, services.check_in, services.call, services.begin)
    act(clerk, waits, services.check_in)
    act(clerk, called, services.check_in, services.call)
    states = finish(seen, waits, called, away)
    assert states == ["fulfilled", "cancelled", "cancelled", "noshow"]
    assert strikes() == {away.pk}
    assert told(waits) == "appointment.withdrawn"
    session = SessionFactory(department=period.department, kind=Kind.VIDEO, day=in_days(9))
    by_video = PeriodFactory(session=session, public=1)
    assert video.why_not(seen.patient, by_video) == ""
    assert "first visit is in person" in video.why_not(waits.patient, by_video)


def test_a_doctor_who_stayed_away_makes_no_strikes(act, book, clerk, finish):
    """Nobody stopped the session; somebody waited, and not one of them was called."""
    waits, away = book(), book()
    act(clerk, waits, services.check_in)
    assert finish(waits, away) == ["cancelled", "cancelled"]
    assert strikes() == set()
    assert told(away) == "appointment.withdrawn"


def test_who_was_called_shows_that_the_doctor_came(act, book, clerk, finish):
    called, away = book(), book()
    act(clerk, called, services.check_in, services.call)
    assert finish(called, away) == ["cancelled", "noshow"]


def test_where_nobody_came_the_doctor_is_taken_to_have_been_there(book, finish):
    away = book()
    assert finish(away) == ["noshow"]
    assert strikes() == {away.pk}


def test_the_desk_says_within_a_week_that_somebody_was_seen(
    client, act, book, clerk, finish, period
):
    waits, other = book(), book()
    act(clerk, waits, services.check_in)
    act(clerk, other, services.check_in, services.call, services.begin)
    finish(waits, other)
    day = f"{reverse('booking:day')}?day={period.session.day}"
    fix = reverse("booking:correct", args=[waits.pk])
    client.cookies["language"] = "en"
    with time_machine.travel(period.session.ends_at + timedelta(hours=2)):
        client.force_login(clerk)
        assert "Came, not seen" in client.get(day).content.decode()
        assert fix in client.get(reverse("booking:ticket", args=[waits.pk])).content.decode()
        client.post(fix, {"reason": "医生忘了点结束"})
    waits.refresh_from_db()
    assert waits.status == "fulfilled"
    assert told(waits) == "appointment.withdrawn"  # nothing was counted that could be lifted


def test_who_cancelled_before_coming_is_not_made_seen(client, by, book, clerk):
    booked = book()
    with by(booked.booked_by):
        services.cancel(actor=booked.booked_by, appointment_id=booked.pk)
    with by(clerk), pytest.raises(Conflict, match="cannot be done now"):
        services.correct(actor=clerk, appointment_id=booked.pk, reason="医生忘了点结束")


@pytest.fixture
def page(client, period):
    return Page(client, period.organisation)


def test_when_who_did_not_come_is_noted_is_a_rule_of_the_day_of_planning(by, page, period, clerk):
    before = period.session
    assert "keep the present rule" in page.ask("booking.finished_after", amount="2", unit="h")[1]
    page.set("booking.finished_after", amount="2", unit="h")
    other = DepartmentFactory(organisation=period.organisation, name="外科")
    after = SessionFactory(department=other)
    with by(clerk):
        await_ends(organisation_id=period.organisation_id, sessions=[before, after])
    due = Clock.objects.filter(about=period.organisation_id, kind=FINISH).order_by("due_at")
    assert [round((one.due_at - before.ends_at) / MINUTE) for one in due] == [30, 120]
    for minutes, finished in ((31, {before.pk}), (121, {before.pk, after.pk})):
        with time_machine.travel(before.ends_at + minutes * MINUTE), by(clerk):
            availability.finish_due(organisation_id=period.organisation_id)
        done = Session.objects.filter(state=State.FINISHED).values_list("pk", flat=True)
        assert set(done) == finished


def test_how_long_a_stop_is_taken_back_is_a_rule(by, client, page, period, clerk):
    page.set("booking.stop.undo", amount="20", unit="m")
    client.force_login(clerk)
    shown = client.get(f"/sessions/{period.session_id}/").content.decode()
    assert "For 20 min it can be taken back" in shown
    with by(clerk):
        stop = availability.stop_session(
            actor=clerk, session_id=period.session_id, reason="会议", plan=Stop.Plan.CANCEL
        )
    left = Clock.objects.get(about=stop.pk, kind=STOP_UNDO).due_at - timezone.now()
    assert 19 * MINUTE < left <= 20 * MINUTE
    page = Page(client, period.organisation)
    assert (
        "1 session that was just stopped"
        in (page.ask("booking.stop.undo", amount="5", unit="m")[1])
    )
    page.set("booking.stop.undo", amount="5", unit="m")
    with time_machine.travel(timezone.now() + 15 * MINUTE), by(clerk):
        restored = availability.restore_session(actor=clerk, session_id=period.session_id)
    assert restored.state == State.PUBLISHED


def test_after_that_a_stop_stands_and_says_until_when(by, period, clerk):
    with by(clerk):
        stop = availability.stop_session(
            actor=clerk, session_id=period.session_id, reason="会议", plan=Stop.Plan.CANCEL
        )
    said = f"taken back until {timezone.localtime(stop.final_at):%H:%M}"
    with (
        time_machine.travel(timezone.now() + 11 * MINUTE),
        by(clerk),
        pytest.raises(Conflict, match=said),
    ):
        availability.restore_session(actor=clerk, session_id=period.session_id)


def test_when_a_missed_visit_counts_is_a_rule_and_what_is_noted_keeps_its_hour(
    page, book, finish, period
):
    first = book()
    finish(first)
    assert "1 entry counts at the hour" in page.ask("penalty.counts_at", value="10")[1]
    page.set("penalty.counts_at", value="10")
    second = book()
    finish(second)
    hours = [
        timezone.localtime(Clock.objects.get(about=one.pk, kind="appointment.noshow").due_at).hour
        for one in (first, second)
    ]
    assert hours == [8, 10]
