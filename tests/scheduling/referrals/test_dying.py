"""What a death ends of a referral, and what the hospital still owes."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from scheduling.appointments import services as appointments
from scheduling.referrals import presenting, queries, services
from scheduling.referrals.models import Round, Status
from scheduling.referrals.services.answering import Offer
from telemed.core import outbox
from telemed.core.errors import Forbidden
from telemed.core.models import Clock, ClockState, OutboxEvent
from telemed.notifications.models import Notification
from tests.factories import referrals
from tests.factories.people import StaffFactory
from tests.factories.referrals import BACK, by
from tests.factories.scheduling import places_of

pytestmark = pytest.mark.django_db
BED = Offer(place="三楼 12 床", expected_at=timezone.now() + timedelta(days=1000))


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def die(found, *, heard=True):
    found.patient.deceased_on = timezone.localdate()
    found.patient.save()
    if heard:
        hear()


def hear():
    """Everybody who listens has listened, and a second time."""
    outbox.deliver_waiting()
    OutboxEvent.objects.filter(topic="person.deceased").update(delivered_at=None)
    outbox.deliver_waiting()


def told(user, template):
    return Notification.objects.filter(recipient=user, template=template).count()


def running(found):
    rows = Clock.objects.filter(about=found.referral.pk, state=ClockState.RUNNING)
    return set(rows.values_list("kind", flat=True))


@pytest.mark.parametrize("urgency", ["routine", "urgent"])
def test_who_is_not_answered_yet_is_asked_for_no_more_and_the_place_is_free(urgency):
    found = referrals.sent(urgency=urgency)
    assert places_of(found.period)["referral"] == (1, 1)
    die(found)
    got = found.refresh()
    assert (got.status, got.ended_because) == (Status.CANCELLED, "The patient has died.")
    assert (running(found), places_of(found.period)["referral"]) == (set(), (0, 1))
    assert got.rounds.get().status == Round.Status.WITHDRAWN
    assert told(found.sender, "referral.cancelled") == 1
    assert told(found.coordinator, "referral.cancelled") == 1


def test_where_the_sender_has_no_account_any_more_the_coordinators_there_hear_it():
    found = referrals.sent()
    coordinator = StaffFactory(organisation=found.clinic, role="coordinator")
    found.sender.is_active = False
    found.sender.save()
    die(found)
    assert told(coordinator, "referral.cancelled") == 1
    assert told(found.sender, "referral.cancelled") == 0


@pytest.mark.parametrize("state", ["accepted", "missed", "declined", "down_sent", "down_accepted"])
def test_who_is_on_the_way_is_expected_no_more(state):
    found = getattr(referrals, state)()
    die(found)
    assert (found.refresh().status, running(found)) == (Status.CANCELLED, set())


def test_a_visit_that_ends_first_asks_nobody_for_a_new_time():
    found = referrals.accepted()
    die(found, heard=False)
    OutboxEvent.objects.filter(topic="person.deceased").delete()
    with by(found.coordinator):
        assert appointments.end_for_death(person_key=found.patient.pk) == 1
    outbox.deliver_waiting()
    assert found.refresh().status == Status.CANCELLED
    for person in (found.sender, found.coordinator):
        assert told(person, "referral.unbooked") == 0


def test_nobody_gives_a_bed_to_who_has_died_nor_sends_them_on():
    found = referrals.sent()
    die(found, heard=False)
    with by(found.coordinator), pytest.raises(Forbidden, match="has died"):
        services.accept(actor=found.coordinator, referral_id=found.referral.pk, offer=BED)
    refused = referrals.declined()
    there = referrals.next_hospital(refused)
    die(refused, heard=False)
    with by(refused.sender), pytest.raises(Forbidden, match="has died"):
        services.send_again(
            actor=refused.sender,
            referral_id=refused.referral.pk,
            department_id=there.department.pk,
        )


def test_of_who_is_there_the_hospital_still_says_what_it_did():
    found = referrals.arrived()
    with by(found.doctor):
        services.begin(actor=found.doctor, referral_id=found.referral.pk)
    die(found)
    assert (found.refresh().status, running(found)) == (Status.IN_CARE, {"referral.handback"})
    assert told(found.sender, "referral.died") == told(found.doctor, "referral.died") == 1
    with by(found.doctor):
        services.hand_back(
            actor=found.doctor, referral_id=found.referral.pk, none_reason="患者已去世", **BACK
        )
    assert running(found) == set()
    assert told(found.sender, "referral.handed_back") == 1
    shown = presenting.board(found.sender)
    assert (shown["mine"], shown["others"]) == ([], [])


@pytest.mark.parametrize("state", ["handed_back", "down_arrived"])
def test_nobody_has_to_take_over_a_plan_for_who_has_died(state):
    found = getattr(referrals, state)()
    die(found)
    assert running(found) == set()
    assert told(found.sender, "referral.died") == 1
    shown = presenting.board(found.sender)
    assert (shown["mine"], shown["others"]) == ([], [])


def test_what_was_taken_over_is_on_nobodys_list():
    found = referrals.closed()
    assert len(queries.open_items(found.sender)) == 2
    die(found)
    assert queries.open_items(found.sender) == []
