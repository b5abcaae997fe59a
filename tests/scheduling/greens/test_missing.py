"""A patient by green channel who never arrives, and one who has died."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from scheduling.greens import presenting, services
from scheduling.greens.models import Outcome, Status
from scheduling.referrals import presenting as referring
from scheduling.referrals import services as referrals
from scheduling.referrals.models import Referral
from scheduling.referrals.models import Status as Sent
from telemed.core import clocks, moments, outbox
from telemed.core.models import Clock, ClockState, OutboxEvent
from telemed.notifications.models import Delivery
from telemed.people.models import Role
from tests.factories.greens import acknowledged, arrived, tap
from tests.factories.people import StaffFactory
from tests.factories.referrals import by
from tests.scheduling.greens.tapping import MINUTE, running, told

pytestmark = pytest.mark.django_db


def waits(scene):
    """The clock of the road."""
    rows = Clock.objects.filter(about=scene.green.referral_id, kind="referral.arrive")
    return rows.get(state=ClockState.RUNNING)


def run_out(scene):
    """The time of the road is over, and everybody has heard."""
    traveller = time_machine.travel(waits(scene).due_at + timedelta(seconds=1), tick=False)
    traveller.start()
    clocks.fire_due()
    outbox.deliver_waiting()
    return traveller


@pytest.fixture
def missed():
    scene = acknowledged()
    traveller = run_out(scene)
    yield scene
    traveller.stop()


def test_after_two_hours_both_sides_hear_it_at_once_and_who_sent_is_phoned(missed):
    assert missed.road.refresh().status == Sent.NOT_ARRIVED
    for person in (missed.clinic, missed.doctor, missed.road.coordinator):
        assert told(person).count("green.missed") == 1
    assert "referral.missed" not in told(missed.clinic)
    phoned = Delivery.objects.filter(channel="phone", state="on_phone_list")
    mine = phoned.filter(notification__template="green.missed")
    assert [one.notification.recipient for one in mine] == [missed.clinic]


def phoned_about_missed():
    rows = Delivery.objects.filter(channel="phone", notification__template="green.missed")
    return [one.notification.recipient for one in rows]


@pytest.mark.parametrize(
    ("way", "role"), [("handed_on", Role.TOWNSHIP_DOCTOR), ("closed", Role.COORDINATOR)]
)
def test_whoever_keeps_it_since_is_phoned_in_place_of_who_sent(way, role):
    scene = acknowledged()
    sent_by, clinic = scene.clinic, scene.green.referral.sending
    heir = StaffFactory(organisation=clinic, role=role)
    if way == "handed_on":
        Referral.objects.filter(pk=scene.green.referral_id).update(kept_by=heir)
    sent_by.is_active = False
    sent_by.save()
    run_out(scene).stop()
    assert phoned_about_missed() == [heir]
    assert told(heir).count("green.missed") == 1
    assert "green.missed" not in told(sent_by)


def test_both_sides_see_it_in_red(client, missed):
    for person in (missed.clinic, missed.doctor):
        [line] = presenting.board(person)["lines"]
        assert line.missed.startswith("Not there; expected by")
        rows = referring.board(person)
        assert [one.late for one in [*rows["mine"], *rows["others"]]] == [True]
        client.force_login(person)
        client.cookies["language"] = "en"
        page = client.get(reverse("greens:green", args=[missed.green.pk])).content.decode()
        assert "Ring the crew, then 120." in page
        assert line.missed in client.get(reverse("greens:board")).content.decode()


def test_what_it_came_to_ends_it(missed):
    with by(missed.clinic):
        services.end(actor=missed.clinic, green_id=missed.green.pk, outcome=Outcome.REFUSED)
    outbox.deliver_waiting()
    assert missed.refresh().status == Status.ENDED
    assert missed.road.refresh().status == Sent.CANCELLED


@pytest.mark.parametrize(
    ("answer", "status", "outcome"),
    [
        ("refused", Status.ENDED, Outcome.REFUSED),
        ("died", Status.ENDED, Outcome.DIED),
        ("lost", Status.WITHDRAWN, ""),
    ],
)
def test_what_the_sender_finds_out_ends_it_too(missed, answer, status, outcome):
    with by(missed.clinic):
        referrals.answer_missed(
            actor=missed.clinic, referral_id=missed.green.referral_id, answer=answer
        )
    outbox.deliver_waiting()
    green = missed.refresh()
    assert (green.status, green.outcome, running(green)) == (status, outcome, set())


def test_who_comes_late_is_there(missed):
    tap(missed, "arrive", missed.clinic)
    outbox.deliver_waiting()
    assert missed.road.refresh().status == Sent.ARRIVED
    phoned = Delivery.objects.filter(channel="phone", notification__template="green.missed")
    assert [one.state for one in phoned] == ["stopped"]
    assert not presenting.board(missed.clinic)["lines"][0].missed


def test_who_comes_at_another_time_is_missed_at_that_time(missed):
    with by(missed.clinic):
        referrals.answer_missed(
            actor=missed.clinic,
            referral_id=missed.green.referral_id,
            answer="coming",
            expected_at=moments.now() + 20 * MINUTE,
        )
    assert abs(waits(missed).due_at - moments.now() - 20 * MINUTE) < timedelta(seconds=2)
    again = run_out(missed)
    try:
        assert told(missed.clinic).count("green.missed") == 2
    finally:
        again.stop()


def test_from_when_they_leave_the_road_counts_anew():
    scene = acknowledged()
    with time_machine.travel(timezone.now() + 60 * MINUTE, tick=False):
        tap(scene, "depart", scene.clinic)
        assert abs(waits(scene).due_at - moments.now() - 120 * MINUTE) < timedelta(seconds=2)


def test_who_left_after_all_is_expected_again(missed):
    tap(missed, "depart", missed.clinic)
    assert missed.road.refresh().status == Sent.ACCEPTED
    assert not presenting.board(missed.clinic)["lines"][0].missed


def test_who_is_there_is_not_missed():
    scene = arrived()
    rows = Clock.objects.filter(about=scene.green.referral_id, kind="referral.arrive")
    assert not rows.filter(state=ClockState.RUNNING).exists()


def die(scene):
    patient = scene.road.patient
    patient.deceased_on = timezone.localdate()
    patient.save()
    outbox.deliver_waiting()
    OutboxEvent.objects.filter(topic="person.deceased").update(delivered_at=None)
    outbox.deliver_waiting()


def test_a_death_on_the_road_is_what_it_came_to():
    scene = acknowledged()
    die(scene)
    green = scene.refresh()
    assert (green.status, green.outcome, green.ended_by) == (Status.ENDED, Outcome.DIED, None)
    assert running(green) == set()
    assert scene.road.refresh().status == Sent.CANCELLED
    for person in (scene.clinic, scene.doctor):
        assert told(person).count("green.ended") == 1


def test_of_a_death_at_the_hospital_the_hand_back_is_still_owed():
    scene = arrived()
    die(scene)
    green = scene.refresh()
    assert (green.outcome, running(green)) == (Outcome.DIED, set())
    assert scene.road.refresh().status == Sent.ARRIVED
    kinds = Clock.objects.filter(about=green.referral_id, state=ClockState.RUNNING)
    assert set(kinds.values_list("kind", flat=True)) == {"referral.handback"}
