"""What a host changes of a guest's part, and what an author takes back."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone, translation

from consult.rooms import queries, services
from consult.rooms.models import Role
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.people.models import Role as StaffRole
from tests.consult.rooms.log import kinds
from tests.factories.people import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def guest(inside, do):
    """An interpreter who is in the room."""
    person = StaffFactory(role=StaffRole.SPECIALIST, organisation=inside.room.case.asked)
    them = {"room_id": inside.room.pk, "user_id": person.pk}
    do(services.invite_guest, inside.asking, **them, role=Role.INTERPRETER)
    do(services.admit_guest, inside.asking, **them)
    do(services.join_room, person, room_id=inside.room.pk, connection=uuid4())
    return person


def change(do, inside, actor, person, role, **more):
    them = {"room_id": inside.room.pk, "user_id": person.pk}
    return do(services.set_role, actor, **them, role=role, **more)


@pytest.mark.parametrize("host", ["asking", "answering", "coordinator"])
def test_any_host_lets_a_guest_observe_and_interpret_again(inside, do, guest, host):
    actor = getattr(inside, host)
    if host == "coordinator":
        do(services.join_room, actor, room_id=inside.room.pk, connection=uuid4())

    change(do, inside, actor, guest, Role.OBSERVER, agreed=True)
    with pytest.raises(Forbidden):
        do(services.say, guest, room_id=inside.room.pk, text="x", client_id=uuid4())
    change(do, inside, actor, guest, Role.INTERPRETER)
    do(services.say, guest, room_id=inside.room.pk, text="x", client_id=uuid4())

    changed = inside.room.events.filter(kind="role.changed").order_by("seq")
    assert [(e.body["before"], e.body["role"]) for e in changed] == [
        ("interpreter", "observer"),
        ("observer", "interpreter"),
    ]
    assert inside.room.participants.get(user=guest).connection is not None


def test_the_patient_agrees_to_an_observer_first(inside, do, guest):
    with pytest.raises(Invalid, match="agree"):
        change(do, inside, inside.asking, guest, Role.OBSERVER)
    assert "role.changed" not in kinds(inside.room)


def test_the_same_part_again_changes_nothing(inside, do, guest):
    change(do, inside, inside.asking, guest, Role.INTERPRETER)
    assert "role.changed" not in kinds(inside.room)


def test_nobody_becomes_a_doctor_and_no_doctor_a_guest(inside, do, guest):
    with pytest.raises(Invalid):
        change(do, inside, inside.asking, guest, Role.SPECIALIST)
    with pytest.raises(NotFound):
        change(do, inside, inside.asking, inside.answering, Role.OBSERVER, agreed=True)


def test_a_guest_changes_nobody(inside, do, guest):
    with pytest.raises(Forbidden):
        change(do, inside, guest, guest, Role.OBSERVER, agreed=True)


def say(do, inside, text="写错了"):
    return do(services.say, inside.asking, room_id=inside.room.pk, text=text, client_id=uuid4())


def take_back(do, inside, actor, message, client_id=None):
    return do(
        services.retract,
        actor,
        room_id=inside.room.pk,
        message=message,
        client_id=client_id or uuid4(),
    )


def frames(do, inside, actor):
    return do(queries.events_after, actor, room_id=inside.room.pk, seq=0, limit=100)


def test_what_its_author_takes_back_nobody_reads_any_more(inside, do):
    said = say(do, inside)

    take_back(do, inside, inside.asking, said.seq)

    for reader in (inside.asking, inside.answering):
        (one,) = (f for f in frames(do, inside, reader) if f["is"] == "chat.posted")
        assert (one["text"], one["taken_back"]) == ("", True)
        assert "写错了" not in str(do(queries.summary, reader, room_id=inside.room.pk))
        found = do(services.read_record, reader, room_id=inside.room.pk, show="chat")
        assert [(line.text, line.taken_back) for line in found.lines] == [("Taken back", True)]
    said.refresh_from_db()
    assert said.body["text"] == "写错了"  # the log itself keeps everything


def test_it_is_taken_back_once(inside, do):
    said, same = say(do, inside), uuid4()
    for client_id in (same, same, uuid4()):
        take_back(do, inside, inside.asking, said.seq, client_id)
    assert kinds(inside.room).count("chat.retracted") == 1


def test_only_ones_own_and_only_for_two_minutes(inside, do):
    said = say(do, inside)
    with pytest.raises(NotFound):
        take_back(do, inside, inside.answering, said.seq)
    with pytest.raises(NotFound):
        take_back(do, inside, inside.asking, 1)  # that somebody came is no message
    with (
        time_machine.travel(timezone.now() + timedelta(seconds=121), tick=False),
        pytest.raises(Conflict, match="2 minutes"),
    ):
        take_back(do, inside, inside.asking, said.seq)
