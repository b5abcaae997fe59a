"""Staying with the doctor whose clinic was stopped: first in line for the next place with them."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from scheduling.appointments import services, waitlist
from scheduling.appointments.models import Appointment, Status, Wait
from scheduling.availability import services as availability
from scheduling.availability.models import PeriodState, State, Stop
from telemed.core import clocks, outbox
from telemed.core.errors import Conflict, Forbidden, NotFound
from telemed.core.intentions import System, intention
from telemed.core.models import Clock
from telemed.notifications import replies
from telemed.notifications.models import Notification
from telemed.notifications.replies import Answer
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import (
    PeriodFactory,
    SessionFactory,
    at,
    at_once,
    in_days,
    places_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_day():
    with translation.override("en"), time_machine.travel(at(timezone.localdate(), 10)):
        yield


@pytest.fixture
def period():
    return PeriodFactory(public=3)


@pytest.fixture
def clerk(period):
    return StaffFactory(role="desk", organisation=period.organisation)


def book(by, period):
    actor = PatientFactory(user=UserFactory()).user
    with by(actor):
        return services.book(actor=actor, patient=actor.patient, period_id=period.pk)


def stop(by, clerk, period, plan=Stop.Plan.CANCEL):
    with by(clerk):
        stopped = availability.stop_session(
            actor=clerk, session_id=period.session_id, reason="医生外出开会", plan=plan
        )
    outbox.deliver_waiting()
    with time_machine.travel(stopped.final_at + timedelta(seconds=1)):
        clocks.fire_due()
        outbox.deliver_waiting()


def stay(by, booked, actor=None):
    actor = actor or booked.booked_by
    with by(actor):
        return services.stay(actor=actor, appointment_id=booked.pk)


def planned(period, day=9, **places):
    """A session of the same doctor that is not open yet, with one half hour."""
    session = SessionFactory(
        department=period.department,
        clinician=period.clinician,
        day=in_days(day),
        state=State.PLANNED,
    )
    return PeriodFactory(session=session, state=PeriodState.PLANNED, **(places or {"public": 1}))


def publish(by, clerk, there):
    with by(clerk):
        availability.publish_session(actor=clerk, session_id=there.session_id)


@pytest.fixture
def displaced(by, clerk, period):
    booked = [book(by, period) for _ in range(2)]
    stop(by, clerk, period)
    return booked


def test_who_stays_is_booked_by_itself_when_the_doctors_next_session_opens(
    by, clerk, period, displaced
):
    first, second = displaced
    there = planned(period)
    for one in (first, second, first):  # twice is once
        waits = stay(by, one)
        assert (waits.status, waits.holds_place) == (Status.DISPLACED, False)
    assert places_of(period) == {"public": (0, 3)}
    assert waitlist.line_with(Appointment.objects.get(pk=second.pk)) == (2, 2)
    outbox.deliver_waiting()
    assert Notification.objects.filter(about=first.pk, template="stop.stays").count() == 1
    publish(by, clerk, there)
    outbox.deliver_waiting()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.period_id, first.ticket) == (Status.BOOKED, there.pk, 1)
    assert (second.status, places_of(there)) == (Status.DISPLACED, {"public": (1, 1)})
    assert waitlist.line_with(second) == (1, 1)
    assert Notification.objects.filter(about=first.pk, template="stop.rebooked").count() == 1
    assert not Clock.objects.filter(about=first.pk, kind="displaced.stay", state="running")
    at_once(lambda: None)


def test_the_place_with_the_doctor_that_is_kept_is_the_one_taken(by, clerk, period):
    booked = book(by, period)
    there = PeriodFactory(
        session=SessionFactory(
            department=period.department, clinician=period.clinician, day=in_days(9)
        ),
        public=1,
    )
    stop(by, clerk, period, Stop.Plan.ANOTHER_DAY)
    moved = stay(by, booked)
    assert (moved.status, moved.period_id) == (Status.BOOKED, there.pk)
    assert not Wait.objects.filter(stays=True).exists()


def test_a_place_kept_with_another_doctor_goes_on(by, clerk, period):
    colleague = SessionFactory(department=period.department, day=period.session.day)
    for session in (period.session, colleague):
        session.title = "chief"
        session.save()
    there = PeriodFactory(session=colleague, public=1)
    booked = book(by, period)
    stop(by, clerk, period, Stop.Plan.SUBSTITUTE)
    assert places_of(there) == {"public": (1, 1)}
    waits = stay(by, booked)
    assert (waits.status, waits.plan_period_id) == (Status.DISPLACED, None)
    assert places_of(there) == {"public": (0, 1)}
    at_once(lambda: None)


def test_a_cancelled_place_goes_to_who_stays_before_who_waits_for_the_day(by, clerk, period):
    full = PeriodFactory(
        session=SessionFactory(
            department=period.department, clinician=period.clinician, day=in_days(9)
        ),
        public=1,
    )
    there, booked = book(by, full), book(by, period)
    waiting = PatientFactory(user=UserFactory()).user
    with by(waiting):
        entry = services.join(
            actor=waiting,
            patient=waiting.patient,
            department_id=full.department_id,
            day=full.session.day,
        )
    stop(by, clerk, period)
    stay(by, booked)
    assert waitlist.in_line_for(full, "public", timezone.now()) == [booked.pk, entry.pk]
    Wait.objects.filter(pk=entry.pk).update(grade=2, graded_by=full.clinician)
    assert waitlist.in_line_for(full, "public", timezone.now()) == [entry.pk, booked.pk]
    Wait.objects.filter(pk=entry.pk).update(grade=0)
    with by(there.booked_by):
        services.cancel(actor=there.booked_by, appointment_id=there.pk)
    clock = Clock.objects.get(about=there.pk, kind="place.return")
    assert clock.due_at - timezone.now() <= timedelta(minutes=2)
    with time_machine.travel(clock.due_at):
        clocks.fire_due()
    booked.refresh_from_db()
    entry.refresh_from_db()
    assert (booked.status, entry.status) == (Status.BOOKED, Status.WAITLISTED)
    assert places_of(full) == {"public": (1, 1)}
    at_once(lambda: None)


def test_nobody_is_booked_unasked_who_could_not_cancel_without_a_point(
    by, clerk, period, displaced
):
    there = planned(period)
    stay(by, displaced[0])
    with time_machine.travel(there.closes_at + timedelta(minutes=1)):
        publish(by, clerk, there)
    assert Appointment.objects.get(pk=displaced[0].pk).status == Status.DISPLACED


def test_somebody_who_has_something_else_at_that_time_lets_the_next_be_booked(
    by, clerk, period, displaced
):
    first, second = displaced
    for one in displaced:
        stay(by, one)
    there = planned(period)
    other = PeriodFactory(session=SessionFactory(day=in_days(9)))
    with by(first.booked_by):
        services.book(actor=first.booked_by, patient=first.patient, period_id=other.pk)
    publish(by, clerk, there)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (Status.DISPLACED, Status.BOOKED)
    at_once(lambda: None)


def test_after_the_stopped_day_one_still_chooses_another_time_or_cancels(
    by, clerk, period, displaced
):
    first, second = displaced
    for one in displaced:
        stay(by, one)
    with time_machine.travel(period.ends_at + timedelta(days=1)):
        other = PeriodFactory(
            session=SessionFactory(department=period.department, day=in_days(3)), public=1
        )
        with by(first.booked_by):
            moved = services.move(
                actor=first.booked_by, appointment_id=first.pk, period_id=other.pk
            )
        with by(second.booked_by):
            gone = services.cancel(actor=second.booked_by, appointment_id=second.pk)
    assert (moved.status, moved.late, places_of(other)) == ("booked", False, {"public": (1, 1)})
    assert (gone.status, gone.late, places_of(period)) == ("cancelled", False, {"public": (0, 3)})
    assert not Wait.objects.filter(stays=True).exists()
    at_once(lambda: None)


def test_a_stop_taken_back_gives_who_stays_the_old_time(by, clerk, period):
    booked = book(by, period)
    with time_machine.travel(period.starts_at - timedelta(hours=20)):
        with by(clerk):
            availability.stop_session(
                actor=clerk, session_id=period.session_id, reason="会议", plan=Stop.Plan.CANCEL
            )
        outbox.deliver_waiting()
        stay(by, booked)
        with by(clerk):
            availability.restore_session(actor=clerk, session_id=period.session_id)
        outbox.deliver_waiting()
    booked.refresh_from_db()
    assert (booked.status, booked.ticket, booked.holds_place) == (Status.BOOKED, 1, True)
    assert not Wait.objects.filter(stays=True).exists()
    at_once(lambda: None)


def test_when_no_place_came_the_hospital_cancels_and_it_never_counts(by, displaced):
    stay(by, displaced[0])
    clock = Clock.objects.get(about=displaced[0].pk, kind="displaced.stay")
    with time_machine.travel(clock.due_at):
        clocks.fire_due()
        outbox.deliver_waiting()
    gone = Appointment.objects.get(pk=displaced[0].pk)
    assert (gone.status, gone.late) == (Status.CANCELLED, False)
    assert gone.ended_because == "no place with this doctor came"
    assert Notification.objects.filter(about=gone.pk, template="appointment.withdrawn").exists()
    at_once(lambda: None)


def test_one_by_sms_stays_where_nothing_is_kept(by, displaced):
    question = Notification.objects.get(about=displaced[0].pk, template="stop.stay")
    assert "wait for" in str(question.text)
    with by(displaced[0].booked_by):
        replies.answer(question, Answer.YES)
    assert waitlist.stays(Appointment.objects.get(pk=displaced[0].pk))


def test_what_stands_in_the_way_of_staying(by, clerk, period, stranger):
    booked = book(by, period)
    with pytest.raises(Conflict, match="Booked"):
        stay(by, booked)
    stop(by, clerk, period)
    with pytest.raises(NotFound):
        stay(by, booked, stranger)
    doctor = period.clinician
    with pytest.raises((Forbidden, NotFound)):
        stay(by, booked, doctor)
    nobody = SessionFactory(department=period.department, clinician=None, day=in_days(8))
    unnamed = PeriodFactory(session=nobody)
    other = book(by, unnamed)
    stop(by, clerk, unnamed)
    with pytest.raises(Conflict, match="no doctor by name"):
        stay(by, other)
    waits = stay(by, booked, clerk)
    assert waitlist.stays(waits)


def test_the_page_of_who_was_displaced_stays_with_the_doctor_in_one_tap(client, period, displaced):
    client.cookies["language"] = "en"
    booked = displaced[0]
    client.force_login(booked.booked_by)
    page = reverse("booking:ticket", args=[booked.pk])
    name = period.clinician.name
    assert f"Stay with {name}, first in line" in client.get(page).content.decode()
    said = client.post(reverse("booking:stay", args=[booked.pk]), follow=True).content.decode()
    assert f"You stay with {name}." in said
    assert "Number 1 of 1 who waits" in said
    assert reverse("booking:stay", args=[booked.pk]) not in said
    assert "Another time" in said
    assert name in client.get(reverse("booking:mine")).content.decode()


def test_a_free_place_with_the_doctor_is_one_tap_away(client, by, clerk, period):
    client.cookies["language"] = "en"
    booked = book(by, period)
    free = PeriodFactory(
        session=SessionFactory(
            department=period.department, clinician=period.clinician, day=in_days(9)
        ),
        public=1,
    )
    stop(by, clerk, period)
    client.force_login(booked.booked_by)
    said = client.get(reverse("booking:ticket", args=[booked.pk])).content.decode()
    assert "first in line" not in said
    assert f'value="{free.pk}"' in said
    client.post(reverse("booking:hold"), {"period": free.pk, "move": booked.pk})
    assert Appointment.objects.get(pk=booked.pk).period_id == free.pk


def test_the_desk_sees_who_stays_and_answers_for_who_rings(client, clerk, period, displaced):
    client.cookies["language"] = "en"
    client.force_login(clerk)
    page = reverse("sessions:session", args=[period.session_id])
    stays = reverse("booking:stay", args=[displaced[0].pk])
    assert stays in client.get(page).content.decode()
    client.post(stays)
    said = client.get(page).content.decode()
    assert f"First in line with {period.clinician.name}" in said
    assert stays not in said
    assert "1 person still has to choose" in said


def test_a_system_that_opens_sessions_seats_them_too(by, period, displaced):
    there = planned(period)
    stay(by, displaced[0])
    with intention(System("publisher"), door="test"):
        availability.publish_due(organisation_id=period.organisation_id)
    assert Appointment.objects.get(pk=displaced[0].pk).period_id == there.pk
