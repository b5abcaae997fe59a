"""Sending, answering, asking back, withdrawing."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from records.consent import access
from scheduling.appointments.models import Appointment
from scheduling.appointments.models import Status as Booking
from scheduling.referrals import services
from scheduling.referrals.models import Referral, Round, Status
from scheduling.referrals.services.answering import Offer
from telemed.audit.models import AuditRow
from telemed.core import clocks
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock, ClockState, OutboxEvent
from telemed.notifications.models import Notification
from telemed.organisations.models import Agreement
from telemed.people.models import Role
from tests.consult.requests.looking import published
from tests.factories.consult import signed_case
from tests.factories.people import PatientFactory, StaffFactory
from tests.factories.referrals import (
    accepted,
    arrived,
    by,
    declined,
    next_hospital,
    road,
    sent,
    wish,
)
from tests.factories.scheduling import PeriodFactory, places_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def send(found, actor=None, **changed):
    actor = actor or found.sender
    with by(actor):
        return services.send(actor=actor, patient=found.patient, wish=wish(found, **changed))


def accept(found, actor=None, **offer):
    actor = actor or found.coordinator
    with by(actor):
        return services.accept(actor=actor, referral_id=found.referral.pk, offer=Offer(**offer))


def told(user):
    rows = Notification.objects.filter(recipient=user).order_by("pk")
    return list(rows.values_list("template", flat=True))


def fire(kind, rung):
    clock = Clock.objects.get(kind=kind, rung=rung, state=ClockState.RUNNING)
    with time_machine.travel(clock.due_at + timedelta(seconds=1)):
        clocks.fire_due()


def test_sending_keeps_a_place_opens_the_record_and_starts_the_clock():
    found = sent()
    assert found.referral.status == Status.SENT
    assert found.referral.number.startswith("R")
    assert places_of(found.period)["referral"] == (1, 1)
    assert access.decide(found.doctor, "read", found.patient).reasons == ("referral",)
    assert not access.decide(found.coordinator, "read", found.patient).allowed
    assert Clock.objects.filter(about=found.referral.pk, kind="referral.accept").count() == 5
    assert told(found.coordinator) == told(found.doctor) == ["referral.sent"]
    assert AuditRow.objects.filter(action="referral.send").exists()
    assert OutboxEvent.objects.filter(topic="referral.sent").exists()
    assert published(found.referral.pk)["status"] == "active"
    assert published(found.referral.rounds.get().pk)["status"] == "requested"


def test_a_doctor_of_another_department_reads_nothing_and_knows_of_nothing():
    found = sent()
    other = StaffFactory(role=Role.SPECIALIST, organisation=found.hospital)
    assert not access.decide(other, "read", found.patient).allowed
    with by(other), pytest.raises(NotFound):
        services.open_referral(actor=other, referral_id=found.referral.pk)


def test_where_no_place_is_kept_it_goes_without():
    found = sent(road(places=0))
    assert found.referral.rounds.get().period is None
    taken = road()
    send(taken)
    other = PatientFactory()
    taken.patient, taken.resident = other, None
    from tests.factories.people import treated

    treated(other, taken.clinic)
    assert send(taken).rounds.get().period is None
    assert places_of(taken.period)["referral"] == (1, 1)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": "胸闷"}, "at least 5 characters"),
        ({"agreed": "emergency", "agreed_note": "昏迷，无家属"}, "Only an urgent referral"),
        ({"agreed": "emergency", "urgency": "urgent"}, "at least 5 characters"),
        ({"agreed": "signed"}, "no valid consent"),
        ({"agreed_by": "guardian"}, "Over 18"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_sent(changed, said):
    found = road()
    with pytest.raises(Invalid, match=said):
        send(found, **changed)
    assert not Referral.objects.exists()
    assert places_of(found.period)["referral"] == (0, 1)


def test_a_child_is_referred_when_its_guardian_agrees():
    found = road()
    found.patient.birth_date = timezone.localdate() - timedelta(days=3000)
    found.patient.save()
    with pytest.raises(Invalid, match="Under 14"):
        send(found)
    with pytest.raises(Invalid, match="No guardianship"):
        send(found, agreed_by="guardian")


def test_without_an_agreement_nobody_is_referred():
    found = road()
    Agreement.objects.update(state=Agreement.State.SUSPENDED)
    with pytest.raises(Conflict):
        send(found)


def test_who_does_not_treat_the_patient_refers_nobody():
    found = road()
    with pytest.raises(NotFound):
        send(found, StaffFactory())
    with pytest.raises(NotFound):
        send(found, found.doctor)
    with pytest.raises(Forbidden):
        send(found, found.resident)


def test_the_same_referral_is_open_once_and_a_button_pressed_twice_sends_once():
    found = sent()
    assert send(found) == found.referral
    with pytest.raises(Conflict, match="The same referral is already open"):
        send(found, reason="另有别的原因要转诊")
    assert Referral.objects.count() == 1


def test_accepting_makes_the_kept_place_a_visit():
    found = sent()
    got = accept(found)
    visit = Appointment.objects.get()
    assert (got.status, got.appointment, got.expected_at) == (
        Status.ACCEPTED,
        visit,
        visit.during.lower,
    )
    assert (visit.pool, visit.patient, visit.status) == ("referral", found.patient, Booking.BOOKED)
    assert places_of(found.period)["referral"] == (1, 1)
    assert told(found.sender) == ["referral.accepted"]
    kinds = Clock.objects.filter(about=got.pk, state=ClockState.RUNNING)
    assert set(kinds.values_list("kind", flat=True)) == {"referral.arrive"}
    assert published(got.rounds.get().pk)["status"] == "accepted"
    assert accept(found).pk == got.pk  # again: nothing more happens
    assert Appointment.objects.count() == 1


def test_another_time_gives_the_kept_place_back():
    found = sent()
    later = PeriodFactory(
        session=found.period.session,
        starts_at=found.period.starts_at + timedelta(minutes=30),
        public=1,
    )
    accept(found, period_id=later.pk)
    assert places_of(found.period)["referral"] == (0, 1)
    assert places_of(later)["public"] == (1, 1)


def test_a_bed_is_named_with_its_time_and_the_department_doctor_may_do_so():
    found = sent(road(places=0))
    next_hospital(found)
    with pytest.raises(Invalid, match=r"No place at .*; next: "):
        accept(found)
    with pytest.raises(Invalid, match="from when the bed is free"):
        accept(found, place="三楼 12 床")
    with pytest.raises(Invalid, match="time has passed"):
        accept(found, place="三楼 12 床", expected_at=timezone.now() - timedelta(hours=1))
    at = timezone.now() + timedelta(hours=3)
    got = accept(found, found.doctor, place="三楼 12 床", expected_at=at)
    assert (got.place, got.expected_at, got.appointment) == ("三楼 12 床", at, None)
    assert told(found.resident) == ["referral.accepted"]


def test_a_place_of_another_department_is_no_answer():
    found, other = sent(), road()
    with pytest.raises(Invalid, match="Choose a time of this department"):
        accept(found, period_id=other.period.pk)
    assert places_of(other.period)["referral"] == (0, 1)


def test_declining_says_why_and_where_else_and_the_next_hospital_is_asked():
    found = sent()
    with by(found.coordinator), pytest.raises(Invalid, match="at least 5"):
        services.decline(
            actor=found.coordinator, referral_id=found.referral.pk, reason="满", elsewhere="市"
        )
    with by(found.coordinator), pytest.raises(Invalid, match="where else"):
        services.decline(
            actor=found.coordinator,
            referral_id=found.referral.pk,
            reason="没有空床了",
            elsewhere="",
        )
    second = road()
    second = declined(second)
    assert second.refresh().status == Status.DECLINED
    assert places_of(second.period)["referral"] == (0, 1)
    assert not access.decide(second.doctor, "read", second.patient).allowed
    there = next_hospital(second)
    with by(second.sender):
        again = services.send_again(
            actor=second.sender,
            referral_id=second.referral.pk,
            department_id=there.department.pk,
        )
    assert (again.status, again.rounds_asked, again.organisation) == (
        Status.SENT,
        2,
        there.hospital,
    )
    assert access.decide(there.doctor, "read", second.patient).allowed
    states = list(again.rounds.order_by("number").values_list("status", flat=True))
    assert states == [Round.Status.DECLINED, Round.Status.ASKED]
    with by(second.coordinator), pytest.raises(NotFound):  # no longer theirs to know of
        services.open_referral(actor=second.coordinator, referral_id=again.pk)


def test_a_question_stops_the_clock_until_it_is_answered():
    found = sent()
    with by(found.doctor):
        services.ask(actor=found.doctor, referral_id=found.referral.pk, text="请补充心电图")
    accept_clocks = Clock.objects.filter(about=found.referral.pk, kind="referral.accept")
    assert set(accept_clocks.values_list("state", flat=True)) == {ClockState.PAUSED}
    assert published(found.referral.rounds.get().pk)["status"] == "on-hold"
    with by(found.doctor), pytest.raises(Conflict, match="already"):
        services.ask(actor=found.doctor, referral_id=found.referral.pk, text="还有一个问题")
    with by(found.sender):
        services.answer(actor=found.sender, referral_id=found.referral.pk, text="已附上")
    assert set(accept_clocks.values_list("state", flat=True)) == {ClockState.RUNNING}
    assert told(found.doctor) == ["referral.sent", "referral.answered"]


def test_withdrawing_gives_the_place_back_and_after_arrival_is_refused():
    found = sent()
    with by(found.sender):
        services.cancel(actor=found.sender, referral_id=found.referral.pk, reason="病人不去了")
    assert places_of(found.period)["referral"] == (0, 1)
    assert published(found.referral.pk)["status"] == "revoked"
    booked = accepted()
    with by(booked.resident):
        services.cancel(actor=booked.resident, referral_id=booked.referral.pk, reason="不想去了吧")
    assert booked.refresh().appointment.status == Booking.CANCELLED
    there = arrived()
    with by(there.sender), pytest.raises(Conflict, match="The patient has arrived"):
        services.cancel(actor=there.sender, referral_id=there.referral.pk, reason="病人不去了")


def test_nobody_of_the_receiving_side_withdraws_and_nobody_of_the_sending_side_answers():
    found = sent()
    for actor in (found.coordinator, found.doctor):
        with by(actor), pytest.raises(Forbidden):
            services.cancel(actor=actor, referral_id=found.referral.pk, reason="不是我们的病人")
    with pytest.raises(Forbidden):
        accept(found, found.sender)


def test_unanswered_it_climbs_to_the_director_then_the_next_hospital_then_expires():
    found = sent()
    there = next_hospital(found)
    fire("referral.accept", 1)
    assert told(found.director) == ["referral.unanswered"]
    fire("referral.accept", 2)
    assert told(there.coordinator) == ["referral.sent"]
    assert access.decide(there.doctor, "read", found.patient).allowed
    with by(there.doctor):
        services.accept(
            actor=there.doctor,
            referral_id=found.referral.pk,
            offer=Offer(place="二楼 3 床", expected_at=timezone.now() + timedelta(days=1)),
        )
    got = found.refresh()
    assert (got.status, got.organisation) == (Status.ACCEPTED, there.hospital)
    assert places_of(found.period)["referral"] == (0, 1)  # the first hospital's went back
    assert not access.decide(found.doctor, "read", found.patient).allowed
    with by(found.coordinator), pytest.raises(NotFound):
        services.open_referral(actor=found.coordinator, referral_id=got.pk)


def test_a_routine_one_expires_and_an_urgent_one_never_does():
    found = sent()
    fire("referral.accept", 4)
    assert found.refresh().status == Status.EXPIRED
    assert {taken for taken, _places in places_of(found.period).values()} == {0}
    assert "referral.expired" in told(found.sender)
    urgent = sent(urgency="urgent")
    rungs = Clock.objects.filter(about=urgent.referral.pk, kind="referral.accept")
    assert sorted(rungs.values_list("rung", flat=True)) == [0, 1, 2, 3]
    promise = rungs.get(rung=1)
    assert timedelta(minutes=29) < promise.due_at - timezone.now() <= timedelta(minutes=30)


def test_a_case_may_lend_its_signed_consent():
    scene = signed_case()
    found = road()
    from tests.factories.people import treated

    treated(scene.patient, found.clinic)
    with by(found.sender):
        got = services.refer(
            sender=found.sender,
            sending=found.clinic,
            patient=scene.patient,
            wish=wish(found, agreed="signed"),
            from_case=scene.case.pk,
            consent=scene.case.consent,
        )
    assert (got.consent, got.from_case) == (scene.case.consent, scene.case.pk)
    assert published(got.pk)["basedOn"] == [{"reference": f"ServiceRequest/{scene.case.pk}"}]
