"""Slow clients, lost bells, quiet sockets and signs of life."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from channels.layers import get_channel_layer
from django.utils import timezone

from consult.rooms import services
from consult.rooms.consumers import RoomConsumer
from consult.rooms.models import Participant, Room
from consult.rooms.tasks import sweep_rooms_task
from telemed.core.rounds import Rounds
from telemed.core.sockets import Close
from telemed.core.threads import off_loop
from tests.consult.rooms.talk import at, both, do, hear, make_scene, socket
from tests.marks import committed
from tests.sockets import closed, knock, sign_in

pytestmark = [committed, pytest.mark.asyncio]


async def until(condition, seconds=20):
    """What a round of the sockets does soon, if not at once."""
    for _ in range(int(seconds / 0.05)):
        if await condition():
            return
        await asyncio.sleep(0.05)
    pytest.fail("It did not come true.")


async def test_the_log_waits_for_a_client_that_does_not_acknowledge(monkeypatch):
    monkeypatch.setattr(RoomConsumer, "WINDOW", 4)
    who = await make_scene()
    await do(services.join_room, who.asking, room_id=who.room.pk, connection=uuid4())
    for number in range(4):
        await do(services.say, who.asking, room_id=who.room.pk, text=str(number), client_id=uuid4())

    async with knock(at(who.room.pk), await sign_in(who.answering)) as b:
        await hear(b, "hello")
        first = [(await b.receive_json_from())["seq"] for _ in range(3)]
        assert await b.receive_nothing()
        await b.send_json_to({"do": "seen", "frames": 4})
        rest = [(await b.receive_json_from())["seq"] for _ in range(4)]
    assert (first, rest) == ([1, 2, 3], [4, 5, 6, 7])


async def test_a_stalled_client_is_closed_when_its_queue_overflows(monkeypatch):
    who = await make_scene()
    async with both(who) as (a, b):
        monkeypatch.setattr(RoomConsumer, "WINDOW", 0)
        monkeypatch.setattr(RoomConsumer, "QUEUE", 5)
        for _ in range(20):
            await a.send_json_to({"do": "point", "x": 0.1, "y": 0.1})  # one place, newest wins
        signal = {"do": "signal", "to": b.hello["connection"], "generation": 0}
        for _ in range(10):
            await a.send_json_to(signal)
        output = await b.receive_output(timeout=5)
        assert output == {"type": "websocket.close", "code": Close.TOO_SLOW}


async def test_who_sends_too_much_is_slowed_and_then_closed(monkeypatch):
    monkeypatch.setattr(RoomConsumer, "BURST", 10.0)
    monkeypatch.setattr(RoomConsumer, "RATE", 0.0)
    who = await make_scene()
    async with socket(who.room, who.asking) as a:
        for _ in range(25):
            await a.send_json_to({"do": "typing"})
        assert (await hear(a, "error"))["kind"] == "unavailable"
        assert await closed(a) == Close.TOO_MUCH


async def test_a_burst_of_doorbells_is_one_read(monkeypatch):
    who = await make_scene()
    async with socket(who.room, who.asking):
        reads = []
        original = RoomConsumer.call

        async def counting(self, function, **arguments):
            reads.append(function.__name__)
            return await original(self, function, **arguments)

        monkeypatch.setattr(RoomConsumer, "call", counting)
        layer = get_channel_layer()
        for _ in range(50):
            await layer.group_send(Room.group(who.room.pk), {"type": "room.rang", "seq": 99})
        await asyncio.sleep(0.3)
    assert 1 <= len(reads) < 25


async def test_a_lost_doorbell_costs_time_but_no_event(monkeypatch):
    monkeypatch.setattr(RoomConsumer, "RECHECK", 0.2)
    who = await make_scene()
    async with socket(who.room, who.asking) as a:
        monkeypatch.setattr("consult.rooms.services.log.ring_group", lambda *_a, **_k: None)
        await do(services.say, who.asking, room_id=who.room.pk, text="x", client_id=uuid4())
        await hear(a, "chat.posted")


async def test_a_heartbeat_renews_the_lease_and_leaving_ends_it(monkeypatch):
    monkeypatch.setattr(Rounds, "EVERY", 0.05)
    who = await make_scene()
    place = Participant.objects.filter(user=who.asking)
    async with socket(who.room, who.asking) as a:
        before = await off_loop(place.get)()
        await a.send_json_to({"do": "heartbeat"})
        await hear(a, "beat")
        await until(off_loop(place.filter(seen_at__gt=before.seen_at).exists))
        await a.send_json_to({"do": "leave"})
        await hear(a, "participant.left")
    assert (await off_loop(place.get)()).status == Participant.Status.LEFT


async def test_who_was_away_is_back_with_the_next_heartbeat(monkeypatch):
    monkeypatch.setattr(RoomConsumer, "RECHECK", 0.2)
    who = await make_scene()
    place = Participant.objects.filter(user=who.asking)
    async with socket(who.room, who.asking) as a:
        await off_loop(place.update)(seen_at=timezone.now() - timedelta(minutes=1))
        await off_loop(sweep_rooms_task)()
        await hear(a, "participant.away")
        assert await a.receive_nothing(timeout=0.5)  # an open socket alone is no sign of life
        await a.send_json_to({"do": "heartbeat"})
        await hear(a, "participant.returned")
    assert (await off_loop(place.get)()).status == Participant.Status.ADMITTED


async def test_a_quiet_socket_costs_one_look_for_all(monkeypatch):
    monkeypatch.setattr(RoomConsumer, "RECHECK", 0.4)
    who = await make_scene()
    async with both(who):
        await asyncio.sleep(1.0)
        calls = []
        original = RoomConsumer.call

        async def counting(self, function, **arguments):
            calls.append(function.__name__)
            return await original(self, function, **arguments)

        monkeypatch.setattr(RoomConsumer, "call", counting)
        await asyncio.sleep(1.0)
    assert calls == []
