"""Images that come while a room lasts are in its log, once, for who reads the images."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from consult.rooms import queries, services
from consult.rooms.models import Role, Room
from consult.rooms.recounting import Teller
from records.imaging.models import Attachment, Instance, Series
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


def photo(study):
    """Another file of what was attached."""
    series, _new = Series.objects.get_or_create(study=study, series_uid="1.2.3.1")
    Instance.objects.create(
        series=series,
        sop_uid=f"1.2.3.1.{series.instances.count()}",
        sop_class="1.2.840.10008.5.1.4.1.1.77.1.4",
        transfer_syntax="1.2.840.10008.1.2.4.50",
        frame_count=1,
        sha256="0" * 64,
        size=1,
        facts={},
    )
    return study


def lines(room):
    events = list(room.events.filter(kind="study.came").order_by("seq"))
    with translation.override("en"):
        return [Teller(room, {}, [event]).tell(event) for event in events]


def test_each_photo_that_comes_is_told_also_when_it_joins_the_study_before(scene, by, images):
    room = opened(scene, by)
    study = study_of(scene, modality="XC", attachment=Attachment.PHOTO)
    for n in range(3):
        images.announce(1, first=n)
        images.come(n, study=photo(study))
        outbox.deliver_waiting()
        assert lines(room) == [f"{scene.asker.name} added: XC"] * (n + 1)
    shipment = study.shipments.first()
    with intention(SWEEPER, door="test"):
        services.note_arrived(room_id=room.pk, shipment_id=shipment.pk)
    assert len(lines(room)) == 3


def test_photos_that_come_together_are_one_line_with_their_number(scene, by, images):
    room = opened(scene, by)
    study = study_of(scene, modality="XC", attachment=Attachment.PHOTO)
    images.announce(3)
    images.come(0, study=photo(study))
    images.come(1, study=photo(study))
    images.come(2, study=photo(study))
    assert lines(room) == [f"{scene.asker.name} added: XC", f"{scene.asker.name} added 2: XC"]
    assert [event.body["files"] for event in room.events.filter(kind="study.came")] == [1, 2]


def test_a_photo_that_joins_a_study_from_before_the_room_is_told(scene, by, images):
    images.announce(1)
    before = study_of(scene, modality="XC", attachment=Attachment.PHOTO)
    images.come(0, study=photo(before))
    with time_machine.travel(timezone.now() + timedelta(seconds=5), tick=True):
        room = opened(scene, by)
        images.announce(1, first=1)
        images.come(1, study=photo(before))
    assert lines(room) == [f"{scene.asker.name} added: XC"]


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
