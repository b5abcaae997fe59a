"""Whom a room's socket lets in, and when it ends."""

from uuid import uuid4

import pytest
from channels.layers import get_channel_layer

from consult.rooms import services
from consult.rooms.consumers import RoomConsumer
from consult.rooms.models import Participant
from telemed.audit.models import AuditRow
from telemed.core.sockets import Close, account_group
from telemed.core.threads import off_loop
from telemed.people.models import Role, User
from tests.consult.rooms.talk import (
    at,
    both,
    count,
    do,
    hear,
    hold_back,
    make_scene,
    make_staff,
    say,
    socket,
)
from tests.marks import committed
from tests.sockets import closed, knock, sign_in, sign_out

pytestmark = [committed, pytest.mark.asyncio]


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


async def test_what_arrives_while_the_session_is_in_doubt_waits_until_it_was_read_again():
    who = await make_scene()
    key = await sign_in(who.asking)
    async with socket(who.room, who.answering) as b, knock(at(who.room.pk), key) as a:
        await hear(a, "participant.joined")
        await hear(b, "room.live")
        await sign_out(key)
        let_go = hold_back(who.asking)
        await a.send_json_to(say("from who has left"))
        assert await b.receive_nothing()
        let_go.set()
        assert await closed(a) == Close.UNAUTHENTICATED
    assert await count(kind="chat.posted") == 0


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
