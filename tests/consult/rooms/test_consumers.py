"""Sockets on the real application, PostgreSQL and Valkey. Not here: Daphne's own limits."""

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from channels.layers import get_channel_layer
from django.utils import timezone

from consult.rooms import queries, services
from consult.rooms.consumers import RoomConsumer
from consult.rooms.models import Participant, Room, RoomEvent
from consult.rooms.tasks import sweep_rooms_task
from telemed.audit.models import AuditRow
from telemed.core.intentions import intention
from telemed.core.rounds import Rounds
from telemed.core.sockets import Close, account_group
from telemed.core.threads import off_loop
from telemed.people.models import Role, User
from tests.factories.people import StaffFactory
from tests.factories.rooms import scene
from tests.marks import committed
from tests.sockets import closed, knock, sign_in, sign_out

pytestmark = [committed, pytest.mark.asyncio]

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


def say(text, **extra):
    return {"do": "say", "text": text, "client_id": str(uuid4()), **extra}


async def test_the_greeting_says_who_is_here_and_which_connection_one_is():
    who = await make_scene()
    async with both(who) as (a, b):
        people = {p["user"]: p for p in b.hello["people"]}
        assert a.hello["you"] == str(who.asking.pk)
        assert people[str(who.asking.pk)]["connection"] == a.hello["connection"]
        assert people[str(who.answering.pk)]["name"] == who.answering.name
        assert (a.hello["role"], b.hello["role"]) == ("requester", "specialist")
        assert a.hello["ice"] == []


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
        message = {"type": "room.passed", "process": "another", "frame": frame}
        await get_channel_layer().group_send(Room.group(who.room.pk), message)
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


async def test_the_anonymous_the_stranger_and_the_foreign_page_are_refused_before_joining():
    who = await make_scene()
    stranger = await make_staff(role=Role.SPECIALIST)
    theirs, ours = await sign_in(stranger), await sign_in(who.asking)

    for refused in (
        knock(at(who.room.pk)),
        knock(at(who.room.pk), "no such session"),
        knock(at(who.room.pk), theirs),
        knock(at(uuid4()), ours),
        knock(at(who.room.pk), ours, origin=b"https://elsewhere.example"),
        knock(at(who.room.pk), ours, origin=b"null"),
    ):
        async with refused as communicator:
            assert communicator.code is not None
    assert not await off_loop(Participant.objects.exists)()
    row = await off_loop(AuditRow.objects.filter(actor_id=stranger.actor_id).get)()
    assert (row.action, row.refused) == ("room.join_room", "not_found")


async def test_a_session_that_ended_or_an_account_that_was_closed_opens_no_socket():
    who = await make_scene()
    ended, closed_account = await sign_in(who.asking), await sign_in(who.answering)
    await sign_out(ended)
    await off_loop(User.objects.filter(pk=who.answering.pk).update)(is_active=False)

    for key in (ended, closed_account):
        async with knock(at(who.room.pk), key) as communicator:
            assert communicator.code is not None


async def test_a_session_that_ends_closes_the_open_socket_when_the_account_is_rung():
    who = await make_scene()
    key = await sign_in(who.asking)
    async with knock(at(who.room.pk), key) as a:
        await hear(a, "hello")
        await sign_out(key)
        ring = {"type": "account.doubted"}
        await get_channel_layer().group_send(account_group(who.asking.pk), ring)
        assert await closed(a) == Close.UNAUTHENTICATED


async def test_a_closed_account_is_noticed_by_the_timer(monkeypatch):
    monkeypatch.setattr(RoomConsumer, "RECHECK", 0.2)
    who = await make_scene()
    async with socket(who.room, who.asking) as a:
        await off_loop(User.objects.filter(pk=who.asking.pk).update)(is_active=False)
        assert await closed(a) == Close.UNAUTHENTICATED


async def test_removal_closes_the_open_socket_and_shuts_the_door():
    who = await make_scene()
    async with socket(who.room, who.asking) as a, socket(who.room, who.coordinator) as c:
        them = {"room_id": who.room.pk, "user_id": who.coordinator.pk}
        await do(services.remove_participant, who.asking, **them, reason="noise")
        assert await closed(c) == Close.REMOVED
        assert (await hear(a, "participant.removed"))["participant"] == str(who.coordinator.pk)
    async with knock(at(who.room.pk), await sign_in(who.coordinator)) as again:
        assert await closed(again) == Close.REMOVED


async def test_who_loses_the_case_loses_the_room(monkeypatch):
    monkeypatch.setattr(RoomConsumer, "RECHECK", 0.2)
    who = await make_scene()
    async with socket(who.room, who.answering) as b:
        who.room.case.holder = None
        await off_loop(who.room.case.save)()
        assert await closed(b) == Close.NOT_FOUND


async def test_the_end_closes_every_socket():
    who = await make_scene()
    async with both(who) as (a, b):
        await do(services.end_room, who.answering, room_id=who.room.pk)
        assert [await closed(a), await closed(b)] == [Close.ENDED, Close.ENDED]


async def test_the_newest_tab_wins():
    who = await make_scene()
    async with socket(who.room, who.asking) as old, socket(who.room, who.asking) as new:
        assert await closed(old) == Close.REPLACED
        await new.send_json_to(say("still here"))
        await hear(new, "chat.posted")


async def test_a_page_that_lost_its_line_comes_back_under_its_own_connection():
    who, page = await make_scene(), str(uuid4())
    key = await sign_in(who.asking)
    async with socket(who.room, who.answering) as b, knock(at(who.room.pk, 0, page), key) as old:
        assert (await hear(old, "hello"))["connection"] == page
        await hear(b, "participant.joined")
        async with knock(at(who.room.pk, 0, page), key) as back:
            assert (await hear(back, "hello"))["connection"] == page
            assert await closed(old) == Close.REPLACED
            assert (await hear(b, "participant.returned", "gone"))["is"] == "participant.returned"
            await old.disconnect()
            assert await b.receive_nothing()


async def test_nobody_takes_anothers_connection():
    who = await make_scene()
    async with socket(who.room, who.answering) as b:
        theirs = b.hello["connection"]
        async with knock(at(who.room.pk, 0, theirs), await sign_in(who.asking)) as a:
            assert a.code is not None


async def test_the_others_hear_when_a_connection_is_gone():
    who = await make_scene()
    async with both(who) as (a, b):
        await b.disconnect()
        assert (await hear(a, "gone"))["connection"] == b.hello["connection"]


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


async def until(condition, seconds=5):
    """What a round of the sockets does soon, if not at once."""
    for _ in range(int(seconds / 0.05)):
        if await condition():
            return
        await asyncio.sleep(0.05)
    pytest.fail("It did not come true.")


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
