"""Who waits in vain in a room: the clocks, whom they tell, and how often."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from consult.requests.models import Case, Kind
from consult.rooms import services
from consult.rooms.models import Participant, Room
from consult.rooms.tasks import sweep_rooms_task
from telemed.core import clocks, policies
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from telemed.people.models import Role as StaffRole
from tests.consult.requests.looking import told
from tests.consult.rooms.log import kinds
from tests.factories.people import StaffFactory
from tests.factories.rooms import scene

pytestmark = pytest.mark.django_db
CALLED = "coordinator.called"


@pytest.fixture
def alone(do):
    """The asking doctor waits; the specialist has not come. Both sides have a coordinator."""
    who = scene()
    other = StaffFactory(role=StaffRole.COORDINATOR, organisation=who.room.case.asking)
    do(services.join_room, who.asking, room_id=who.room.pk, connection=uuid4())
    return who, other


def running(room, kind):
    return Clock.objects.filter(about=room.pk, kind=kind, state=ClockState.RUNNING)


def fire(room, kind, *there):
    """At the moment when the next rung runs out, with those people still there."""
    due = running(room, kind).earliest("due_at").due_at
    with time_machine.travel(due + timedelta(seconds=1), tick=False):
        places = Participant.objects.filter(room=room, user__in=there, status="admitted")
        places.update(seen_at=due)
        clocks.fire_due()
    return due


def missing(person):
    return told(person).count("room.missing")


def test_after_ten_minutes_the_coordinators_of_both_sides_are_told_once(alone, do):
    who, other = alone

    fire(who.room, "room.idle", who.asking)

    assert missing(who.coordinator) == missing(other) == 1
    assert missing(who.asking) == missing(who.answering) == 0
    facts = Notification.objects.get(recipient=other, template="room.missing").facts
    assert facts["org"] == who.room.case.asked.name
    assert kinds(who.room).count(CALLED) == 1

    do(services.join_room, who.asking, room_id=who.room.pk, connection=uuid4())
    fire(who.room, "room.idle", who.asking)
    assert missing(other) == 1  # still the same one who is missing


def test_the_length_is_a_rule_of_the_house(alone):
    who, _other = alone
    clock = running(who.room, "room.idle").get()

    assert policies.find("room.idle").default == timedelta(minutes=10)
    allowed = clock.due_at - clock.created_at
    assert abs(allowed - timedelta(minutes=10)) < timedelta(seconds=5)


def test_coming_back_under_a_lost_line_does_not_begin_the_count_again(alone, do):
    who, _other = alone
    due = running(who.room, "room.idle").get().due_at

    do(services.join_room, who.asking, room_id=who.room.pk, connection=uuid4())

    assert running(who.room, "room.idle").get().due_at == due


def test_nobody_waits_in_an_empty_room(alone, do):
    who, other = alone

    do(services.leave_room, who.asking, room_id=who.room.pk)

    assert not running(who.room, "room.idle").exists()
    assert missing(other) == 0


def test_when_both_are_there_nobody_waits(alone, do):
    who, _other = alone

    do(services.join_room, who.answering, room_id=who.room.pk, connection=uuid4())

    assert not running(who.room, "room.idle").exists()


def test_before_an_emergency_has_begun_its_own_clock_tells_them(alone):
    who, other = alone
    Case.objects.filter(pk=who.room.case_id).update(kind=Kind.EMERGENCY)

    fire(who.room, "room.idle", who.asking)

    assert missing(other) == 0


def hold(who, do):
    """The specialist's line dies and the room holds itself."""
    last = who.room.participants.get(user=who.answering).seen_at
    with time_machine.travel(last + Room.ALONE_FOR + timedelta(seconds=2), tick=False):
        do(services.join_room, who.asking, room_id=who.room.pk, connection=uuid4())
        sweep_rooms_task()
    who.room.refresh_from_db()
    assert who.room.status == Room.Status.HELD


def test_a_consult_without_one_side_tells_the_coordinators_and_then_shows_the_phone(inside, do):
    hold(inside, do)

    held_for = fire(inside.room, "room.legal", inside.asking) - inside.room.held_at
    assert held_for == timedelta(minutes=5)
    assert missing(inside.coordinator) == 1
    shown = inside.room.events.filter(kind="phone.shown").exclude(body__has_key="reason")
    assert not shown.exists()  # but for the line that was lost (test_without_a_call)

    fire(inside.room, "room.legal", inside.asking)
    [shown] = [event.body for event in shown]
    case = inside.room.case
    assert shown == {"organisation": case.asked.name, "phone": case.asked.phone}
    assert missing(inside.coordinator) == 1


def test_who_is_back_in_time_stops_it(inside, do):
    hold(inside, do)

    do(services.join_room, inside.answering, room_id=inside.room.pk, connection=uuid4())

    assert not running(inside.room, "room.legal").exists()


def test_a_room_that_ended_waits_for_nobody(inside, do):
    hold(inside, do)

    do(services.end_room, inside.asking, room_id=inside.room.pk)

    assert not running(inside.room, "room.legal").exists()


def test_the_doctor_who_was_out_at_the_end_finds_what_happened(inside, do):
    hold(inside, do)

    do(services.end_room, inside.asking, room_id=inside.room.pk)

    ended = Notification.objects.get(recipient=inside.answering, template="room.ended")
    assert ended.url == f"/rooms/of/{inside.room.pk}/record/"
    assert "room.ended" not in told(inside.asking)
