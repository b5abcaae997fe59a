"""What is said and shown over a room's sockets. Not here: Daphne's own limits."""

import json
from uuid import uuid4

import pytest
from channels.layers import get_channel_layer

from consult.rooms import queries, services
from consult.rooms.consumers import RoomConsumer
from consult.rooms.neighbours import Neighbours
from telemed.core.threads import off_loop
from telemed.people.models import User
from tests.consult.rooms.talk import at, both, count, do, hear, make_scene, say, socket
from tests.marks import committed
from tests.sockets import knock, sign_in

pytestmark = [committed, pytest.mark.asyncio]


async def test_the_greeting_says_who_is_here_and_which_connection_one_is():
    who = await make_scene()
    async with both(who) as (a, b):
        people = {p["user"]: p for p in b.hello["people"]}
        assert a.hello["you"] == str(who.asking.pk)
        assert people[str(who.asking.pk)]["connection"] == a.hello["connection"]
        assert people[str(who.answering.pk)]["name"] == who.answering.name
        assert (a.hello["role"], b.hello["role"]) == ("requester", "specialist")
        assert a.hello["ways"] == {"servers": [], "engine": None, "seconds": None}


async def test_what_one_says_the_other_hears_with_number_name_and_time():
    who = await make_scene()
    async with both(who) as (a, b):
        await a.send_json_to(say("look at the hilum"))
        heard = await hear(b, "chat.posted")
        assert (heard["from"], heard["text"]) == (str(who.asking.pk), "look at the hilum")
        assert heard["seq"] > b.hello["last_seq"]
        assert await hear(a, "chat.posted") == heard


async def test_who_comes_back_gets_what_it_missed_once_and_in_order():
    who = await make_scene()
    async with both(who) as (a, b):
        last = b.hello["last_seq"]
        await b.disconnect()
        for number in range(5):
            await a.send_json_to(say(str(number)))
            await hear(a, "chat.posted")

        async with knock(at(who.room.pk, last), await sign_in(who.answering)) as back:
            await hear(back, "hello")
            missed = [await back.receive_json_from() for _ in range(6)]
            assert [f["seq"] for f in missed] == list(range(last + 1, last + 7))
            assert [f.get("text") for f in missed] == [*"01234", None]
            assert await back.receive_nothing()


async def test_a_client_that_is_ahead_of_the_log_reads_it_from_the_start():
    who = await make_scene()
    async with knock(at(who.room.pk, 999), await sign_in(who.asking)) as a:
        await hear(a, "hello")
        assert (await a.receive_json_from())["seq"] == 1


async def test_a_long_absence_is_summed_up(monkeypatch):
    monkeypatch.setattr(queries, "SNAPSHOT_OVER", 3)
    who = await make_scene()
    async with both(who) as (a, _b):
        for number in range(5):
            await a.send_json_to(say(str(number)))
            await hear(a, "chat.posted")
    async with knock(at(who.room.pk), await sign_in(who.asking)) as back:
        assert (await back.receive_json_from(timeout=5))["is"] == "hello"
        summary = await back.receive_json_from(timeout=5)
        assert summary["is"] == "snapshot"
        assert [e["text"] for e in summary["events"]] == [*"01234"]
        assert await back.receive_nothing()


async def test_a_repeated_frame_is_one_event():
    who = await make_scene()
    frame = say("once")
    async with both(who) as (a, b):
        await a.send_json_to(frame)
        await a.send_json_to(frame)
        await hear(b, "chat.posted")
        assert await b.receive_nothing()
    assert await count(kind="chat.posted") == 1


@pytest.mark.parametrize(
    ("frame", "path"),
    [
        ("{", ""),
        ('{"do": "shout"}', ""),
        (json.dumps(say("x", **{"from": "somebody else"})), "say.from"),
        (json.dumps({**say("x"), "client_id": "7"}), "say.client_id"),
        (json.dumps(say("x" * 4001)), "say.text"),
        (json.dumps({"do": "point", "x": "0.5", "y": 0.5}), "point.x"),
        (json.dumps({"do": "view", "state": {"series": "s", "slice": -1}}), "view.state.slice"),
    ],
)
async def test_a_frame_that_is_not_to_the_letter_changes_nothing(frame, path):
    who = await make_scene()
    async with socket(who.room, who.asking) as a:
        before = await count()
        await a.send_to(text_data=frame)
        answer = await hear(a, "error")
        assert (answer["kind"], answer["path"]) == ("malformed", path)
        assert await count() == before


async def test_a_frame_that_is_too_large_or_no_text_is_refused():
    who = await make_scene()
    async with socket(who.room, who.asking) as a:
        await a.send_json_to(say("x" * 70_000))
        assert (await hear(a, "error"))["kind"] == "too_large"
        await a.send_to(bytes_data=b"\x00")
        assert (await hear(a, "error"))["kind"] == "malformed"


async def test_a_refusal_speaks_the_language_of_the_account():
    who = await make_scene()
    await off_loop(User.objects.filter(pk=who.asking.pk).update)(language="en")
    async with socket(who.room, who.asking) as a:
        await a.send_to(bytes_data=b"\x00")
        assert (await hear(a, "error"))["text"] == "Unknown message."


async def test_a_pointer_passes_with_its_senders_name_and_is_not_kept():
    who = await make_scene()
    async with both(who) as (a, b):
        before = await count()
        await a.send_json_to({"do": "point", "series": "s1", "slice": 2, "x": 0.25, "y": 0.5})
        assert await b.receive_json_from() == {
            "is": "point",
            "from": str(who.asking.pk),
            "connection": a.hello["connection"],
            "series": "s1",
            "slice": 2,
            "x": 0.25,
            "y": 0.5,
        }
        assert await a.receive_nothing()
        assert await count() == before


async def test_frames_and_events_of_another_process_arrive_too():
    who = await make_scene()
    async with both(who) as (a, b):
        frame = {"is": "typing", "from": str(who.asking.pk), "connection": a.hello["connection"]}
        message = {"process": "another", "frames": [(str(who.room.pk), frame)]}
        await get_channel_layer().group_send(Neighbours.GROUP, message)
        assert await hear(b, "typing") == frame
        await do(services.say, who.asking, room_id=who.room.pk, text="x", client_id=uuid4())
        assert (await hear(b, "chat.posted"))["text"] == "x"


async def test_passing_frames_do_not_touch_the_database(monkeypatch):
    who = await make_scene()
    async with both(who) as (a, b):
        calls = []
        original = RoomConsumer.call

        async def counting(self, function, **arguments):
            calls.append(function.__name__)
            return await original(self, function, **arguments)

        monkeypatch.setattr(RoomConsumer, "call", counting)
        for _ in range(10):
            await a.send_json_to({"do": "point", "x": 0.1, "y": 0.1})
            await hear(b, "point")
    assert calls == []


async def test_only_the_leader_moves_the_others_view():
    who = await make_scene()
    view = {"do": "view", "state": {"series": "s1", "slice": 7}}
    async with both(who) as (a, b):
        await a.send_json_to({"do": "lead", "take": True})
        await hear(a, "lead.taken")
        await hear(b, "lead.taken")

        await b.send_json_to(view)
        assert await a.receive_nothing()
        await a.send_json_to(view)
        assert (await hear(b, "view"))["state"] == {"series": "s1", "slice": 7, "invert": False}
        client_id = str(uuid4())
        await b.send_json_to({**view, "settled": True, "client_id": client_id})
        refusal = await hear(b, "error")
        assert (refusal["kind"], refusal["client_id"]) == ("forbidden", client_id)


async def test_a_measurement_reaches_the_other_and_waits_for_who_comes_later():
    who = await make_scene()
    mark = {"id": "m1", "kind": "length", "series": "s1", "slice": 2, "points": [[1, 2], [3, 4]]}
    async with both(who) as (a, b):
        await a.send_json_to({"do": "mark", "mark": mark, "client_id": str(uuid4())})
        heard = await hear(b, "mark.saved")
        assert (heard["from"], heard["mark"]["id"]) == (str(who.asking.pk), "m1")
    async with knock(at(who.room.pk), await sign_in(who.answering)) as later:
        assert (await hear(later, "mark.saved"))["mark"] == heard["mark"]


async def test_a_signal_reaches_only_the_connection_it_names():
    who = await make_scene()
    signal = {"do": "signal", "generation": 1, "description": {"type": "offer", "sdp": "v=0"}}
    async with both(who) as (a, b), socket(who.room, who.coordinator) as c:
        await hear(a, "participant.joined")
        await hear(b, "participant.joined")
        await a.send_json_to({**signal, "to": c.hello["connection"]})
        heard = await hear(c, "signal")
        assert (heard["connection"], heard["generation"]) == (a.hello["connection"], 1)
        assert await b.receive_nothing()


@pytest.mark.parametrize(
    "frame",
    [
        {"do": "lead", "take": True},
        {"do": "point", "x": 0.5, "y": 0.5},
        {
            "do": "mark",
            "client_id": str(uuid4()),
            "mark": {"id": "m", "kind": "length", "series": "s", "slice": 0, "points": []},
        },
        {"do": "unmark", "mark": "m", "client_id": str(uuid4())},
        {"do": "view", "state": {"series": "s"}, "settled": True, "client_id": str(uuid4())},
    ],
)
async def test_a_coordinator_may_not_show(frame):
    who = await make_scene()
    async with socket(who.room, who.coordinator) as c:
        before = await count()
        await c.send_json_to(frame)
        assert (await hear(c, "error"))["kind"] == "forbidden"
        assert await count() == before
