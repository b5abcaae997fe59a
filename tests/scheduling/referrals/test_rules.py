"""Who hears of a referral, and when, as rules of the house."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import translation

from scheduling.referrals import policies, services
from scheduling.referrals.models import Status
from telemed.core import clocks, outbox
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from tests.factories.people import PatientFactory, UserFactory, treated
from tests.factories.referrals import accepted, arrived, by, next_hospital, road, sent
from tests.ruling import Page, ladder

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def found():
    return road(places=3)


@pytest.fixture
def page(client, found):
    return Page(client, found.hospital)


def dues(referral, clock):
    rows = Clock.objects.filter(about=referral.pk, kind=clock).order_by("due_at")
    return list(rows.values_list("rung", "due_at"))


def worked(referral, clock):
    """The hours of work after which each rung comes."""
    begun = Clock.objects.filter(about=referral.pk, kind=clock).first().created_at
    return [
        (rung, round(clocks.worked(begun, at, "working") / HOUR, 1))
        for rung, at in dues(referral, clock)
    ]


def fire(moment):
    with time_machine.travel(moment + timedelta(seconds=1)):
        clocks.fire_due()
        outbox.deliver_waiting()


def told(user, template):
    return Notification.objects.filter(recipient=user, template=template).count()


def test_the_delivered_ladder_asks_the_next_at_twice_the_time(found):
    there = next_hospital(found)
    referral = sent(found).referral
    assert worked(referral, policies.ACCEPT) == [(0, 2), (1, 4), (2, 8), (3, 12), (4, 40)]
    for _rung, at in dues(referral, policies.ACCEPT)[:3]:
        fire(at)
    assert told(found.coordinator, "clock.remind") == 1
    assert (
        told(found.director, "referral.unanswered"),
        told(found.sender, "referral.widened"),
    ) == (
        1,
        1,
    )
    assert referral.rounds.filter(department=there.department).exists()


def test_a_new_ladder_is_climbed_by_what_is_sent_later(page, found):
    before = sent(found).referral
    kept = dues(before, policies.ACCEPT)
    steps = ladder((25, "", "director"), (100, "", "prefecture"))
    status, said = page.ask("referral.accept.ladder", **steps)
    assert (status, "1 open referral keeps the time that it was promised" in said) == (200, True)
    assert before.number in said
    page.set("referral.accept.ladder", **steps)
    other = sent(sibling(found)).referral
    assert worked(other, policies.ACCEPT) == [(0, 1), (1, 4), (4, 40)]
    assert dues(before, policies.ACCEPT) == kept
    fire(dues(other, policies.ACCEPT)[0][1])
    assert told(found.director, "clock.remind") == 1
    fire(kept[0][1])
    assert told(found.coordinator, "clock.remind") == 1


def sibling(found):
    """Another patient of the same clinic, to the same hospital."""
    resident = UserFactory()
    patient = treated(
        PatientFactory(user=resident, managing_organisation=found.clinic), found.clinic
    )
    return replace(found, patient=patient, resident=resident)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([(50, "", "next"), (100, "", "director")], "once the time is over, not before"),
        ([(50, "", "asked"), (120, "", "director")], "Step 2 is at 100 per cent"),
        ([(50, "", "asked"), (100, 3000, "director")], "Step 2 is at 100 per cent"),
        (
            [(50, "", "asked"), (100, "", "director"), (400, 2000, "county")],
            "a referral has ended; nobody hears then",
        ),
    ],
)
def test_ladders_that_cannot_be_are_refused(page, steps, said):
    status, answer = page.ask("referral.accept.ladder", **ladder(*steps))
    assert (status, said in answer) == (422, True)


def test_who_does_not_come_is_missed_after_the_time_of_that_day(page, found):
    before = accepted(found, bed=True).referral
    kept = dues(before, policies.ARRIVE)
    assert "1 open referral keeps" in page.ask("referral.arrive", amount="5", unit="h")[1]
    page.set("referral.arrive", amount="5", unit="h")
    other = accepted(sibling(found), bed=True)
    expected = other.refresh().expected_at
    [(_rung, at)] = dues(other.referral, policies.ARRIVE)
    assert abs(at - expected - 5 * HOUR) < timedelta(seconds=5)
    assert dues(before, policies.ARRIVE) == kept
    fire(kept[0][1])
    assert found.refresh().status == Status.NOT_ARRIVED
    assert other.refresh().status == Status.ACCEPTED


def test_the_hand_back_climbs_by_its_ladder_before_and_after_discharge(page, found):
    steps = ladder((50, "", "doctor"), (100, "", "office"))
    page.set("referral.handback.ladder", **steps)
    page.set("referral.handback.discharged.ladder", **steps)
    there = arrived(found)
    begun = Clock.objects.filter(about=there.referral.pk, kind=policies.HAND_BACK).first()
    days = [
        round((at - begun.created_at) / (24 * HOUR))
        for _rung, at in dues(there.referral, policies.HAND_BACK)
    ]
    assert days == [7, 14]
    with by(there.doctor):
        services.begin(actor=there.doctor, referral_id=there.referral.pk)
        services.discharge(actor=there.doctor, referral_id=there.referral.pk)
    running = Clock.objects.filter(
        about=there.referral.pk, kind=policies.HAND_BACK, state="running"
    )
    assert sorted(running.values_list("rung", flat=True)) == [0, 1]
    assert (
        "1 open referral keeps" in page.ask("referral.handback.discharged", amount="5", unit="d")[1]
    )
    assert (
        "What runs already is not changed"
        in page.ask("referral.handback", amount="20", unit="d")[1]
    )


def test_a_question_waits_by_the_rule_of_who_sent(client, found):
    Page(client, found.clinic).set("referral.question", amount="10", unit="h")
    referral = sent(found).referral
    with by(found.doctor):
        services.ask(actor=found.doctor, referral_id=referral.pk, text="请补充心电图")
    assert worked(referral, policies.QUESTION) == [(0, 5), (1, 10)]
