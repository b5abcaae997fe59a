"""Doctors in a room, each over a socket of the real application."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import uuid4

from consult.rooms.consumers import RoomConsumer
from consult.rooms.models import RoomEvent
from telemed.core.intentions import intention
from telemed.core.threads import off_loop
from tests.factories.people import StaffFactory
from tests.factories.rooms import scene
from tests.sockets import knock, sign_in

make_scene = off_loop(scene)
make_staff = off_loop(StaffFactory)


@off_loop
def count(**conditions):
    return RoomEvent.objects.filter(**conditions).count()


@off_loop
def do(service, actor, **arguments):
    with intention(actor, door="test"):
        return service(actor=actor, **arguments)


def at(room_id, after=0, connection=""):
    return f"/ws/rooms/{room_id}/?after={after}&connection={connection}"


@asynccontextmanager
async def socket(room, user, after=0):
    """Somebody in the room, past the greeting and the log up to then."""
    async with knock(at(room.pk, after), await sign_in(user)) as communicator:
        assert communicator.code is None
        communicator.hello = await hear(communicator, "hello")
        for _ in range(communicator.hello["last_seq"] - after):
            await communicator.receive_json_from(timeout=5)
        yield communicator


@asynccontextmanager
async def both(who):
    """Both doctors, with nothing left to read."""
    async with AsyncExitStack() as stack:
        a = await stack.enter_async_context(socket(who.room, who.asking))
        b = await stack.enter_async_context(socket(who.room, who.answering))
        await hear(a, "room.live")
        yield a, b


async def hear(communicator, *kinds):
    """The next frame of that kind; what comes before it is of no interest here."""
    while True:
        frame = await communicator.receive_json_from(timeout=5)
        if frame["is"] in kinds:
            return frame


def hold_back(user):
    """Of this person's one socket session and rights are in doubt; they are read when let go."""
    (own,) = [s for s in RoomConsumer.rounds.sockets if s.user.pk == user.pk]
    read, let_go = own.refresh, asyncio.Event()

    async def refresh():
        await let_go.wait()
        await read()

    own.refresh = refresh
    own.doubt()
    return let_go


def say(text, **extra):
    return {"do": "say", "text": text, "client_id": str(uuid4()), **extra}
