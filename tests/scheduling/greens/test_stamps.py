"""The stations of a green channel: stamped, corrected, in order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.greens import queries, services
from scheduling.greens.models import Kind, Stamp
from scheduling.referrals import services as referrals
from scheduling.referrals.models import Status as Sent
from telemed.core import outbox
from telemed.core.errors import Forbidden, Invalid, NotFound
from telemed.core.ids import new_id
from telemed.core.models import Clock
from telemed.people.models import Role
from tests.factories.greens import acknowledged, arrived, tap
from tests.factories.people import StaffFactory
from tests.factories.referrals import by, road
from tests.scheduling.greens.tapping import (
    MINUTE,
    correct,
    running,
)

pytestmark = pytest.mark.django_db


def test_a_stamp_stops_its_clock_and_begins_what_follows():
    scene = acknowledged()
    assert "green.read" not in running(scene.green)
    tap(scene, "ecg", scene.clinic)
    assert "green.ecg" not in running(scene.green)
    assert "green.read" in running(scene.green)


def test_leaving_unstamped_no_longer_counts_once_the_patient_is_there():
    scene = acknowledged()
    tap(scene, "arrive", scene.clinic)
    assert "green.depart" not in running(scene.green)
    assert scene.road.refresh().status == Sent.ARRIVED


@pytest.mark.parametrize(
    ("kind", "station", "other"),
    [
        (Kind.CHEST_PAIN, "needle", "At the hospital door"),
        (Kind.CHEST_PAIN, "wire", "At the hospital door"),
        (Kind.CHEST_PAIN, "read", "First ECG"),
        (Kind.STROKE, "needle", "At the hospital door"),
        (Kind.OBSTETRIC, "theatre", "At the hospital door"),
    ],
)
def test_what_comes_after_something_waits_for_it(kind, station, other):
    scene = acknowledged(kind)
    with pytest.raises(Invalid, match=other):
        tap(scene, station, scene.doctor)
    assert Stamp.objects.filter(green=scene.green).count() == 1


def test_no_needle_before_a_ct():
    scene = arrived(Kind.STROKE)
    with pytest.raises(Invalid, match="CT begun"):
        tap(scene, "needle", scene.doctor)


def test_a_correction_never_turns_the_order_round():
    scene = arrived(ago=30)
    tap(scene, "lab", scene.doctor)
    arrive = queries.moments_of(scene.green)["arrive"]
    with pytest.raises(Invalid, match="would be before"):
        correct(scene, scene.doctor, "lab", arrive - MINUTE)
    with pytest.raises(Invalid, match="not come yet"):
        correct(scene, scene.doctor, "lab", timezone.now() + 5 * MINUTE)
    with pytest.raises(Invalid, match="at least 5"):
        correct(scene, scene.doctor, "lab", arrive, reason="错")
    with pytest.raises(Invalid, match="would be before"):
        correct(scene, scene.clinic, "depart", scene.green.contact_at - MINUTE)
    assert Stamp.objects.filter(green=scene.green, corrected_by__isnull=False).count() == 0


def test_a_corrected_first_contact_moves_every_clock_and_keeps_the_first_stamp():
    scene = acknowledged()
    due = Clock.objects.get(about=scene.green.pk, kind="green.ecg", rung=1, state="running").due_at
    correct(scene, scene.clinic, "contact", scene.green.contact_at - 4 * MINUTE)
    moved = Clock.objects.get(about=scene.green.pk, kind="green.ecg", rung=1, state="running")
    assert abs(moved.due_at - (due - 4 * MINUTE)) < timedelta(seconds=2)
    assert scene.refresh().contact_at == queries.moments_of(scene.green)["contact"]
    assert Stamp.objects.filter(green=scene.green, station="contact").count() == 2


def test_a_tap_that_waited_for_the_line_keeps_its_moment_and_counts_once():
    scene = acknowledged(ago=20)
    at, key = timezone.now() - 15 * MINUTE, new_id()
    for _ in range(3):
        with by(scene.clinic):
            services.stamp(
                actor=scene.clinic, green_id=scene.green.pk, station="ecg", key=key, at=at
            )
    assert queries.moments_of(scene.green)["ecg"] == at
    assert Stamp.objects.filter(station="ecg").count() == 1


def test_a_tap_from_before_the_contact_long_ago_or_the_future_is_refused():
    scene = acknowledged(ago=60 * 8)
    for at, words in (
        (timezone.now() + 3 * MINUTE, "not come yet"),
        (timezone.now() - timedelta(hours=7), "too long ago"),
    ):
        with pytest.raises(Invalid, match=words):
            tap(scene, "ecg", scene.clinic, at)
    other = acknowledged(ago=5)
    with pytest.raises(Invalid, match="would be before"):
        tap(other, "ecg", other.clinic, timezone.now() - 6 * MINUTE)


def test_each_side_stamps_its_own_stations():
    scene = acknowledged()
    tap(scene, "ecg", scene.clinic)
    with pytest.raises(Forbidden):
        tap(scene, "read", scene.clinic)
    with pytest.raises(Forbidden):
        tap(scene, "depart", scene.doctor)
    with pytest.raises(Forbidden):
        tap(scene, "read", scene.road.desk)
    tap(scene, "arrive", scene.road.desk)
    assert scene.road.refresh().status == Sent.ARRIVED


@pytest.mark.parametrize("role", [Role.TOWNSHIP_DOCTOR, Role.SPECIALIST, Role.COORDINATOR])
def test_who_has_no_part_in_it_does_not_know_of_it(role):
    scene = acknowledged()
    stranger = StaffFactory(role=role, organisation=road(places=0).hospital)
    with pytest.raises(NotFound):
        tap(scene, "ecg", stranger)
    assert list(queries.visible_to(stranger)) == []


def test_the_desk_that_checks_the_patient_in_stamps_the_door():
    scene = acknowledged()
    with by(scene.road.desk):
        referrals.arrive(
            actor=scene.road.desk,
            referral_id=scene.green.referral_id,
            number=scene.road.patient.id_card_tail,
        )
    outbox.deliver_waiting()
    assert "arrive" in queries.moments_of(scene.green)
    outbox.deliver_waiting()
    assert Stamp.objects.filter(station="arrive").count() == 1
