"""A consult whose receipt was given while people were in the room closes when the room ends."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from consult.requests import services as requests
from consult.requests.models import Kind, Status
from consult.rooms import services
from consult.rooms.models import Room
from consult.rooms.tasks import sweep_rooms_task
from telemed.organisations.models import Entry
from tests.factories.consult import signed_case
from tests.factories.rooms import RoomFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(do):
    """Both doctors are in the room of a case whose opinion is signed."""
    scene = signed_case()
    room = RoomFactory(case=scene.refresh())
    for user in (scene.asker, scene.specialist):
        do(services.join_room, user, room_id=room.pk, connection=uuid4())
    return scene, room


def give_receipt(do, scene, **more):
    do(
        requests.give_receipt,
        scene.asker,
        case_id=scene.case.pk,
        version=1,
        decision="adopted",
        **more,
    )
    return scene.refresh().status


def test_it_closes_when_a_doctor_ends_the_room(meeting, do):
    scene, room = meeting
    assert give_receipt(do, scene) == Status.RECEIPTED

    do(services.end_room, scene.specialist, room_id=room.pk)

    assert scene.refresh().status == Status.CLOSED
    closed = scene.case.steps.get(action="case.close")
    assert closed.actor is None  # it followed from the receipt, not from who ended the room
    assert Entry.objects.filter(subject=scene.case.pk).count() == 1


def test_it_closes_when_the_room_ends_by_itself(meeting, do):
    scene, room = meeting
    give_receipt(do, scene)

    with time_machine.travel(timezone.now() + Room.EMPTY_FOR + timedelta(minutes=1)):
        sweep_rooms_task()

    room.refresh_from_db()
    assert room.status == Room.Status.ENDED
    assert scene.refresh().status == Status.CLOSED


def test_it_stays_open_where_the_asking_doctor_did_not_tick_it(meeting, do):
    scene, room = meeting
    assert give_receipt(do, scene, close=False) == Status.RECEIPTED

    do(services.end_room, scene.asker, room_id=room.pk)

    assert scene.refresh().status == Status.RECEIPTED


def test_a_case_without_its_receipt_is_not_touched(meeting, do):
    scene, room = meeting

    do(services.end_room, scene.asker, room_id=room.pk)

    assert scene.refresh().status == Status.SIGNED


def test_what_is_missing_still_keeps_it_open(meeting, do):
    scene, room = meeting
    give_receipt(do, scene)
    scene.case.kind, scene.case.aim = Kind.EMERGENCY, ""
    scene.case.save()

    do(services.end_room, scene.asker, room_id=room.pk)

    assert scene.refresh().status == Status.RECEIPTED


def test_the_page_says_that_it_closes_by_itself(meeting, do, client):
    scene, _room = meeting
    give_receipt(do, scene)
    client.force_login(scene.asker)

    page = client.get(reverse("requests:case", args=[scene.case.pk]))

    assert page.context["closes_with_room"]
