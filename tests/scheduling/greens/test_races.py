"""Green channels when several come at once."""

from scheduling.greens import services
from scheduling.greens.models import Green, Stamp, Status
from scheduling.greens.services import Wish
from scheduling.referrals.models import Referral, Round
from telemed.core import moments
from telemed.core.ids import new_id
from tests.factories.greens import acknowledged, opened
from tests.factories.people import StaffFactory
from tests.factories.referrals import by, road
from tests.marks import committed
from tests.racing import race

pytestmark = committed


def doing(actor, service, **sent):
    def call():
        with by(actor):
            service(actor=actor, **sent)

    return call


def tapping(scene, station, actor, key=None):
    return doing(
        actor,
        services.stamp,
        green_id=scene.green.pk,
        station=station,
        key=key or new_id(),
        at=moments.now(),
    )


def test_two_acknowledge_and_one_has_it():
    scene = opened()
    calls = [
        doing(actor, services.acknowledge, green_id=scene.green.pk)
        for actor in (scene.doctor, scene.road.coordinator, scene.road.director)
    ]
    assert race(calls) == {"won": 1, "Conflict": 2}
    assert scene.refresh().status == Status.ACKNOWLEDGED
    assert Round.objects.filter(status=Round.Status.ACCEPTED).count() == 1


def test_two_stamp_the_door_at_once_and_it_is_one_stamp_and_one_arrival():
    scene = acknowledged()
    calls = [tapping(scene, "arrive", actor) for actor in (scene.clinic, scene.road.desk)]
    assert race(calls) == {"won": 1, "Conflict": 1}
    assert Stamp.objects.filter(station="arrive", corrected_by=None).count() == 1
    assert scene.green.referral.steps.filter(action="referral.arrive").count() == 1


def test_two_stations_stamp_at_once_and_both_stand():
    scene = acknowledged()
    calls = [tapping(scene, "ecg", scene.clinic), tapping(scene, "decision", scene.doctor)]
    assert race(calls) == {"won": 2}
    assert set(Stamp.objects.values_list("station", flat=True)) == {"contact", "ecg", "decision"}


def test_one_tap_that_is_sent_many_times_at_once_is_one_stamp():
    scene = acknowledged()
    key, at = new_id(), moments.now()
    one = {"green_id": scene.green.pk, "station": "ecg", "key": key, "at": at}
    call = doing(scene.clinic, services.stamp, **one)
    assert race([call, call, call]) == {"won": 3}
    assert Stamp.objects.filter(station="ecg").count() == 1


def test_two_correct_at_once_and_one_stamp_counts():
    scene = acknowledged(ago=9)
    tapping(scene, "ecg", scene.clinic)()
    at = scene.green.contact_at
    calls = [
        doing(
            scene.clinic,
            services.correct,
            green_id=scene.green.pk,
            station="ecg",
            at=at,
            reason="手表看错了",
        )
        for _ in range(2)
    ]
    assert race(calls) == {"won": 2}
    assert Stamp.objects.filter(station="ecg", corrected_by=None).count() == 1
    assert Stamp.objects.filter(station="ecg").count() == 3


def test_two_doctors_open_for_the_same_patient_and_one_is_open():
    found = road(places=0)
    second = StaffFactory(organisation=found.clinic)
    calls = [
        doing(actor, services.open_green, patient=found.patient, wish=Wish(kind="stroke"))
        for actor in (found.sender, second)
    ]
    assert race(calls) == {"won": 1, "Conflict": 1}
    assert (Green.objects.count(), Referral.objects.count()) == (1, 1)


def test_taking_back_and_acknowledging_at_once_ends_in_one_state():
    scene = opened()
    calls = [
        doing(scene.doctor, services.acknowledge, green_id=scene.green.pk),
        doing(scene.clinic, services.take_back, green_id=scene.green.pk, reason="开错了病人"),
    ]
    ended = race(calls)
    assert ended["won"] >= 1
    assert set(ended) <= {"won", "Conflict", "NotFound"}
    assert scene.refresh().status == Status.WITHDRAWN
