from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import translation

from consult.requests import services
from consult.requests.models import Case, HalfHour, Meeting, Side, Status
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.intentions import intention
from telemed.notifications.models import Notification
from tests.consult.requests.looking import actions, clock_states, published, told
from tests.factories.consult import (
    accepted_case,
    joint_accepted,
    sent_case,
    signed_case,
)
from tests.factories.rooms import RoomFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
TEN = START + timedelta(hours=2)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def propose(scene, by, actor=None, at=TEN, **more):
    actor = actor or scene.specialist
    with by(actor):
        return services.propose_time(actor=actor, case_id=scene.case.pk, starts_at=at, **more)


def agree(scene, by, meeting, actor=None):
    actor = actor or scene.asker
    with by(actor):
        return services.agree_time(actor=actor, case_id=scene.case.pk, meeting_id=meeting.pk)


def test_a_time_holds_when_the_other_side_agrees(by):
    scene = accepted_case()
    meeting = propose(scene, by, half_hours=2)
    assert scene.refresh().status == Status.ACCEPTED
    assert told(scene.asker)[-1] == "case.proposed"
    assert not HalfHour.objects.exists()
    with pytest.raises(Forbidden):
        agree(scene, by, meeting, actor=scene.specialist)

    agree(scene, by, meeting)

    assert scene.refresh().status == Status.SCHEDULED
    assert HalfHour.objects.filter(meeting=meeting).count() == 4
    assert told(scene.specialist)[-1] == "case.scheduled"
    appointment = published(meeting.pk)
    assert appointment["status"] == "booked"
    assert {p["status"] for p in appointment["participant"]} == {"accepted"}
    assert actions(scene.case)[-2:] == ["case.propose", "case.schedule"]


def test_the_coordinators_of_both_sides_arrange_times_too(by):
    scene = accepted_case()
    meeting = propose(scene, by, actor=scene.coordinator)
    agree(scene, by, meeting)
    assert scene.refresh().status == Status.SCHEDULED


def test_nobody_is_in_two_meetings_at_once(by):
    scene, other = accepted_case(), accepted_case()
    Case.objects.filter(pk=other.case.pk).update(requester=scene.asker)
    agree(scene, by, propose(scene, by, half_hours=2))
    clashing = propose(other, by, at=TEN + timedelta(minutes=30))
    with pytest.raises(Conflict) as refused:
        agree(other, by, clashing)
    assert scene.asker.name in refused.value.message
    assert other.refresh().status == Status.ACCEPTED
    agree(other, by, propose(other, by, at=TEN + timedelta(hours=1)))


def test_the_constraint_stands_behind_it(by):
    scene = accepted_case()
    meeting = propose(scene, by)
    HalfHour.objects.create(meeting=meeting, person=scene.asker, starts_at=TEN)
    with pytest.raises(IntegrityError, match="nobody_is_in_two_places"):
        HalfHour.objects.create(meeting=meeting, person=scene.asker, starts_at=TEN)


def test_another_time_replaces_the_one_agreed(by):
    scene = accepted_case()
    first = propose(scene, by)
    agree(scene, by, first)
    second = propose(scene, by, actor=scene.asker, at=TEN + timedelta(hours=4))
    agree(scene, by, second, actor=scene.specialist)
    assert scene.refresh().status == Status.SCHEDULED
    first.refresh_from_db()
    assert first.status == Meeting.Status.DROPPED
    assert set(HalfHour.objects.values_list("meeting", flat=True)) == {second.pk}
    assert published(first.pk)["status"] == "cancelled"
    with pytest.raises(Conflict):
        agree(scene, by, first)


@pytest.mark.parametrize(
    ("at", "half_hours"),
    [
        (START - timedelta(hours=1), 1),
        (TEN + timedelta(minutes=10), 1),
        (TEN + timedelta(days=61), 1),
        (TEN, 0),
        (TEN, 5),
    ],
)
def test_a_time_that_can_not_be_is_refused(by, at, half_hours):
    with pytest.raises(Invalid):
        propose(accepted_case(), by, at=at, half_hours=half_hours)


def test_a_time_is_for_a_case_that_somebody_holds(by):
    scene = sent_case()
    for actor in (scene.asker, scene.coordinator):
        with pytest.raises(Conflict):
            propose(scene, by, actor=actor)
    with pytest.raises(Conflict):
        propose(signed_case(), by)
    with pytest.raises(Forbidden):
        propose(scene, by)  # asked, and does not hold it
    with pytest.raises(NotFound):
        propose(accepted_case(), by, actor=scene.asker)


def test_when_the_time_comes_both_are_called_and_after_half_an_hour_it_was_missed(by, clock):
    scene = accepted_case()
    meeting = propose(scene, by)
    agree(scene, by, meeting)
    clock.move_to(TEN + timedelta(seconds=1))
    fire_due()
    assert told(scene.asker)[-1] == told(scene.specialist)[-1] == "case.meet_now"
    clock.move_to(TEN + timedelta(minutes=30, seconds=1))
    fire_due()
    assert scene.refresh().status == Status.ACCEPTED
    meeting.refresh_from_db()
    assert (meeting.status, meeting.missed_by) == (Meeting.Status.MISSED, "")
    assert published(meeting.pk)["status"] == "noshow"
    assert told(scene.asker)[-1] == "case.missed"
    assert "case.missed" not in told(scene.coordinator)

    again = propose(scene, by, at=TEN + timedelta(hours=2))
    agree(scene, by, again)
    clock.move_to(TEN + timedelta(hours=2, minutes=31))
    fire_due()
    assert told(scene.coordinator)[-1] == "case.missed"  # the second time


def test_only_who_is_not_there_is_called_at_once_and_after_five_and_fifteen_minutes(by, clock):
    scene = accepted_case()
    agree(scene, by, propose(scene, by))
    room = RoomFactory(case=scene.case)
    seat = room.participants.create(user=scene.specialist, role="specialist", seen_at=TEN)
    before = told(scene.specialist)
    for minutes, called in ((0, 1), (5, 2), (15, 3)):
        clock.move_to(TEN + timedelta(minutes=minutes, seconds=1))
        type(seat).objects.filter(pk=seat.pk).update(seen_at=TEN + timedelta(minutes=minutes))
        fire_due()
        said = [one for one in told(scene.asker) if one in ("case.meet_now", "case.awaited")]
        assert said == ["case.meet_now", "case.awaited", "case.awaited"][:called]
    assert told(scene.specialist) == before
    note = Notification.objects.filter(recipient=scene.asker, template="case.awaited").last()
    with translation.override("en"):
        assert f"{scene.case.number} was due 15 min ago" in note.text


def test_that_everybody_is_there_does_not_use_up_the_calls(by, clock):
    """Both wait for the consent to begin; then one goes away."""
    scene = accepted_case()
    agree(scene, by, propose(scene, by))
    room = RoomFactory(case=scene.case)
    for person, role in ((scene.specialist, "specialist"), (scene.asker, "requester")):
        room.participants.create(user=person, role=role, seen_at=TEN)
    clock.move_to(TEN + timedelta(seconds=1))
    fire_due()
    assert "case.meet_now" not in told(scene.asker)
    clock.move_to(TEN + timedelta(minutes=5, seconds=1))
    fire_due()
    assert told(scene.asker)[-1] == told(scene.specialist)[-1] == "case.awaited"


def test_the_experts_of_a_joint_consult_who_are_not_there_are_called(clock):
    clock.move_to(START)
    scene = joint_accepted()
    meeting = scene.case.meetings.get()
    with intention(scene.asker, door="test"):
        services.agree_time(actor=scene.asker, case_id=scene.case.pk, meeting_id=meeting.pk)
    room = RoomFactory(case=scene.case)
    room.participants.create(user=scene.lungs, role="specialist", seen_at=meeting.starts_at)
    clock.move_to(meeting.starts_at + timedelta(seconds=1))
    fire_due()
    for person in (scene.asker, scene.specialist, scene.heart):
        assert told(person)[-1] == "case.meet_now"
    assert "case.meet_now" not in told(scene.lungs)


def test_who_waited_alone_in_the_room_did_not_miss_it(by, clock):
    scene = accepted_case()
    meeting = propose(scene, by)
    agree(scene, by, meeting)
    room = RoomFactory(case=scene.case)
    clock.move_to(TEN + timedelta(minutes=30, seconds=1))
    room.participants.create(
        user=scene.specialist, role="specialist", seen_at=TEN + timedelta(minutes=30)
    )
    fire_due()
    meeting.refresh_from_db()
    assert meeting.missed_by == Side.ASKING


def test_a_consult_that_began_did_not_miss_its_time(by, clock):
    scene = accepted_case()
    meeting = propose(scene, by)
    agree(scene, by, meeting)
    with by(scene.specialist):
        services.begin_case(case_id=scene.case.pk)
    clock.move_to(TEN + timedelta(hours=1))
    fire_due()
    assert scene.refresh().status == Status.IN_PROGRESS
    assert published(meeting.pk)["status"] == "fulfilled"


def test_who_takes_over_takes_over_the_time(by):
    from tests.consult.requests.test_handing import accept, colleague_of, hand_over

    scene = accepted_case()
    agree(scene, by, propose(scene, by))
    colleague = colleague_of(scene)
    hand_over(scene, by, colleague)
    accept(scene, by, colleague)
    people = set(HalfHour.objects.values_list("person", flat=True))
    assert people == {scene.asker.pk, colleague.pk}
    assert scene.refresh().status == Status.SCHEDULED


def test_a_consult_becomes_one_in_writing_and_back(by):
    scene = accepted_case()
    agree(scene, by, propose(scene, by))
    with by(scene.specialist):
        services.switch_mode(actor=scene.specialist, case_id=scene.case.pk, mode="offline")
    assert (scene.refresh().mode, scene.case.status) == ("offline", Status.ACCEPTED)
    assert not HalfHour.objects.exists()
    assert clock_states(scene.case, "room.noshow") == set()
    assert told(scene.asker)[-1] == "case.mode"
    with pytest.raises(Conflict):
        propose(scene, by)
    with by(scene.asker):
        services.switch_mode(actor=scene.asker, case_id=scene.case.pk, mode="live")
    propose(scene, by)


def test_how_to_meet_is_settled_between_the_doctors_before_the_opinion(by):
    scene = signed_case()
    switch = {"case_id": scene.case.pk, "mode": "offline"}
    with pytest.raises(Conflict), by(scene.asker):
        services.switch_mode(actor=scene.asker, **switch)
    with pytest.raises(Forbidden), by(scene.coordinator):
        services.switch_mode(actor=scene.coordinator, **switch)
    with pytest.raises(Invalid), by(scene.asker):
        services.switch_mode(actor=scene.asker, case_id=scene.case.pk, mode="telepathy")
