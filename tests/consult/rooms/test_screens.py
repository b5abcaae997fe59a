"""Whose screen the others see: one at a time, and nobody's who is not there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from consult.rooms import queries, services
from consult.rooms.models import Participant, Role
from telemed.core.errors import Conflict, Forbidden
from telemed.people.models import Role as StaffRole
from tests.consult.rooms.log import kinds
from tests.consult.rooms.talk import both, hear, make_scene, socket
from tests.consult.rooms.talk import do as at_once
from tests.factories.people import StaffFactory
from tests.marks import committed


@pytest.fixture
def share(inside, do):
    def share(user, client_id=None):
        which = {"room_id": inside.room.pk, "client_id": client_id or uuid4()}
        return do(services.share_screen, user, **which)

    return share


def shared(room):
    return [kind for kind in kinds(room) if kind.startswith("screen.")]


def test_one_shares_at_a_time_and_who_comes_second_reads_whose_it_is(inside, do, share):
    inside.answering.language = "en"
    share(inside.asking)

    with pytest.raises(Conflict) as refused:
        share(inside.answering)

    assert inside.asking.name in str(refused.value.message)
    assert queries.sharer_of(inside.room.pk) == inside.asking.pk
    do(services.stop_screen, inside.answering, room_id=inside.room.pk)  # not theirs: nothing
    assert queries.sharer_of(inside.room.pk) == inside.asking.pk
    do(services.stop_screen, inside.asking, room_id=inside.room.pk)
    share(inside.answering)
    assert shared(inside.room) == ["screen.started", "screen.ended", "screen.started"]


def test_what_is_asked_twice_under_one_id_is_one_event(inside, share):
    client_id = uuid4()
    assert share(inside.asking, client_id) == share(inside.asking, client_id)
    assert shared(inside.room) == ["screen.started"]


@pytest.mark.parametrize("role", [Role.INTERPRETER, Role.OBSERVER])
def test_guests_share_nothing(inside, do, share, role):
    guest = StaffFactory(organisation=inside.room.case.asked, role=StaffRole.SPECIALIST)
    them = {"room_id": inside.room.pk, "user_id": guest.pk}
    do(services.invite_guest, inside.asking, **them, role=role, agreed=True)
    do(services.admit_guest, inside.asking, **them)
    do(services.join_room, guest, room_id=inside.room.pk, connection=uuid4())
    with pytest.raises(Forbidden):
        share(guest)
    assert shared(inside.room) == []


def test_who_hung_up_shares_nothing(inside, do, share):
    do(services.leave_room, inside.asking, room_id=inside.room.pk)
    with pytest.raises(Forbidden):
        share(inside.asking)


def test_it_ends_with_who_leaves(inside, do, share):
    share(inside.asking)
    do(services.leave_room, inside.asking, room_id=inside.room.pk)
    assert kinds(inside.room)[-2:] == ["screen.ended", "participant.left"]
    assert queries.sharer_of(inside.room.pk) is None


def test_it_ends_with_a_page_that_was_loaded_anew_and_lives_on_the_same_one(inside, do, share):
    share(inside.asking)
    mine = Participant.objects.get(user=inside.asking, room=inside.room)
    back = {"room_id": inside.room.pk}
    do(services.join_room, inside.asking, **back, connection=mine.connection)
    assert queries.sharer_of(inside.room.pk) == inside.asking.pk

    do(services.join_room, inside.asking, **back, connection=uuid4())
    assert queries.sharer_of(inside.room.pk) is None


def test_it_ends_with_a_lease_that_ran_out(inside, by, share):
    share(inside.asking)
    long_ago = timezone.now() - Participant.LEASE - timedelta(seconds=1)
    Participant.objects.filter(user=inside.asking).update(seen_at=long_ago)
    with by(inside.answering):
        services.sweep_room(room_id=inside.room.pk)
    assert shared(inside.room) == ["screen.started", "screen.ended"]


@committed
@pytest.mark.asyncio
async def test_the_others_hear_of_it_and_who_comes_later_is_greeted_with_it():
    who = await make_scene()
    async with both(who) as (a, b):
        assert b.hello["screen"] is None
        await a.send_json_to({"do": "screen", "on": True, "client_id": str(uuid4())})
        assert (await hear(b, "screen.started"))["from"] == str(who.asking.pk)

        refused = str(uuid4())
        await b.send_json_to({"do": "screen", "on": True, "client_id": refused})
        error = await hear(b, "error")
        assert (error["kind"], error["client_id"]) == ("conflict", refused)

        async with socket(who.room, who.coordinator) as late:
            assert late.hello["screen"] == str(who.asking.pk)
            await a.send_json_to({"do": "screen", "on": False, "client_id": str(uuid4())})
            ended = await hear(late, "screen.ended")
            assert (ended["participant"], ended["why"]) == (str(who.asking.pk), "stopped")


@committed
@pytest.mark.asyncio
async def test_who_is_removed_shows_nothing_any_more():
    who = await make_scene()
    async with both(who) as (a, _b), socket(who.room, who.coordinator) as c:
        await c.send_json_to({"do": "screen", "on": True, "client_id": str(uuid4())})
        await hear(a, "screen.started")
        them = {"room_id": who.room.pk, "user_id": who.coordinator.pk}
        await at_once(services.remove_participant, who.asking, **them, reason="noise")
        assert (await hear(a, "screen.ended"))["participant"] == str(who.coordinator.pk)
