"""A clinic that stops, as those who booked it see it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import translation

from scheduling.appointments import services
from scheduling.appointments.models import Status
from scheduling.availability import services as availability
from scheduling.availability.models import Stop
from scheduling.availability.services.resizing import BelowTaken
from telemed.core import clocks, outbox
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days, places_of

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


def stop(by, clerk, period):
    with by(clerk):
        stop = availability.stop_session(
            actor=clerk, session_id=period.session_id, reason="医生外出开会", plan=Stop.Plan.CANCEL
        )
    outbox.deliver_waiting()
    return stop


def notices(appointment):
    return Notification.objects.filter(about=appointment.pk, template="stop.notice").count()


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
