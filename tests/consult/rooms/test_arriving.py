"""Images that come while a room lasts are in its log, once, for who reads the images."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from consult.rooms import queries, services
from consult.rooms.models import Role, Room
from consult.rooms.recounting import Teller
from telemed.core import outbox
from telemed.core.intentions import System, intention
from tests.consult.requests.test_arriving import Images, study_of
from tests.consult.rooms.log import kinds
from tests.factories.consult import accepted_case
from tests.marks import committed

pytestmark = committed
SWEEPER = System("rooms")


@pytest.fixture
def scene():
    return accepted_case()


@pytest.fixture
def images(scene, by):
    return Images(scene, by)


def opened(scene, by):
    with by(scene.asker):
        room = services.open_room(actor=scene.asker, case_id=scene.case.pk)
    outbox.deliver_waiting()
    return room


def came(room):
    return [event.body["study"] for event in room.events.filter(kind="study.came")]


def test_a_study_that_comes_is_told_once_however_often_it_is_heard(scene, by, images):
    room = opened(scene, by)
    images.announce(2)
    study = study_of(scene, described="CHEST", frame_count=1)

    images.come(0, study=study)
    images.come(1, study=study)  # it ends, which is heard as well

    assert [one["id"] for one in came(room)] == [str(study.pk)]
    assert scene.case.studies.get() == study
    (shipment,) = study.shipments.all()
    with intention(SWEEPER, door="test"):
        services.note_arrived(room_id=room.pk, shipment_id=shipment.pk)
    assert kinds(room).count("study.came") == 1


def test_what_was_there_before_the_room_is_no_news(scene, by, images):
    images.announce(2)
    before = study_of(scene)
    images.come(0, study=before)
    with time_machine.travel(timezone.now() + timedelta(seconds=5), tick=True):
        room = opened(scene, by)
        images.come(1, study=before)
    assert came(room) == []


def test_without_a_room_or_after_its_end_nothing_is_told(scene, by, images):
    room = opened(scene, by)
    Room.objects.filter(pk=room.pk).update(status=Room.Status.ENDED, ended_at=timezone.now())
    images.announce(1)
    images.come(0, study=study_of(scene))
    assert came(room) == []


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.SPECIALIST])
def test_the_doctors_read_it_and_the_record_says_it(scene, by, images, role):
    room = opened(scene, by)
    images.announce(1)
    images.come(0, study=study_of(scene, described="CHEST"))
    event = room.events.get(kind="study.came")

    assert queries.as_frame(event, role)["study"]["name"]
    with translation.override("en"):
        assert Teller(room, {}, [event]).tell(event) == f"{scene.asker.name} added: CT CHEST"


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.INTERPRETER, Role.OBSERVER])
def test_who_reads_no_images_sees_a_bare_number(scene, by, images, role):
    room = opened(scene, by)
    images.announce(1)
    images.come(0, study=study_of(scene))
    event = room.events.get(kind="study.came")
    assert queries.as_frame(event, role) == {"seq": event.seq, "is": "hidden"}
