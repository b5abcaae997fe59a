"""A clinic that stops, as those who booked it see it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import translation

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status
from scheduling.availability import services as availability
from scheduling.availability.booked import booked_in
from scheduling.availability.models import Stop
from scheduling.availability.services.resizing import BelowTaken
from telemed.core import clocks, outbox
from telemed.core.errors import Invalid
from telemed.core.models import Clock
from telemed.notifications import replies
from telemed.notifications.models import Delivery, Notification
from telemed.notifications.replies import Answer
from tests.consult.requests.looking import published
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, at_once, in_days, places_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return StaffFactory(role="desk")


@pytest.fixture
def period(clerk):
    session = SessionFactory(department__organisation=clerk.organisation)
    return PeriodFactory(session=session, public=2)


@pytest.fixture
def booked(by, period):
    actor = PatientFactory(user=UserFactory()).user
    with by(actor):
        appointment = services.book(actor=actor, patient=actor.patient, period_id=period.pk)
    outbox.deliver_waiting()
    return appointment


def stop(by, clerk, period, plan=Stop.Plan.CANCEL):
    with by(clerk):
        stop = availability.stop_session(
            actor=clerk, session_id=period.session_id, reason="医生外出开会", plan=plan
        )
    outbox.deliver_waiting()
    return stop


def notices(appointment, template="stop.stay"):
    return Notification.objects.filter(about=appointment.pk, template=template).count()


def test_whoever_booked_keeps_the_number_and_is_told_when_it_is_final(by, clerk, period, booked):
    stopped = stop(by, clerk, period)
    booked.refresh_from_db()
    assert (booked.status, booked.ticket, notices(booked)) == (Status.DISPLACED, 1, 0)
    with time_machine.travel(stopped.final_at + timedelta(seconds=1)):
        clocks.fire_due()
        outbox.deliver_waiting()
        outbox.deliver_waiting()
    assert notices(booked) == 1


def test_whoever_would_set_out_soon_is_told_at_once(by, clerk, booked, period):
    with time_machine.travel(period.starts_at - timedelta(hours=20)):
        stop(by, clerk, period)
    assert notices(booked) == 1


def test_a_stop_that_is_taken_back_leaves_everything_as_it_was(by, clerk, period, booked):
    stop(by, clerk, period)
    with by(clerk):
        availability.restore_session(actor=clerk, session_id=period.session_id)
    outbox.deliver_waiting()
    booked.refresh_from_db()
    assert (booked.status, booked.ticket, places_of(period)) == ("booked", 1, {"public": (1, 2)})
    assert not Clock.objects.filter(kind="stop.undo", state="running").exists()


def test_whoever_was_displaced_chooses_another_day_and_it_never_counts(by, clerk, period, booked):
    stop(by, clerk, period)
    other = PeriodFactory(
        session=SessionFactory(department=period.department, day=in_days(9)), public=1
    )
    actor = booked.booked_by
    with by(actor):
        moved = services.move(actor=actor, appointment_id=booked.pk, period_id=other.pk)
    assert (moved.status, moved.late, places_of(other)) == ("booked", False, {"public": (1, 1)})


def test_a_displaced_booking_that_is_cancelled_is_never_late(by, clerk, period, booked):
    with time_machine.travel(period.starts_at - timedelta(hours=3)):
        stop(by, clerk, period)
        with by(booked.booked_by):
            gone = services.cancel(actor=booked.booked_by, appointment_id=booked.pk)
    assert (gone.status, gone.late) == ("cancelled", False)


def test_cutting_below_what_is_booked_names_who_is_affected(by, clerk, period, booked):
    other = PatientFactory(user=UserFactory(), name="李四").user
    with by(other):
        services.book(actor=other, patient=other.patient, period_id=period.pk)
    with translation.override("en"), by(clerk), pytest.raises(BelowTaken) as refused:
        availability.resize_session(
            actor=clerk, session_id=period.session_id, capacity=1, shares={}
        )
    assert [one.name for one in refused.value.affected] == [booked.patient.name, "李四"]


@pytest.fixture
def later(period):
    """The same doctor two days later."""
    session = SessionFactory(
        department=period.department, clinician=period.clinician, day=in_days(9)
    )
    return PeriodFactory(session=session, public=1)


def settled(stopped):
    """The ten minutes are over, and everybody is told."""
    with time_machine.travel(stopped.final_at + timedelta(seconds=1)):
        clocks.fire_due()
        outbox.deliver_waiting()


@pytest.fixture
def kept(by, clerk, period, booked, later):
    """Stopped; a place two days later is kept, and she was told."""
    settled(stop(by, clerk, period, Stop.Plan.ANOTHER_DAY))
    booked.refresh_from_db()
    return booked


def test_the_plans_place_is_kept_on_the_same_row_and_counted_in_both(kept, period, later):
    assert (kept.status, kept.ticket, kept.plan_period_id) == ("displaced", 1, later.pk)
    assert (places_of(period), places_of(later)) == ({"public": (1, 2)}, {"public": (1, 1)})
    assert (notices(kept, "stop.notice"), notices(kept)) == (1, 0)
    assert published(kept.pk)["start"].startswith(f"{later.starts_at:%Y-%m-%d}")
    at_once(lambda: None)


def test_a_plan_that_is_not_counted_is_refused_by_the_database(by, kept, later):
    lost = Appointment.objects.filter(pk=kept.pk)
    with pytest.raises(IntegrityError, match="hold a place"), by(kept.booked_by):
        at_once(lambda: lost.update(plan_period=None, plan_pool=""))


def test_one_takes_the_kept_place_and_says_where(by, kept, period, later):
    for _twice in range(2):
        with by(kept.booked_by):
            there = services.rebook(actor=kept.booked_by, appointment_id=kept.pk)
    assert (there.status, there.period_id, there.ticket) == ("booked", later.pk, 1)
    assert (places_of(period), places_of(later)) == ({"public": (0, 2)}, {"public": (1, 1)})
    outbox.deliver_waiting()
    assert notices(kept, "stop.rebooked") == 1
    assert not Clock.objects.filter(about=kept.pk, kind="displaced.choice", state="running")
    at_once(lambda: None)


@pytest.mark.parametrize(
    ("said", "status"),
    [(Answer.YES, "booked"), (Answer.NO, "displaced"), (Answer.THIRD, "cancelled")],
)
def test_an_sms_answers_the_stop(by, kept, said, status):
    question = Notification.objects.get(about=kept.pk, template="stop.notice")
    with by(kept.booked_by):
        replies.answer(question, said)
        replies.answer(question, said)
    kept.refresh_from_db()
    assert (kept.status, kept.late) == (status, False)
    at_once(lambda: None)


def test_another_time_gives_the_kept_place_on(by, kept, later):
    other = PeriodFactory(
        session=SessionFactory(department=later.department, day=in_days(10)), public=1
    )
    with by(kept.booked_by):
        moved = services.move(actor=kept.booked_by, appointment_id=kept.pk, period_id=other.pk)
    assert (moved.plan_period_id, places_of(later)) == (None, {"public": (0, 1)})
    at_once(lambda: None)


def test_a_stop_taken_back_frees_what_was_kept(by, clerk, period, booked, later):
    stop(by, clerk, period, Stop.Plan.ANOTHER_DAY)
    assert places_of(later) == {"public": (1, 1)}
    with by(clerk):
        availability.restore_session(actor=clerk, session_id=period.session_id)
    outbox.deliver_waiting()
    booked.refresh_from_db()
    assert (booked.status, booked.plan_period_id) == ("booked", None)
    assert places_of(later) == {"public": (0, 1)}
    at_once(lambda: None)


def test_silence_is_phoned_and_then_cancelled_by_the_clinic(kept, later):
    four = Clock.objects.get(about=kept.pk, kind="displaced.choice", rung=0)
    with time_machine.travel(four.due_at):
        clocks.fire_due()
    assert Delivery.objects.filter(notification__about=kept.pk, channel="phone").exists()
    end = Clock.objects.get(about=kept.pk, kind="displaced.choice", rung=1)
    with time_machine.travel(end.due_at):
        clocks.fire_due()
        outbox.deliver_waiting()
    kept.refresh_from_db()
    assert (kept.status, kept.late, bool(kept.ended_because)) == ("cancelled", False, True)
    assert places_of(later) == {"public": (0, 1)}
    assert notices(kept, "appointment.withdrawn") == 1
    at_once(lambda: None)


def test_the_answer_is_due_two_hours_before_the_kept_place(by, clerk, period, booked):
    colleague = SessionFactory(department=period.department, day=period.session.day)
    for session in (period.session, colleague):
        session.title = "chief"
        session.save()
    there = PeriodFactory(session=colleague, walk_in=1)
    with time_machine.travel(period.starts_at - timedelta(hours=10)):
        stop(by, clerk, period, Stop.Plan.SUBSTITUTE)
    booked.refresh_from_db()
    assert (booked.plan_period_id, booked.plan_pool) == (there.pk, "walk_in")
    assert booked.answer_by == there.starts_at - timedelta(hours=2)
    assert Notification.objects.get(about=booked.pk, template="stop.notice").pressing


def test_the_session_that_stands_in_is_stopped_too(by, clerk, kept, later):
    settled(stop(by, clerk, later))
    kept.refresh_from_db()
    assert (kept.status, kept.plan_period_id, places_of(later)) == (
        "displaced",
        None,
        {"public": (0, 1)},
    )


def test_whoever_was_kept_a_place_in_it_is_told_and_chooses_anew(by, clerk, kept, later):
    before = notices(kept)
    stop(by, clerk, later)
    outbox.deliver_waiting()
    kept.refresh_from_db()
    assert (before, notices(kept), kept.answer_by is not None) == (0, 1, True)
    end = Clock.objects.get(about=kept.pk, kind="displaced.choice", rung=1, state="running")
    assert abs(end.due_at - kept.answer_by) < timedelta(seconds=1)
    with time_machine.travel(end.due_at):
        clocks.fire_due()
        outbox.deliver_waiting()
    kept.refresh_from_db()
    assert (kept.status, notices(kept, "appointment.withdrawn")) == ("cancelled", 1)
    at_once(lambda: None)


def test_whom_the_desk_called_off_alone_does_not_come_back_with_the_clinic(
    by, clerk, period, booked, later
):
    with by(clerk):
        services.call_off_at_desk(
            actor=clerk, appointment_id=booked.pk, reason="设备今天检修", plan="another_day"
        )
    stop(by, clerk, period)
    with by(clerk):
        availability.restore_session(actor=clerk, session_id=period.session_id)
    outbox.deliver_waiting()
    booked.refresh_from_db()
    assert (booked.status, booked.plan_period_id) == ("displaced", later.pk)
    assert notices(booked, "stop.undone") == 0
    at_once(lambda: None)


def test_cutting_the_session_that_stands_in_names_who_is_kept_a_place(by, clerk, kept, later):
    with by(clerk), pytest.raises(Invalid):
        availability.resize_session(actor=clerk, session_id=later.session_id, capacity=0, shares={})
    assert [one.name for one in booked_in([later.pk])] == [kept.patient.name]


def test_elsewhere_is_of_the_same_level_and_specialty(by, clerk, period, booked):
    period.session.title = "chief"
    period.session.save()
    other = SessionFactory(day=period.session.day, title="chief")
    there = PeriodFactory(session=other, public=1)
    stop(by, clerk, period, Stop.Plan.ELSEWHERE)
    booked.refresh_from_db()
    assert booked.plan_period_id == there.pk
    with by(booked.booked_by):
        moved = services.rebook(actor=booked.booked_by, appointment_id=booked.pk)
    assert (moved.organisation_id, moved.clinician) == (other.organisation_id, other.clinician)
