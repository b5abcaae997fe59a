"""
The refusal matrix of the sockets: every route, every frame, by everybody who has no business there.

The routes come from the URL configuration and the frames from what each consumer accepts. A new
frame without a row fails here, and says what to add.
"""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from uuid import uuid4

import pytest

from consult.guests.consumers import GuestConsumer
from consult.rooms import services
from consult.rooms.consumers import RoomConsumer
from consult.rooms.models import Role
from consult.visits.consumers import VisitConsumer
from scheduling.appointments.consumers import BoardConsumer
from telemed.core.sockets import Close
from telemed.core.threads import off_loop
from telemed.notifications.consumers import InboxConsumer
from telemed.people.models import Role as StaffRole
from telemed.urls import websocket_urlpatterns
from tests.consult.rooms.talk import at, do, hear, hold_back, make_scene, make_staff, socket
from tests.factories.people import PatientFactory, UserFactory
from tests.marks import committed
from tests.refusals.looks import last_trace, state_of_the_house, traces_since
from tests.sockets import closed, knock, sign_in, sign_out

ANYONE, DOCTORS = frozenset(Role), frozenset({Role.REQUESTER, Role.SPECIALIST})
HOSTS = DOCTORS | {Role.COORDINATOR}
SPEAKERS = ANYONE - {Role.OBSERVER}
HOSTS = DOCTORS | {Role.COORDINATOR}
TRIED = {"way": "direct", "echo": "heard"}
MARK = {"id": "m1", "kind": "length", "series": "1.2.3", "slice": 3, "points": [[1, 2], [3, 4]]}


@dataclass(frozen=True)
class Row:
    """One frame as a page sends it, and which roles of the room may."""

    body: dict = field(default_factory=dict)
    may: frozenset = ANYONE
    traced: bool = True  # passing frames, up to fifty a second, are refused without a trace


def keyed(**body):
    return {**body, "client_id": str(uuid4())}


VIEW = {"series": "1.2.3", "slice": 3}
ROOM_FRAMES = {
    "say": Row(keyed(text="hello"), may=SPEAKERS),
    "retract": Row(keyed(message=1)),
    "role": Row({"user": str(uuid4()), "role": "interpreter"}, may=HOSTS),
    "typing": Row(),
    "leave": Row(),
    "lead": Row({"take": True}, may=DOCTORS),
    "view": Row(keyed(state=VIEW, settled=True), may=DOCTORS),
    "point": Row({"series": "1.2.3", "slice": 3, "x": 1, "y": 2}, may=DOCTORS, traced=False),
    "mark": Row(keyed(mark=MARK), may=DOCTORS),
    "unmark": Row(keyed(mark="m1"), may=DOCTORS),
    "key_image": Row(keyed(key_image=str(uuid4())), may=DOCTORS),
    "unkey": Row(keyed(key_image=str(uuid4())), may=DOCTORS),
    "open": Row(keyed(study=str(uuid4())), may=DOCTORS),
    "signal": Row({"to": str(uuid4()), "generation": 1}),
    "ways": Row(),
    "stuck": Row(),
    "quality": Row({"mode": "audio", "by": "auto", "kbit_s": 9, "rtt_ms": 300, "loss": 0.1}),
    "screen": Row(keyed(on=True), may=HOSTS),
    "ready": Row(keyed(up_kbit_s=800, down_kbit_s=900, rtt_ms=80, loss=0, **TRIED)),
    "heartbeat": Row(),
    "seen": Row({"frames": 1}),
}
FRAMES = {
    RoomConsumer: ROOM_FRAMES,
    VisitConsumer: ROOM_FRAMES,  # who may what there: tests/consult/visits/test_sockets.py
    GuestConsumer: ROOM_FRAMES,  # and there: tests/consult/guests/test_sockets.py
    InboxConsumer: {"heartbeat": Row(), "seen": Row({"frames": 1})},
    BoardConsumer: {"heartbeat": Row(), "seen": Row({"frames": 1})},
}
state = off_loop(state_of_the_house)
mark_of = off_loop(last_trace)
since = off_loop(traces_since)


def frame(do, row):
    return {"do": do, **row.body}


def consumers():
    return [pattern.callback.consumer_class for pattern in websocket_urlpatterns]


def test_every_route_and_every_frame_has_a_row():
    for consumer in consumers():
        assert consumer in FRAMES, f"Say in tests/refusals/test_sockets.py who may enter {consumer}"
        taken = consumer.accepts.json_schema()["discriminator"]["mapping"]
        missing = set(taken) ^ set(FRAMES[consumer])
        assert not missing, (
            f"Give {missing} of {consumer.__name__} a Row in FRAMES, or take it away"
        )


@pytest.fixture
def others():
    """One of every role elsewhere, and a resident with a record of their own."""

    async def make():
        staff = [await make_staff(role=role) for role in StaffRole if role != StaffRole.RESIDENT]
        resident = await off_loop(UserFactory)()
        await off_loop(PatientFactory)(user=resident)
        return [*staff, resident]

    return make


@committed
@pytest.mark.asyncio
async def test_nobody_from_outside_gets_into_a_room(others):
    here, there = await make_scene(), await make_scene()
    visitors = [*await others(), there.asking, there.answering, there.coordinator]
    keys = [await sign_in(user) for user in visitors]
    before, mark = await state(), await mark_of()

    for key in keys:
        async with knock(at(here.room.pk), key) as communicator:
            assert communicator.code == Close.NOT_FOUND

    assert await state() == before
    traces = await since(mark)
    assert {actor for actor, kind in traces if kind == "not_found"} == {
        user.actor_id for user in visitors
    }
    assert all(kind for _actor, kind in traces)


@committed
@pytest.mark.asyncio
@pytest.mark.parametrize("consumer", consumers(), ids=lambda consumer: consumer.__name__)
async def test_no_socket_opens_for_nobody_or_for_a_foreign_page(consumer):
    here = await make_scene()
    path = {
        RoomConsumer: at(here.room.pk),
        VisitConsumer: f"/ws/visits/{here.room.pk}/",
        GuestConsumer: f"/ws/guests/{here.room.pk}/",
        BoardConsumer: "/ws/booking/board/no-such-screen/",  # its link is the key
    }.get(consumer, "/ws/inbox/")
    key, ended = await sign_in(here.asking), await sign_in(here.asking)
    await sign_out(ended)
    before = await state()

    for given in ("", "no such session", ended):
        async with knock(path, given) as communicator:
            assert communicator.code == Close.UNAUTHENTICATED
    for origin in (b"https://elsewhere.example", b"http://testserver.elsewhere.example", b"null"):
        async with knock(path, key, origin=origin) as communicator:
            assert communicator.code is not None

    assert await state() == before


@committed
@pytest.mark.asyncio
async def test_an_inbox_tells_of_ones_own_messages_alone(others):
    for user in await others():
        async with knock("/ws/inbox/", await sign_in(user)) as communicator:
            assert (await hear(communicator, "inbox"))["count"] == 0


@committed
@pytest.mark.asyncio
async def test_an_ended_room_opens_for_nobody_of_the_case():
    here = await make_scene()
    people = (here.asking, here.answering, here.coordinator)
    async with socket(here.room, here.asking):
        await do(services.end_room, here.asking, room_id=here.room.pk)
    keys = [await sign_in(user) for user in people]
    before = await state()
    for key in keys:
        async with knock(at(here.room.pk), key) as communicator:
            assert await closed(communicator) == Close.ENDED
    assert await state() == before


async def guest(here, role):
    """A colleague of the hospital who was asked in."""
    user = await make_staff(role=StaffRole.SPECIALIST, organisation=here.room.case.asked)
    them = {"room_id": here.room.pk, "user_id": user.pk}
    await do(services.invite_guest, here.asking, **them, role=role, agreed=True)
    await do(services.admit_guest, here.asking, **them)
    return user


@committed
@pytest.mark.asyncio
@pytest.mark.parametrize("role", sorted(ANYONE - DOCTORS - {Role.RESIDENT}))
async def test_whose_role_may_not_is_told_so_and_nobody_else_hears_of_it(role):
    here = await make_scene()
    refused = {name: row for name, row in FRAMES[RoomConsumer].items() if role not in row.may}
    async with AsyncExitStack() as stack:
        doctor = await stack.enter_async_context(socket(here.room, here.asking))
        user = here.coordinator if role == Role.COORDINATOR else await guest(here, role)
        other = await stack.enter_async_context(socket(here.room, user))
        await hear(doctor, "participant.joined")
        before, mark = await state(), await mark_of()
        for name, row in refused.items():
            await other.send_json_to(frame(name, row))
            assert (await hear(other, "error"))["kind"] == "forbidden", name
        assert await doctor.receive_nothing()
        assert await state() == before
        traced = [row for row in refused.values() if row.traced]
        assert await since(mark) == [(user.actor_id, "forbidden")] * len(traced)


@committed
@pytest.mark.asyncio
async def test_a_frame_after_the_session_ended_does_nothing():
    """It arrives when the sign-out was told and the socket has not closed yet."""
    here = await make_scene()
    async with socket(here.room, here.answering) as doctor:
        for name, row in FRAMES[RoomConsumer].items():
            key = await sign_in(here.asking)
            async with knock(at(here.room.pk), key) as left:
                await hear(left, "hello")
                await hear(doctor, "participant.joined", "participant.returned")
                while not await doctor.receive_nothing():
                    await doctor.receive_json_from()
                await sign_out(key)
                before, let_go = await state(), hold_back(here.asking)

                await left.send_json_to(frame(name, row))

                assert await doctor.receive_nothing(), name
                assert await state() == before, name
                let_go.set()
                assert await closed(left) == Close.UNAUTHENTICATED, name
                assert await doctor.receive_nothing(), name
                assert await state() == before, name


@committed
@pytest.mark.asyncio
async def test_a_frame_reaches_no_other_room():
    """A signal names a connection: one of another room is nobody's here."""
    here, there = await make_scene(), await make_scene()
    async with socket(here.room, here.asking) as a, socket(there.room, there.asking) as b:
        to = {"to": a.hello["connection"], "generation": 1}
        for name, row in FRAMES[RoomConsumer].items():
            body = frame(name, row) | (to if name == "signal" else {})
            await b.send_json_to(body)
        await hear(b, "participant.left")
        assert await a.receive_nothing()
