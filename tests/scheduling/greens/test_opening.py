"""Opening a green channel and acknowledging it."""

import pytest
from django.utils import timezone

from records.consent import access
from scheduling.greens import queries, services
from scheduling.greens.models import Green, Kind, Status
from scheduling.greens.services import Wish
from scheduling.referrals import services as referrals
from scheduling.referrals.models import Referral
from scheduling.referrals.models import Status as Sent
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.people.models import Role
from tests.consult.requests.looking import published
from tests.factories.greens import acknowledged, opened
from tests.factories.people import StaffFactory
from tests.factories.referrals import by, next_hospital, road, sent
from tests.scheduling.greens.tapping import (
    MINUTE,
    after,
    running,
    told,
)

pytestmark = pytest.mark.django_db


def test_the_hospital_accepts_at_once_and_its_team_is_called():
    scene = opened()
    green, referral = scene.refresh(), scene.road.refresh()
    assert (green.status, referral.status) == (Status.CALLED, Sent.ACCEPTED)
    assert referral.urgency == "green"
    assert told(scene.doctor) == ["green.called"]
    assert told(scene.road.coordinator) == ["green.called"]
    assert access.decide(scene.doctor, "read", scene.road.patient).allowed
    request = published(referral.pk)
    assert (request["priority"], request["status"]) == ("stat", "active")
    assert running(green) == {"green.acknowledge", "green.ecg", "green.depart", "green.wire"}


def test_nobody_may_decline_it():
    scene = opened()
    one = {"referral_id": scene.green.referral_id, "reason": "没有空床了", "elsewhere": "市医院"}
    for actor in (scene.doctor, scene.road.coordinator):
        with pytest.raises(Conflict), by(actor):
            referrals.decline(actor=actor, **one)


def test_no_agreement_is_needed_and_the_own_county_comes_first():
    found = road(places=0)
    far = next_hospital(found)
    targets = [one.organisation for one in queries.targets_for(found.clinic)]
    assert {found.hospital, far.hospital} <= set(targets)
    near = [one.division_id[:6] == found.clinic.division_id[:6] for one in targets]
    assert near == sorted(near, reverse=True)


def test_somebody_unknown_gets_a_temporary_number():
    found = road(places=0)
    with by(found.sender):
        green = services.open_green(actor=found.sender, patient=None, wish=Wish(kind=Kind.STROKE))
    assert green.referral.patient.is_temporary


def test_the_first_contact_is_now_or_earlier_never_later():
    scene = opened(ago=7)
    assert timezone.now() - scene.green.contact_at >= 7 * MINUTE
    with pytest.raises(Invalid, match="future"):
        opened(ago=-2)
    with pytest.raises(Invalid, match="24 hours"):
        opened(ago=60 * 25)


def test_a_kind_that_nobody_near_takes_is_refused_with_a_sentence():
    found = road(places=0)
    with pytest.raises(Conflict, match="No hospital near"), by(found.sender):
        services.open_green(
            actor=found.sender, patient=found.patient, wish=Wish(kind=Kind.OBSTETRIC)
        )
    assert not Green.objects.exists()


def test_an_ordinary_referral_gives_way_and_a_second_green_is_refused():
    before = sent(road(places=1))
    scene = opened(Kind.STROKE, road_=before)
    assert Referral.objects.get(pk=scene.green.referral_id).is_green
    assert Referral.objects.filter(status=Sent.CANCELLED).count() == 1
    with pytest.raises(Conflict, match="expected there already"):
        opened(Kind.STROKE, road_=scene.road)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DESK, Role.DIRECTOR, Role.RESIDENT])
def test_only_a_doctor_opens_one(role):
    found = road(places=0)
    other = StaffFactory(role=role, organisation=found.clinic)
    with pytest.raises((Forbidden, NotFound)), by(other):
        services.open_green(actor=other, patient=found.patient, wish=Wish(kind=Kind.CHEST_PAIN))


def test_the_team_acknowledges_and_the_clinic_hears_who():
    scene = acknowledged()
    green = scene.refresh()
    assert (green.status, green.acknowledged_by) == (Status.ACKNOWLEDGED, scene.doctor)
    assert told(scene.clinic) == ["green.acknowledged"]
    assert "green.acknowledge" not in running(green)
    with by(scene.doctor):
        services.acknowledge(actor=scene.doctor, green_id=green.pk)
    with pytest.raises(Conflict, match=scene.doctor.name), by(scene.road.coordinator):
        services.acknowledge(actor=scene.road.coordinator, green_id=green.pk)


def test_the_clinic_does_not_acknowledge_itself():
    scene = opened()
    with pytest.raises(Forbidden), by(scene.clinic):
        services.acknowledge(actor=scene.clinic, green_id=scene.green.pk)
    assert scene.refresh().status == Status.CALLED


def test_unheard_the_director_then_the_next_hospital_is_called_and_may_take_it():
    scene = opened()
    there = next_hospital(scene.road)
    traveller = after(6)
    try:
        assert told(scene.road.director)[:1] == ["green.unanswered"]
        assert told(there.doctor) == []
    finally:
        traveller.stop()
    traveller = after(11)
    try:
        assert "green.called" in told(there.doctor)
        with by(there.doctor):
            services.acknowledge(actor=there.doctor, green_id=scene.green.pk)
        referral = scene.road.refresh()
        assert (referral.organisation, referral.department) == (there.hospital, there.department)
        assert not access.decide(scene.doctor, "read", scene.road.patient).allowed
        with pytest.raises((Conflict, NotFound)), by(scene.doctor):
            services.acknowledge(actor=scene.doctor, green_id=scene.green.pk)
    finally:
        traveller.stop()
