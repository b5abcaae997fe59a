"""What happens to a case while its room lasts is in the room's log, once, for both sides."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation

from consult.requests import services as requests
from consult.rooms import queries, record, services, subscribers
from consult.rooms.models import Role, Room
from telemed.core import outbox
from telemed.core.intentions import System, intention
from tests.consult.rooms.log import kinds
from tests.factories.consult import accepted_case, amended_case, sign, write
from tests.marks import committed

pytestmark = committed
RELAY = System("outbox")
START = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
NEWS = ("opinion.signed", "question.asked", "schedule.changed")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def opened(scene, by):
    with by(scene.asker):
        room = services.open_room(actor=scene.asker, case_id=scene.case.pk)
    outbox.deliver_waiting()
    return room


def come_in(scene, by, room):
    """A room that waits lapses with the signature; one in which both sides are goes on."""
    for actor in (scene.asker, scene.specialist):
        with by(actor):
            services.join_room(actor=actor, room_id=room.pk, connection=uuid4())


def ask(scene, by, text="发病前是否用过阿司匹林？"):
    with by(scene.specialist):
        question = requests.ask_question(
            actor=scene.specialist, case_id=scene.case.pk, fields=["summary"], text=text
        )
    outbox.deliver_waiting()
    return question


def meet(scene, by, hours):
    """The specialist proposes, the other side agrees."""
    with by(scene.specialist):
        meeting = requests.propose_time(
            actor=scene.specialist,
            case_id=scene.case.pk,
            starts_at=START + timedelta(hours=hours),
        )
    with by(scene.asker):
        requests.agree_time(actor=scene.asker, case_id=scene.case.pk, meeting_id=meeting.pk)
    outbox.deliver_waiting()
    return meeting


def news(room):
    return [kind for kind in kinds(room) if kind in NEWS]


def lines(room):
    with translation.override("en"):
        told = record.whole(room).lines
    seqs = set(room.events.filter(kind__in=NEWS).values_list("seq", flat=True))
    return [line.text for line in told if line.seq in seqs]


def test_a_signature_is_in_the_log_by_who_signed_and_the_record_says_it(by):
    scene = accepted_case()
    room = opened(scene, by)
    come_in(scene, by, room)
    write(scene)
    sign(scene)
    outbox.deliver_waiting()

    event = room.events.get(kind="opinion.signed")
    assert (event.sender, event.body["version"]) == (scene.specialist, 1)
    assert lines(room) == [f"{scene.specialist.name} signed the opinion"]


def test_an_amendment_says_its_version(by):
    scene = amended_case()
    room = Room.objects.create(case=scene.case)
    with intention(RELAY, door="test"):
        services.note_signed(room_id=room.pk, version=2)
    assert lines(room) == [f"{scene.specialist.name} signed version 2 of the opinion"]


def test_a_question_is_in_the_log_without_its_words(by):
    scene = accepted_case()
    room = opened(scene, by)
    question = ask(scene, by)

    event = room.events.get(kind="question.asked")
    assert event.body == {"question": str(question.pk), "name": scene.specialist.name}
    assert lines(room) == [f"{scene.specialist.name} asked for more"]


def test_a_time_that_changes_is_in_the_log_with_the_one_before(by):
    scene = accepted_case()
    room = opened(scene, by)
    meet(scene, by, 2)
    meet(scene, by, 4)

    first, second = room.events.filter(kind="schedule.changed").order_by("seq")
    assert (first.body["former"], second.body["former"]) == (None, first.body["to"])
    assert second.sender == scene.asker
    assert lines(room) == [
        f"{scene.asker.name} agreed to meet: 11-24 10:00",
        f"{scene.asker.name} agreed to meet: 11-24 12:00 instead of 11-24 10:00",
    ]


def test_what_is_heard_twice_is_said_once(by):
    scene = accepted_case()
    room = opened(scene, by)
    question = ask(scene, by)
    meet(scene, by, 2)
    come_in(scene, by, room)
    write(scene)
    sign(scene)
    outbox.deliver_waiting()
    case_id = str(scene.case.pk)
    with intention(RELAY, door="test"):
        subscribers.note_asked({"case_id": case_id, "question_id": str(question.pk)})
        subscribers.note_scheduled({"case_id": case_id})
        subscribers.note_signed({"case_id": case_id, "version": 1})
    assert sorted(news(room)) == sorted(NEWS)


def test_without_a_room_or_after_its_end_nothing_is_said(by):
    scene = accepted_case()
    ask(scene, by)
    room = opened(scene, by)
    Room.objects.filter(pk=room.pk).update(status=Room.Status.ENDED, ended_at=START)
    meet(scene, by, 2)
    assert news(room) == []


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.SPECIALIST, Role.COORDINATOR])
def test_both_sides_read_it(by, role):
    scene = accepted_case()
    room = opened(scene, by)
    ask(scene, by)
    event = room.events.get(kind="question.asked")
    assert queries.as_frame(event, role)["is"] == "question.asked"
