"""In an emergency the asking doctor waits in the room with the patient until somebody accepts."""

from uuid import uuid4

import pytest
from django.urls import reverse

from consult.requests import services
from consult.requests.models import Case, Kind, Status
from consult.rooms import services as rooms
from consult.rooms.models import Room
from telemed.people.models import Role
from tests.factories.consult import accepted_case, sent_case
from tests.factories.people import StaffFactory

pytestmark = pytest.mark.django_db
WAIT = "Wait in the room"


@pytest.fixture
def page(client):
    def page(user, url):
        user.language = "en"
        user.save()
        client.force_login(user)
        return client.get(url).content.decode()

    return page


def of(scene):
    return reverse("requests:case", args=[scene.case.pk])


def room_of(scene):
    return f'href="{reverse("rooms:room", args=[scene.case.pk])}"'


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.ROUTED])
def test_from_the_sending_on_the_page_and_the_list_lead_inside(page, status):
    scene = sent_case(kind=Kind.EMERGENCY)
    Case.objects.update(status=status)
    for url in (of(scene), "/"):
        text = page(scene.asker, url)
        assert WAIT in text
        assert room_of(scene) in text
    assert of(scene) in page(scene.asker, "/")  # the case itself is as near


def test_an_ordinary_consult_has_no_room_before_somebody_accepts(page):
    scene = sent_case()
    for url in (of(scene), "/"):
        assert WAIT not in page(scene.asker, url)
        assert room_of(scene) not in page(scene.asker, url)


@pytest.mark.parametrize("who", ["specialist", "coordinator"])
def test_it_is_for_the_asking_side(page, who):
    scene = sent_case(kind=Kind.EMERGENCY)
    assert WAIT not in page(getattr(scene, who), of(scene))


def test_answered_in_writing_there_is_no_room(page):
    scene = sent_case(kind=Kind.EMERGENCY)
    Case.objects.update(mode=Case.Mode.OFFLINE)
    assert WAIT not in page(scene.asker, of(scene))


def test_once_accepted_one_enters(page):
    scene = accepted_case(kind=Kind.EMERGENCY)
    text = page(scene.asker, of(scene))
    assert WAIT not in text
    assert room_of(scene) in text


def test_who_waits_inside_is_met_there(page, by):
    scene = sent_case(kind=Kind.EMERGENCY)
    assert 'id="room-data"' in page(scene.asker, reverse("rooms:room", args=[scene.case.pk]))
    room = Room.objects.get(case=scene.case)
    with by(scene.asker):
        rooms.join_room(actor=scene.asker, room_id=room.pk, connection=uuid4())
    room.refresh_from_db()
    assert room.status == Room.Status.OPEN
    with by(scene.specialist):
        services.accept_case(actor=scene.specialist, case_id=scene.case.pk)
    with by(scene.specialist):
        rooms.join_room(actor=scene.specialist, room_id=room.pk, connection=uuid4())
    room.refresh_from_db()
    assert (room.status, scene.refresh().status) == (Room.Status.LIVE, Status.IN_PROGRESS)


def test_nobody_else_gets_in(client):
    scene = sent_case(kind=Kind.EMERGENCY)
    for stranger in (scene.specialist, StaffFactory(role=Role.TOWNSHIP_DOCTOR)):
        client.force_login(stranger)
        assert client.get(reverse("rooms:room", args=[scene.case.pk])).status_code == 404
