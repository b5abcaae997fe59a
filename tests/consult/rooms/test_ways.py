"""Credentials for the way between two browsers: short-lived, and for who is in the room."""

import base64
import hashlib
import hmac
import json
from uuid import uuid4

import pytest
import time_machine

from consult.rooms import queries, services, ways
from telemed.core.errors import Forbidden
from telemed.core.sockets import Close
from tests.consult.rooms.talk import both, do, hear, make_scene, socket
from tests.factories.rooms import scene
from tests.marks import committed

SECRET = "a secret of the tests"  # noqa: S105


@pytest.fixture
def turn(settings):
    settings.STUN_URLS = ["stun:stun.example.cn"]
    settings.TURN_URLS = ["turn:turn.example.cn"]
    settings.TURN_SECRET, settings.TURN_SECONDS = SECRET, 900


@time_machine.travel(1_700_000_000, tick=False)
def test_the_name_says_when_they_die_and_the_secret_vouches_for_it(turn):
    connection = uuid4()
    (stun, relay), seconds = ways.relays(connection)

    assert (stun, seconds) == ({"urls": ["stun:stun.example.cn"]}, 900)
    assert relay["username"] == f"1700000900:{connection}"
    mac = hmac.digest(SECRET.encode(), relay["username"].encode(), hashlib.sha1)
    assert relay["credential"] == base64.b64encode(mac).decode()


def test_without_turn_nothing_dies(settings):
    settings.STUN_URLS, settings.TURN_URLS = ["stun:stun.example.cn"], []
    assert ways.relays(uuid4()) == ([{"urls": settings.STUN_URLS}], None)


@committed
@pytest.mark.asyncio
async def test_who_asks_in_a_room_gets_new_ones(turn):
    who = await make_scene()
    async with both(who) as (a, _b):
        first = a.hello["ways"]["servers"][1]
        with time_machine.travel(int(first["username"].split(":")[0]) - 60, tick=True):
            await a.send_json_to({"do": "ways"})
            renewed = await hear(a, "ways")
        assert renewed["seconds"] == 900
        assert renewed["servers"][1]["username"] > first["username"]


@committed
@pytest.mark.asyncio
async def test_who_hung_up_gets_none_though_the_socket_is_open(turn):
    who = await make_scene()
    async with both(who) as (a, _b):
        await a.send_json_to({"do": "leave"})
        await hear(a, "participant.left")
        await a.send_json_to({"do": "ways"})
        assert (await hear(a, "error", "ways"))["kind"] == "forbidden"


@committed
@pytest.mark.asyncio
async def test_who_was_removed_gets_none(turn):
    who = await make_scene()
    async with socket(who.room, who.asking), socket(who.room, who.coordinator) as c:
        them = {"room_id": who.room.pk, "user_id": who.coordinator.pk}
        await do(services.remove_participant, who.asking, **them, reason="noise")
        await c.send_json_to({"do": "ways"})
        while (said := await c.receive_output(timeout=5))["type"] != "websocket.close":
            assert json.loads(said["text"])["is"] != "ways"
        assert said["code"] == Close.REMOVED


@pytest.mark.django_db
def test_another_window_of_the_same_person_takes_the_right_with_it(by):
    who = scene()
    first, second = uuid4(), uuid4()
    for connection in (first, second):
        with by(who.asking):
            services.join_room(actor=who.asking, room_id=who.room.pk, connection=connection)
    with pytest.raises(Forbidden), by(who.asking):
        queries.get_present(who.asking, who.room.pk, first)
    with by(who.asking):
        queries.get_present(who.asking, who.room.pk, second)
