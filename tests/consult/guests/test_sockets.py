"""The socket of a guest who came by a link: whom it lets in, and when it ends."""

from uuid import uuid4

import pytest
from channels.testing import WebsocketCommunicator

from consult.guests import services
from consult.guests.secrets import KIND
from consult.rooms import services as rooms
from consult.rooms.models import Role
from telemed.asgi import application
from telemed.core.intentions import intention
from telemed.core.sockets import Close
from telemed.core.threads import off_loop
from tests.factories.guests import ask_in, opened
from tests.factories.rooms import scene
from tests.marks import committed
from tests.refusals.test_sockets import ROOM_FRAMES
from tests.sockets import closed, sign_in

pytestmark = [committed, pytest.mark.asyncio]
HEADERS = [(b"origin", b"http://testserver"), (b"host", b"testserver")]


@off_loop
def invited(role="interpreter", *, admitted=True):
    """A room with its asking doctor in it, the link of a guest, and the cookie of the phone."""
    who = scene()
    with intention(who.asking, door="test"):
        rooms.join_room(actor=who.asking, room_id=who.room.pk, connection=uuid4())
    link = ask_in(who.asking, who.room, role=role, agreed=True)
    phone = opened(link)
    if admitted:
        with intention(who.asking, door="test"):
            rooms.admit_guest(actor=who.asking, room_id=who.room.pk, user_id=link.holder_id)
    return who, link, phone.cookies[KIND.cookie].value


@off_loop
def act(service, who, link, **more):
    with intention(who.asking, door="test"):
        service(actor=who.asking, room_id=who.room.pk, user_id=link.holder_id, **more)


def ring(room_id, cookie):
    headers = [(b"cookie", f"{KIND.cookie}={cookie}".encode()), *HEADERS]
    return WebsocketCommunicator(application, f"/ws/guests/{room_id}/", headers)


async def refused(room_id, cookie):
    phone = ring(room_id, cookie)
    connected, code = await phone.connect(timeout=5)
    await phone.disconnect()
    return None if connected else code


async def test_without_the_cookie_of_that_room_nobody_gets_in():
    who, _link, cookie = await invited()
    other, _theirs, elsewhere = await invited()
    for at, key in ((who, ""), (who, "made up"), (who, elsewhere), (other, cookie)):
        assert await refused(at.room.pk, key) == Close.UNAUTHENTICATED
    assert await refused(who.room.pk, await sign_in(who.asking)) == Close.UNAUTHENTICATED


async def test_who_was_not_let_in_hears_nothing():
    who, _link, cookie = await invited(admitted=False)
    phone = ring(who.room.pk, cookie)
    await phone.connect(timeout=5)
    assert await closed(phone) == Close.REMOVED
    await phone.disconnect()


@pytest.mark.parametrize("end", ["take_back", "renew"])
async def test_who_is_in_is_put_out_when_the_link_ends(end):
    who, link, cookie = await invited()
    phone = ring(who.room.pk, cookie)
    await phone.connect(timeout=5)
    hello = await phone.receive_json_from(timeout=5)
    assert (hello["is"], hello["role"]) == ("hello", "interpreter")
    await act(getattr(services, end), who, link)
    assert await closed(phone) in (Close.UNAUTHENTICATED, Close.REMOVED)
    await phone.disconnect()


@pytest.mark.parametrize("role", ["interpreter", "observer", "resident"])
async def test_a_guest_does_nothing_there_that_is_a_hosts(role):
    who, _link, cookie = await invited(role)
    phone = ring(who.room.pk, cookie)
    await phone.connect(timeout=5)
    kept = {name: row for name, row in ROOM_FRAMES.items() if Role(role) not in row.may}
    assert "lead" in kept
    assert ("say" in kept) == (role == "observer")
    for name, row in kept.items():
        await phone.send_json_to({"do": name, **row.body})
        while (answer := await phone.receive_json_from(timeout=5))["is"] != "error":
            pass
        assert answer["kind"] == "forbidden", name
    await phone.disconnect()
