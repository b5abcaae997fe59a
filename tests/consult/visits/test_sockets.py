"""The socket of who came by a link: whom it lets in, and when it ends."""

from uuid import uuid4

import pytest
from channels.testing import WebsocketCommunicator
from django.test import Client

from consult.rooms import services as rooms
from consult.rooms.models import Role, Room
from consult.visits import services
from consult.visits.secrets import COOKIE
from telemed.asgi import application
from telemed.core.intentions import intention
from telemed.core.sockets import Close
from telemed.core.threads import off_loop
from tests.factories.visits import booked_visit
from tests.marks import committed
from tests.refusals.test_sockets import ROOM_FRAMES
from tests.sockets import closed, knock, sign_in

pytestmark = [committed, pytest.mark.asyncio]
HEADERS = [(b"origin", b"http://testserver"), (b"host", b"testserver")]


@off_loop
def scene(*, admitted=True):
    """A visit, its room, and the cookie of the phone that entered it."""
    visit, phone = booked_visit(), Client()
    if admitted:
        come(visit)
    location = phone.post(visit.path)["Location"]
    phone.get(location)
    return visit, Room.objects.get(visit=visit.appointment).pk, phone.cookies[COOKIE].value


def come(visit):
    with intention(visit.doctor, door="test"):
        room = rooms.open_room(actor=visit.doctor, case_id=visit.appointment.pk)
        rooms.join_room(actor=visit.doctor, room_id=room.pk, connection=uuid4())


@off_loop
def replace(visit):
    with intention(visit.desk, door="test"):
        services.make_link(actor=visit.desk, visit_id=visit.appointment.pk)


def ring(room_id, cookie):
    headers = [(b"cookie", f"{COOKIE}={cookie}".encode()), *HEADERS]
    return WebsocketCommunicator(application, f"/ws/visits/{room_id}/", headers)


async def refused(room_id, cookie):
    phone = ring(room_id, cookie)
    connected, code = await phone.connect(timeout=5)
    await phone.disconnect()
    return None if connected else code


async def test_who_has_no_cookie_or_anothers_is_refused_before_joining():
    _visit, room, cookie = await scene()
    _other, elsewhere, theirs = await scene()
    for at, key in ((room, ""), (room, "made up"), (room, theirs), (elsewhere, cookie)):
        assert await refused(at, key) == Close.UNAUTHENTICATED
    assert await refused(uuid4(), cookie) == Close.UNAUTHENTICATED


async def test_the_cookie_opens_no_socket_of_the_staff_and_no_session_this_one():
    visit, room, cookie = await scene()
    async with knock(f"/ws/rooms/{room}/", cookie) as staff:
        assert staff.code == Close.UNAUTHENTICATED
    assert await refused(room, await sign_in(visit.resident)) == Close.UNAUTHENTICATED


async def test_who_waits_outside_hears_nothing():
    _visit, room, cookie = await scene(admitted=False)
    phone = ring(room, cookie)
    await phone.connect(timeout=5)
    assert await closed(phone) == Close.REMOVED
    await phone.disconnect()


async def test_who_was_let_in_is_greeted_and_put_out_when_the_link_is_replaced():
    visit, room, cookie = await scene()
    phone = ring(room, cookie)
    connected, _ = await phone.connect(timeout=5)
    assert connected
    hello = await phone.receive_json_from(timeout=5)
    assert (hello["is"], hello["role"]) == ("hello", "resident")
    await replace(visit)
    assert await closed(phone) == Close.UNAUTHENTICATED
    await phone.disconnect()


async def test_the_patient_does_nothing_there_that_is_the_doctors():
    _visit, room, cookie = await scene()
    phone = ring(room, cookie)
    await phone.connect(timeout=5)
    refused_frames = {n: row for n, row in ROOM_FRAMES.items() if Role.RESIDENT not in row.may}
    assert "lead" in refused_frames
    for name, row in refused_frames.items():
        await phone.send_json_to({"do": name, **row.body})
        while (answer := await phone.receive_json_from(timeout=5))["is"] != "error":
            pass
        assert answer["kind"] == "forbidden", name
    await phone.disconnect()
