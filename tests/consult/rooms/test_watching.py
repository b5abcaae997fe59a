"""The coordinators' board of live rooms: who is there, on what line, and who is missing."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from consult.rooms import services
from consult.rooms.board import board
from consult.rooms.models import Role, Room
from consult.rooms.tasks import sweep_rooms_task
from telemed.core.errors import Conflict, Gone, NotFound
from telemed.notifications.models import Notification
from telemed.people.models import Role as StaffRole
from tests.consult.requests.looking import told
from tests.consult.rooms.log import kinds
from tests.factories.people import StaffFactory
from tests.factories.rooms import scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def alone(do):
    """The asking doctor waits; the specialist has not come."""
    who = scene()
    do(services.join_room, who.asking, room_id=who.room.pk, connection=uuid4())
    return who


def asking_coordinator(who):
    return StaffFactory(
        role=StaffRole.COORDINATOR, organisation=who.room.case.asking, name="吴协调"
    )


def only(user):
    (one,) = board(user).rooms
    return one


def of(one, role):
    return one.sides[0 if role == Role.REQUESTER else 1]


def test_a_room_in_which_a_doctor_waits_stands_on_the_boards_of_both_sides(alone):
    for user in (alone.coordinator, asking_coordinator(alone)):
        one = only(user)

        (doctor,) = of(one, Role.REQUESTER).people
        assert (doctor.name, doctor.state) == (alone.asking.name, "in")
        assert not of(one, Role.REQUESTER).missing
        assert of(one, Role.SPECIALIST).missing
        assert one.waits_since == doctor.since
        assert one.live is None
        assert one.may_call


def test_the_coordinators_of_both_sides_are_offered_the_door(alone):
    assert only(alone.coordinator).may_enter
    assert only(asking_coordinator(alone)).may_enter


@pytest.mark.parametrize("role", [StaffRole.COORDINATOR, StaffRole.DIRECTOR])
def test_nobody_else_has_it_on_a_board(alone, client, role):
    case = alone.room.case
    elsewhere = StaffFactory(role=role)
    assert board(elsewhere).rooms == []
    if role != StaffRole.COORDINATOR:
        client.force_login(StaffFactory(role=role, organisation=case.asked))
        assert client.get(reverse("rooms:board")).status_code == 403


def test_a_live_room_says_how_long_it_counts_and_on_what_line(inside, do):
    do(
        services.log_quality,
        inside.asking,
        room_id=inside.room.pk,
        mode="audio",
        by="manual",
        kbit_s=64,
        rtt_ms=700,
        loss=0.1,
    )
    with time_machine.travel(timezone.now() + timedelta(seconds=20), tick=False):
        one = only(inside.coordinator)

    (asks,), (answers,) = (side.people for side in one.sides)
    assert (asks.level, asks.rate, asks.by_hand) == (1, "64 kbit/s, delay 700 ms", True)
    assert answers.level is None
    assert timedelta(seconds=19) < one.live < timedelta(seconds=21)
    assert one.waits_since is None
    assert not one.may_call


def test_who_lost_the_line_is_away_and_the_held_room_waits(inside, do):
    with time_machine.travel(timezone.now() + timedelta(seconds=70), tick=False):
        do(services.join_room, inside.asking, room_id=inside.room.pk, connection=uuid4())
        sweep_rooms_task()
        one = only(inside.coordinator)

    assert one.room.status == Room.Status.HELD
    assert one.waits_since == one.room.held_at
    (answers,) = of(one, Role.SPECIALIST).people
    assert answers.state == "away"
    assert of(one, Role.SPECIALIST).missing


def test_a_guest_who_knocks_is_seen_waiting(inside, do):
    guest = StaffFactory(
        role=StaffRole.SPECIALIST, organisation=inside.room.case.asked, name="潘译"
    )
    do(
        services.invite_guest,
        inside.answering,
        room_id=inside.room.pk,
        user_id=guest.pk,
        role=Role.INTERPRETER,
    )
    do(services.knock, guest, room_id=inside.room.pk)

    (person,) = only(inside.coordinator).others
    assert (person.name, person.state) == ("潘译", "knocking")


def test_an_ended_room_is_gone_and_one_that_nobody_entered_stands_below(inside, do):
    quiet = scene().room
    do(services.end_room, inside.asking, room_id=inside.room.pk)

    assert board(inside.coordinator).rooms == []
    assert board(inside.coordinator).empty == []
    coordinator = StaffFactory(role=StaffRole.COORDINATOR, organisation=quiet.case.asked)
    assert board(coordinator).empty == [quiet]


def test_both_sides_are_told_once_in_a_spell(alone, do):
    other = asking_coordinator(alone)

    def call(actor):
        return do(services.call_missing, actor, room_id=alone.room.pk)

    assert call(alone.coordinator) == 3
    assert call(other) == 0

    for person in (alone.asking, alone.answering, other):
        assert told(person).count("room.missing") == 1
    assert told(alone.coordinator) == []
    case = alone.room.case
    facts = {n.recipient_id: n.facts for n in Notification.objects.filter(template="room.missing")}
    assert facts[alone.asking.pk]["org"] == facts[alone.answering.pk]["org"] == case.asked.name
    assert facts[alone.asking.pk]["phone"] == case.asked.phone
    assert facts[alone.answering.pk]["phone"] == case.asking.phone
    assert kinds(alone.room).count("doctor.called") == 1
    assert only(alone.coordinator).told
    assert not only(alone.coordinator).may_call


def test_the_next_spell_is_told_again(alone, do):
    do(services.call_missing, alone.coordinator, room_id=alone.room.pk)
    do(services.join_room, alone.answering, room_id=alone.room.pk, connection=uuid4())
    with pytest.raises(Conflict, match="Both sides"):
        do(services.call_missing, alone.coordinator, room_id=alone.room.pk)
    do(services.leave_room, alone.answering, room_id=alone.room.pk)

    assert do(services.call_missing, alone.coordinator, room_id=alone.room.pk) == 2
    assert told(alone.answering).count("room.missing") == 2


def test_who_comes_back_while_the_same_doctor_is_missing_begins_no_spell(alone, do):
    do(services.call_missing, alone.coordinator, room_id=alone.room.pk)
    do(services.join_room, alone.asking, room_id=alone.room.pk, connection=uuid4())

    assert do(services.call_missing, alone.coordinator, room_id=alone.room.pk) == 0


def test_nobody_is_called_to_an_empty_room_an_ended_one_or_by_a_stranger(alone, do):
    with pytest.raises(NotFound):
        do(services.call_missing, alone.asking, room_id=alone.room.pk)
    stranger = StaffFactory(role=StaffRole.COORDINATOR)
    with pytest.raises(NotFound):
        do(services.call_missing, stranger, room_id=alone.room.pk)
    do(services.leave_room, alone.asking, room_id=alone.room.pk)
    with pytest.raises(Conflict, match="Nobody waits"):
        do(services.call_missing, alone.coordinator, room_id=alone.room.pk)
    do(services.join_room, alone.asking, room_id=alone.room.pk, connection=uuid4())
    do(services.end_room, alone.asking, room_id=alone.room.pk)
    with pytest.raises(Gone):
        do(services.call_missing, alone.coordinator, room_id=alone.room.pk)
    assert told(alone.answering).count("room.missing") == 0


def test_what_changes_the_board_rings_it_and_what_is_said_does_not(
    inside, do, monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr("consult.rooms.services.log.ring_inbox", rung.append)
    do(services.say, inside.asking, room_id=inside.room.pk, text="咳嗽", client_id=uuid4())
    assert rung == []

    do(services.leave_room, inside.asking, room_id=inside.room.pk)
    assert rung == [inside.coordinator.pk]


def test_the_page_shows_no_patient_and_costs_the_same_with_more_rooms(alone, do, client):
    client.force_login(alone.coordinator)
    client.get(reverse("rooms:board"))
    with CaptureQueriesContext(connection) as few:
        page = client.get(reverse("rooms:board"))
    assert alone.room.case.patient.name not in page.content.decode()
    assert alone.room.case.reason not in page.content.decode()
    assert reverse("rooms:call", args=[alone.room.pk]) in page.content.decode()

    for _n in range(3):
        more = scene()
        more.room.case.asked = alone.room.case.asked
        more.room.case.save()
        do(services.join_room, more.asking, room_id=more.room.pk, connection=uuid4())
    with CaptureQueriesContext(connection) as many:
        page = client.get(reverse("rooms:board"))
    assert len(page.context["board"].rooms) == 4
    assert len(many) == len(few)


def test_the_button_tells_and_says_so(alone, client):
    client.force_login(alone.coordinator)
    client.cookies["language"] = "en"

    answer = client.post(reverse("rooms:call", args=[alone.room.pk]), follow=True)

    assert [str(m) for m in answer.context["messages"]] == ["2 people were told."]
    assert client.get(reverse("rooms:board"), {"before": "x"}).status_code == 422
