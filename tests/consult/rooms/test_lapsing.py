"""A room in which the sides never met ends with what it was opened for."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from consult.requests import services as requests
from consult.requests.models import Case, Status
from consult.rooms import services
from consult.rooms.board import board
from consult.rooms.models import Room
from consult.rooms.tasks import sweep_rooms_task
from telemed.core import clocks
from telemed.core.models import Clock, ClockState
from tests.consult.requests.looking import published, told
from tests.consult.rooms.log import kinds
from tests.factories.consult import accepted_case, sent_case, sign, write
from tests.factories.rooms import RoomFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(do):
    """An accepted consult with its room open, and nobody in it."""
    scene = accepted_case()
    room = do(services.open_room, scene.asker, case_id=scene.case.pk)
    return scene, room


def is_lapsed(room, reason):
    room.refresh_from_db()
    event = room.events.filter(kind="room.lapsed").first()
    assert event is not None, kinds(room)
    assert event.body["reason"] == reason
    assert published(room.pk)["status"] == "cancelled"
    return room.status == Room.Status.ENDED and room.live_at is None


def agree(do, scene, starts_at):
    meeting = do(requests.propose_time, scene.asker, case_id=scene.case.pk, starts_at=starts_at)
    do(requests.agree_time, scene.specialist, case_id=scene.case.pk, meeting_id=meeting.pk)


def half_hour(ahead):
    at = timezone.localtime() + ahead
    return at.replace(minute=30 * (at.minute // 30), second=0, microsecond=0)


def fire(room_or_case, kind, rung=None):
    """Go to the moment at which that clock runs out, and let it."""
    due = Clock.objects.filter(about=room_or_case.pk, kind=kind, state=ClockState.RUNNING)
    due = due.filter(rung=rung) if rung else due
    clock = due.order_by("due_at").first()
    assert clock is not None, kind
    with time_machine.travel(clock.due_at + timedelta(seconds=1), tick=False):
        clocks.fire_due()
    return clock.due_at


def test_a_withdrawn_consult_takes_its_room_along(opened, do):
    scene, room = opened

    do(requests.cancel_case, scene.asker, case_id=scene.case.pk, reason="病人已转院")

    assert is_lapsed(room, Status.CANCELLED)
    assert board(scene.coordinator).empty == []


def test_what_is_answered_in_writing_takes_its_room_along(opened, do):
    scene, room = opened
    write(scene)
    sign(scene)

    assert is_lapsed(room, Status.SIGNED)


def test_who_changes_to_writing_gives_the_room_up(opened, do):
    scene, room = opened

    do(requests.switch_mode, scene.asker, case_id=scene.case.pk, mode="offline")

    assert is_lapsed(room, Status.ACCEPTED)


def test_an_emergency_taken_back_is_a_draft_without_a_room(do):
    scene = sent_case(kind="emergency")
    room = Room.objects.get(case=scene.case)

    do(requests.undo_submit, scene.asker, case_id=scene.case.pk)

    assert is_lapsed(room, Status.DRAFT)


def test_a_room_under_way_goes_on(inside, do):
    assert not do(
        lambda actor: services.lapse_room(case_id=inside.room.case_id, reason="signed"),
        inside.asking,
    )

    inside.room.refresh_from_db()
    assert inside.room.status == Room.Status.LIVE


@pytest.mark.parametrize("status", [Status.EXPIRED, Status.CLOSED, Status.TRANSFERRED])
def test_the_sweeper_ends_what_stayed_open(status):
    room = RoomFactory()
    Case.objects.filter(pk=room.case_id).update(status=status)

    sweep_rooms_task()

    assert is_lapsed(room, status)
    assert sweep_rooms_task() == 0


def test_the_sweeper_leaves_a_room_that_somebody_may_use(do):
    room = RoomFactory()

    sweep_rooms_task()

    room.refresh_from_db()
    assert room.status == Room.Status.OPEN


def test_an_emergency_has_its_room_from_its_submission():
    scene = sent_case(kind="emergency")

    room = Room.objects.get(case=scene.case)
    assert room.status == Room.Status.OPEN
    assert told(scene.specialist).count("room.opened") == 0  # case.emergency has called them


def test_a_fixed_time_opens_the_room_half_an_hour_before_and_says_so(do):
    scene = accepted_case()
    starts_at = half_hour(timedelta(hours=3))
    agree(do, scene, starts_at)
    assert not Room.objects.filter(case=scene.case).exists()

    opened_at = fire(scene.case, "room.open")

    assert abs(opened_at - starts_at + timedelta(minutes=30)) < timedelta(seconds=1)
    assert Room.objects.get(case=scene.case).status == Room.Status.OPEN
    assert (
        told(scene.asker).count("room.opened") == told(scene.specialist).count("room.opened") == 1
    )


def test_a_time_given_up_opens_no_room(do):
    scene = accepted_case()
    agree(do, scene, half_hour(timedelta(hours=3)))

    do(requests.switch_mode, scene.asker, case_id=scene.case.pk, mode="offline")

    running = Clock.objects.filter(about=scene.case.pk, state=ClockState.RUNNING)
    assert not running.filter(kind="room.open").exists()


def test_a_missed_time_ends_the_room_and_says_which_side_was_missing(do):
    scene = accepted_case()
    starts_at = half_hour(timedelta(hours=3))
    agree(do, scene, starts_at)
    fire(scene.case, "room.open")
    room = Room.objects.get(case=scene.case)
    with time_machine.travel(starts_at + timedelta(minutes=30, seconds=1), tick=False):
        do(services.join_room, scene.asker, room_id=room.pk, connection=uuid4())
        clocks.fire_due()

    assert is_lapsed(room, Status.ACCEPTED)
    assert room.events.get(kind="room.lapsed").body["missed_by"] == "answering"


def test_the_encounter_has_arrived_once_the_patient_is_there(opened, do):
    scene, room = opened
    assert published(room.pk)["status"] == "planned"

    do(services.join_room, scene.specialist, room_id=room.pk, connection=uuid4())
    assert published(room.pk)["status"] == "planned"
    do(services.leave_room, scene.specialist, room_id=room.pk)
    do(services.join_room, scene.asker, room_id=room.pk, connection=uuid4())

    assert published(room.pk)["status"] == "arrived"
