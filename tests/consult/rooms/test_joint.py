"""A joint consult meets: who belongs in its room, and from when on it counts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from consult.opinions.models import ExpertView
from consult.requests import services as requests
from consult.requests.models import Status
from consult.rooms import services
from consult.rooms.models import Participant, Room
from consult.rooms.quorum import rooms_to_sweep
from telemed.core import outbox
from telemed.core.errors import NotFound
from tests.consult.requests.looking import published, told
from tests.factories.consult import joint_accepted, joint_invited
from tests.marks import committed

pytestmark = pytest.mark.django_db


def join(room, by, person):
    with by(person):
        return services.join_room(actor=person, room_id=room.pk, connection=uuid4())


def open_room(scene, by):
    with by(scene.asker):
        return services.open_room(actor=scene.asker, case_id=scene.case.pk)


def status_of(room):
    return Room.objects.get(pk=room.pk).status


def test_it_counts_from_chair_and_another_expert_and_the_asking_doctor(by):
    scene = joint_accepted()
    room = open_room(scene, by)
    join(room, by, scene.heart)
    join(room, by, scene.lungs)
    join(room, by, scene.asker)
    assert status_of(room) == Room.Status.OPEN  # two experts, and nobody in the chair
    assert "room.waiting" in told(scene.specialist)
    join(room, by, scene.specialist)
    assert status_of(room) == Room.Status.LIVE
    assert scene.refresh().status == Status.IN_PROGRESS
    people = {p["individual"]["display"] for p in published(room.pk)["participant"]}
    assert people == {scene.asker.name, *(one.name for one in scene.experts)}


def test_the_chair_alone_does_not_make_it_count(by):
    scene = joint_accepted()
    room = open_room(scene, by)
    join(room, by, scene.asker)
    join(room, by, scene.specialist)
    assert status_of(room) == Room.Status.OPEN
    join(room, by, scene.lungs)
    assert status_of(room) == Room.Status.LIVE


def test_without_the_chair_it_is_held(by):
    scene = joint_accepted()
    room = open_room(scene, by)
    for person in (scene.asker, *scene.experts):
        join(room, by, person)
    assert rooms_to_sweep() == []
    long_ago = timezone.now() - timedelta(seconds=90)
    room.participants.filter(user=scene.specialist).update(seen_at=long_ago)
    assert rooms_to_sweep() == [room.pk]
    with by(scene.asker):
        services.sweep_room(room_id=room.pk)
    assert status_of(room) == Room.Status.HELD
    assert "room.held" in told(scene.specialist)
    assert "room.held" not in told(scene.heart)
    join(room, by, scene.specialist)
    assert status_of(room) == Room.Status.LIVE
    room.participants.exclude(user__in=[scene.asker, scene.specialist]).update(seen_at=long_ago)
    assert room.pk in rooms_to_sweep()


def test_who_was_invited_and_has_not_accepted_stays_outside(by):
    scene = joint_invited()
    with by(scene.specialist):
        requests.accept_case(actor=scene.specialist, case_id=scene.case.pk)
    with by(scene.heart):
        requests.accept_case(actor=scene.heart, case_id=scene.case.pk)
    room = open_room(scene, by)
    assert join(room, by, scene.heart).role == "specialist"  # and so a host
    with pytest.raises(NotFound):
        join(room, by, scene.lungs)
    with by(scene.heart):
        requests.return_case(actor=scene.heart, case_id=scene.case.pk, reason="临时有急诊手术")
    with pytest.raises(NotFound):
        join(room, by, scene.heart)


@committed
def test_when_the_room_ends_the_experts_are_asked(by):
    scene = joint_accepted()
    room = open_room(scene, by)
    for person in (scene.asker, *scene.experts):
        join(room, by, person)
    with by(scene.asker):
        services.end_room(actor=scene.asker, room_id=room.pk)
    outbox.deliver_waiting()
    assert ExpertView.objects.filter(view="asked").count() == 2
    assert Participant.objects.filter(room=room).count() == 4
