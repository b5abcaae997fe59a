"""Referrals when several come at once."""

from datetime import timedelta

from django.utils import timezone

from scheduling.appointments.models import Appointment
from scheduling.referrals import queries, services
from scheduling.referrals.models import Referral, Round, Status
from scheduling.referrals.services.answering import Offer
from scheduling.referrals.services.arriving import miss
from scheduling.referrals.services.climbing import _ask_next
from telemed.core.intentions import System, intention
from tests.factories.people import StaffFactory
from tests.factories.referrals import (
    BACK,
    accepted,
    another,
    arrived,
    by,
    handed_back,
    next_hospital,
    road,
    sent,
    wish,
)
from tests.factories.registration import TeamFactory, signed
from tests.factories.scheduling import places_of
from tests.marks import committed
from tests.racing import race

pytestmark = committed


def doing(actor, service, **sent):
    def call():
        with by(actor):
            service(actor=actor, **sent)

    return call


def test_accepting_and_withdrawing_at_once_leaves_no_place_taken_or_one_visit():
    found = sent()
    one = found.referral.pk
    ended = race(
        [
            doing(found.coordinator, services.accept, referral_id=one, offer=Offer()),
            doing(found.sender, services.cancel, referral_id=one, reason="病人不去了"),
            doing(found.doctor, services.accept, referral_id=one, offer=Offer()),
        ]
    )
    got = found.refresh()
    assert ended["won"] >= 1
    assert set(ended) <= {"won", "Conflict", "NotFound"}
    assert got.status in (Status.ACCEPTED, Status.CANCELLED)
    taken = {pool: taken for pool, (taken, _places) in places_of(found.period).items()}
    if got.status == Status.ACCEPTED:
        assert taken["referral"] == 1
        assert Appointment.objects.count() == 1
    else:
        live = Appointment.objects.filter(holds_place=True).count()
        assert taken["referral"] == live  # what was booked first comes back at a random moment


def test_two_hospitals_accept_and_one_has_the_patient():
    found = sent(road(places=0))
    there = next_hospital(found)
    with intention(System("clocks"), door="test"):
        assert _ask_next(queries.lock_referral(found.referral.pk))
    bed = Offer(place="三楼 12 床", expected_at=timezone.now() + timedelta(days=1))
    one = found.referral.pk
    ended = race(
        [
            doing(actor, services.accept, referral_id=one, offer=bed)
            for actor in (found.coordinator, there.coordinator)
        ]
    )
    assert ended["won"] == 1
    assert set(ended) <= {"won", "Conflict", "NotFound", "Forbidden"}
    assert Round.objects.filter(status=Round.Status.ACCEPTED).count() == 1


def test_arriving_and_being_missed_at_once_is_one_of_them_and_who_arrives_is_there():
    found = accepted(bed=True)

    def clock():
        with intention(System("clocks"), door="test"):
            referral = queries.lock_referral(found.referral.pk)
            miss(referral=referral)

    arrive = doing(found.desk, services.arrive, referral_id=found.referral.pk)
    race([clock, arrive])
    got = found.refresh()
    assert got.status == Status.ARRIVED  # also who was missed a moment before
    assert got.arrived_at is not None


def test_handing_back_twice_makes_one_plan():
    found = arrived()
    item = ("复查心电图", timezone.localdate() + timedelta(days=14))
    call = doing(
        found.doctor, services.hand_back, referral_id=found.referral.pk, items=[item], **BACK
    )
    assert race([call, call, call]) == {"won": 3}
    assert found.refresh().plan.count() == 1


def test_two_doctors_send_the_same_and_it_is_open_once():
    found = road()
    second = StaffFactory(organisation=found.clinic)
    calls = [
        doing(actor, services.send, patient=found.patient, wish=wish(found))
        for actor in (found.sender, second)
    ]
    assert race(calls) == {"won": 1, "Conflict": 1}
    assert Referral.objects.count() == 1
    assert places_of(found.period)["referral"] == (1, 1)


def test_four_patients_race_for_two_kept_places_and_all_are_sent_with_a_number_of_their_own():
    found = road(places=2)
    calls = []
    for _ in range(4):
        one = another(found)
        calls.append(doing(one.sender, services.send, patient=one.patient, wish=wish(one)))
    assert race(calls) == {"won": 4}
    assert places_of(found.period)["referral"] == (2, 2)
    assert Round.objects.filter(period__isnull=False).count() == 2
    assert Referral.objects.values("number").distinct().count() == 4


def test_one_of_two_kept_places_becomes_a_visit_and_every_place_is_counted():
    found = sent(road(places=2))
    sent(another(found))
    doing(found.coordinator, services.accept, referral_id=found.referral.pk, offer=Offer())()
    assert places_of(found.period)["referral"] == (2, 2)
    assert Appointment.objects.count() == 1


def test_the_sender_and_the_family_doctor_take_the_plan_and_one_has_it():
    found, team = road(), TeamFactory()
    signed(team, found.patient)
    one = handed_back(found).referral.pk
    ended = race(
        [doing(actor, services.take_plan, referral_id=one) for actor in (found.sender, team.leader)]
    )
    assert ended == {"won": 1, "Conflict": 1}
    assert found.refresh().taken_by in (found.sender, team.leader)
    assert found.referral.steps.filter(action="referral.take_plan").count() == 1
