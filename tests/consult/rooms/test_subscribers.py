import pytest

from consult.requests import services as requests
from consult.rooms import services, subscribers
from telemed.core import outbox
from tests.factories.consult import accepted_case
from tests.marks import committed

pytestmark = committed


@pytest.fixture
def rechecked(monkeypatch):
    rooms = []
    monkeypatch.setattr(
        subscribers.services, "recheck_room", lambda *, room_id: rooms.append(room_id)
    )
    return rooms


def test_when_the_doctor_gives_a_case_back_its_open_room_asks_again(by, rechecked):
    scene = accepted_case()
    with by(scene.asker):
        room = services.open_room(actor=scene.asker, case_id=scene.case.pk)
    outbox.deliver_waiting()
    assert rechecked == []

    with by(scene.specialist):
        requests.return_case(actor=scene.specialist, case_id=scene.case.pk, reason="出急诊手术")
    outbox.deliver_waiting()

    assert rechecked == [room.pk]


def test_a_case_without_a_room_rings_nobody(by, rechecked):
    scene = accepted_case()
    with by(scene.asker):
        requests.cancel_case(actor=scene.asker, case_id=scene.case.pk, reason="病人已转院")
    outbox.deliver_waiting()

    assert rechecked == []
