"""Arriving or not, the hand-back, and the plan."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone, translation

from records.consent import access
from scheduling.appointments import services as appointments
from scheduling.appointments.models import Appointment
from scheduling.referrals import services
from scheduling.referrals.models import Referral, Status
from telemed.core import clocks, outbox
from telemed.core.errors import Conflict, Forbidden, Invalid
from telemed.core.models import Calendar, Clock, ClockState, OutboxEvent
from telemed.notifications.models import Notification
from tests.consult.requests.looking import published
from tests.factories.referrals import (
    BACK,
    accepted,
    arrived,
    by,
    closed,
    handed_back,
    missed,
    sent,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def told(user):
    return set(Notification.objects.filter(recipient=user).values_list("template", flat=True))


def running(found):
    rows = Clock.objects.filter(about=found.referral.pk, state=ClockState.RUNNING)
    return set(rows.values_list("kind", flat=True))


def hand_back(found, actor=None, **changed):
    actor = actor or found.doctor
    with by(actor):
        return services.hand_back(actor=actor, referral_id=found.referral.pk, **{**BACK, **changed})


def answer(found, **sent):
    with by(found.sender):
        return services.answer_missed(actor=found.sender, referral_id=found.referral.pk, **sent)


def test_checking_in_the_visit_is_the_arrival_and_the_sender_sees_it():
    found = accepted()
    visit = Appointment.objects.get()
    with time_machine.travel(visit.during.lower - timedelta(minutes=10)):
        with by(found.desk):
            appointments.check_in(actor=found.desk, appointment_id=visit.pk)
        outbox.deliver_waiting()
        outbox.deliver_waiting()
    got = found.refresh()
    assert got.status == Status.ARRIVED
    assert got.arrived_at is not None
    assert "referral.arrived" in told(found.sender)
    assert running(found) == {"referral.handback"}
    assert published(got.rounds.get().pk)["status"] == "in-progress"


def test_who_has_a_bed_arrives_at_the_desk_with_an_id():
    found = accepted(bed=True)
    found.patient.id_card_tail = "1234"
    found.patient.save()
    with by(found.desk), pytest.raises(Invalid, match="does not match"):
        services.arrive(actor=found.desk, referral_id=found.referral.pk, number="9999")
    with by(found.desk):
        services.arrive(actor=found.desk, referral_id=found.referral.pk, number="1234")
        services.arrive(actor=found.desk, referral_id=found.referral.pk, number="1234")
    assert found.refresh().status == Status.ARRIVED


def test_who_has_a_visit_is_checked_in_with_it():
    found = accepted()
    with by(found.desk), pytest.raises(Conflict, match="check it in"):
        services.arrive(actor=found.desk, referral_id=found.referral.pk)


def test_two_hours_after_the_time_the_sender_has_to_answer():
    found = accepted(bed=True)
    clock = Clock.objects.get(about=found.referral.pk, kind="referral.arrive")
    late = clock.due_at - found.refresh().expected_at
    assert abs(late - timedelta(hours=2)) < timedelta(seconds=2)
    with time_machine.travel(clock.due_at + timedelta(seconds=1)):
        clocks.fire_due()
    assert found.refresh().status == Status.NOT_ARRIVED
    assert "referral.missed" in told(found.sender)
    assert published(found.referral.rounds.get().pk)["status"] == "failed"
    with pytest.raises(Invalid, match="when the patient comes"):
        answer(found, answer="coming")
    at = timezone.now() + timedelta(days=2)
    answer(found, answer="coming", expected_at=at)
    got = found.refresh()
    assert (got.status, got.expected_at) == (Status.ACCEPTED, at)
    assert running(found) == {"referral.arrive"}


@pytest.mark.parametrize("what", ["refused", "died", "lost"])
def test_who_does_not_come_ends_the_referral(what):
    found = missed()
    answer(found, answer=what, note="电话问过家属")
    got = found.refresh()
    assert (got.status, got.answer) == (Status.CANCELLED, what)
    assert "电话问过家属" in got.ended_because
    assert running(found) == set()


def test_nobody_answers_for_a_patient_who_is_not_missed():
    found = accepted()
    with pytest.raises(Conflict):
        answer(found, answer="lost")


def test_a_moved_visit_is_expected_then_and_a_cancelled_one_is_said():
    found = accepted()
    visit = Appointment.objects.get()
    from tests.factories.scheduling import PeriodFactory

    later = PeriodFactory(
        session=visit.period.session, starts_at=visit.during.lower + timedelta(hours=1), public=1
    )
    with by(found.resident):
        appointments.move(actor=found.resident, appointment_id=visit.pk, period_id=later.pk)
    outbox.deliver_waiting()
    assert found.refresh().expected_at == later.starts_at
    with by(found.resident):
        appointments.cancel(actor=found.resident, appointment_id=visit.pk)
    outbox.deliver_waiting()
    got = found.refresh()
    assert (got.status, got.appointment) == (Status.ACCEPTED, None)
    assert "referral.unbooked" in told(found.sender)
    assert "referral.unbooked" in told(found.coordinator)


def test_a_doctor_of_the_department_has_the_patient_then_hands_back():
    found = arrived()
    with by(found.doctor):
        got = services.begin(actor=found.doctor, referral_id=found.referral.pk)
    assert (got.status, got.doctor) == (Status.IN_CARE, found.doctor)
    due = timezone.localdate() + timedelta(days=14)
    got = hand_back(found, items=[("复查心电图", due)])
    assert (got.status, got.planned) == (Status.HANDED_BACK, 1)
    assert {"referral.handed_back"} <= told(found.sender) & told(found.resident)
    assert running(found) == {"referral.plan"}
    assert published(got.rounds.get().pk)["status"] == "completed"
    assert access.decide(found.doctor, "read", found.patient).allowed
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert not access.decide(found.doctor, "read", found.patient).allowed
    assert hand_back(found).pk == got.pk  # again: the present state
    assert got.plan.count() == 1


def test_handing_back_needs_a_plan_or_the_reason_why_not():
    found = arrived()
    with pytest.raises(Invalid, match="Handing back needs a plan"):
        hand_back(found)
    with pytest.raises(Invalid, match="diagnosis"):
        hand_back(found, diagnosis="", none_reason="已经痊愈了")
    with pytest.raises(Invalid, match="what was done"):
        hand_back(found, done="", none_reason="已经痊愈了")
    with pytest.raises(Invalid, match="says what, and by when"):
        hand_back(found, items=[("复查", None)])
    with pytest.raises(Invalid, match="passed"):
        hand_back(found, items=[("复查", timezone.localdate() - timedelta(days=1))])
    assert found.refresh().status == Status.ARRIVED
    assert hand_back(found, none_reason="已经痊愈了").status == Status.HANDED_BACK


def test_the_database_refuses_a_hand_back_without_a_plan():
    found = arrived()
    with pytest.raises(IntegrityError, match="handing_back_needs_a_plan"):
        Referral.objects.filter(pk=found.referral.pk).update(status="handed_back")


def test_only_a_doctor_of_the_department_begins_and_hands_back():
    found = arrived()
    for actor in (found.coordinator, found.sender, found.desk):
        with pytest.raises(Forbidden):
            hand_back(found, actor, none_reason="已经痊愈了")
        with by(actor), pytest.raises(Forbidden):
            services.begin(actor=actor, referral_id=found.referral.pk)


def test_a_missing_hand_back_climbs_and_is_red_on_both_sides():
    found = arrived()
    promise = Clock.objects.get(about=found.referral.pk, kind="referral.handback", rung=1)
    assert promise.due_at - timezone.now() > timedelta(days=13)
    with time_machine.travel(promise.due_at + timedelta(days=1, minutes=1)):
        clocks.fire_due()
        from scheduling.referrals import presenting

        for actor in (found.sender, found.doctor, found.coordinator):
            shown = presenting.board(actor)
            [row] = [*shown["mine"], *shown["others"]]
            assert row.late
            assert shown["late"] == 1
    assert "referral.no_handback" in told(found.sender) & told(found.doctor) & told(found.director)


def test_taking_the_plan_closes_and_puts_its_items_on_the_list():
    found = closed()
    got = found.refresh()
    assert (got.status, got.taken_by) == (Status.CLOSED, found.sender)
    assert running(found) == set()
    assert published(got.pk)["status"] == "completed"
    event = OutboxEvent.objects.get(topic="referral.closed")
    assert event.payload["referral_id"] == str(got.pk)
    from scheduling.referrals.queries import open_items

    items = open_items(found.sender)
    assert [item.what for item in items] == ["复查心电图", "测血压，每周一次"]
    with by(found.sender):
        services.finish_item(actor=found.sender, referral_id=got.pk, item_id=items[0].pk)
    assert len(open_items(found.sender)) == 1


def test_a_plan_that_nobody_takes_is_told_to_the_clinics_coordinator():
    from telemed.people.models import Role
    from tests.factories.people import StaffFactory

    found = handed_back()
    coordinator = StaffFactory(role=Role.COORDINATOR, organisation=found.clinic)
    promise = Clock.objects.get(about=found.referral.pk, kind="referral.plan", rung=1)
    with time_machine.travel(promise.due_at + timedelta(minutes=1)):
        clocks.fire_due()
    assert "referral.plan_waits" in told(coordinator)
    with by(coordinator):
        services.take_plan(actor=coordinator, referral_id=found.referral.pk)
    assert found.refresh().status == Status.CLOSED


def test_nobody_of_the_hospital_takes_the_plan():
    found = handed_back()
    for actor in (found.doctor, found.coordinator):
        with by(actor), pytest.raises(Forbidden):
            services.take_plan(actor=actor, referral_id=found.referral.pk)


def test_there_is_no_plan_before_the_patient_is_back():
    found = sent()
    with by(found.sender), pytest.raises(Conflict):
        services.take_plan(actor=found.sender, referral_id=found.referral.pk)


def test_a_discharge_brings_the_hand_back_forward():
    found = arrived()
    first = Clock.objects.get(about=found.referral.pk, kind="referral.handback", rung=1)
    with by(found.sender), pytest.raises(Forbidden):
        services.discharge(actor=found.sender, referral_id=found.referral.pk)
    with by(found.doctor):
        services.discharge(actor=found.doctor, referral_id=found.referral.pk)
        services.discharge(actor=found.doctor, referral_id=found.referral.pk)
    [clock] = Clock.objects.filter(
        about=found.referral.pk, kind="referral.handback", rung=1, state=ClockState.RUNNING
    )
    assert clock.due_at < first.due_at
    three_days = clocks.due(found.refresh().discharged_at, timedelta(hours=24), Calendar.WORKING)
    assert abs(clock.due_at - three_days.at) < timedelta(minutes=1)
    with time_machine.travel(clock.due_at + timedelta(seconds=1)):
        clocks.fire_due()
    assert "referral.no_handback" in told(found.sender)
    hand_back(found, none_reason="已经痊愈了")
    assert running(found) == {"referral.plan"}


def test_nobody_is_discharged_who_is_not_there():
    found = accepted()
    with by(found.doctor), pytest.raises(Conflict):
        services.discharge(actor=found.doctor, referral_id=found.referral.pk)
