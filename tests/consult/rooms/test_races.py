"""A room when several act in the same moment."""

from threading import Event
from uuid import uuid4

import pytest

from consult.recordings import services as recordings
from consult.recordings.models import Recording
from consult.requests import services as requests
from consult.rooms import services
from consult.rooms.models import Participant, Role, RoomEvent
from consult.rooms.services.log import lock_matter_of
from telemed.core.errors import Gone
from telemed.people.models import Role as StaffRole
from tests.consult.rooms.log import kinds
from tests.factories.people import StaffFactory
from tests.factories.rooms import scene
from tests.marks import committed
from tests.racing import race

pytestmark = committed


def test_two_tabs_send_the_same_message_and_it_is_said_once(inside, do):
    say = {"room_id": inside.room.pk, "text": "once", "client_id": uuid4()}

    ended = race([lambda: do(services.say, inside.asking, **say)] * 4)

    assert ended == {"won": 4}
    assert RoomEvent.objects.filter(kind="chat.posted").count() == 1


def test_many_write_at_once_and_the_numbers_have_no_gap(inside, do):
    def say(user):
        do(services.say, user, room_id=inside.room.pk, text="x", client_id=uuid4())

    users = [inside.asking, inside.answering] * 4
    assert race([lambda u=user: say(u) for user in users]) == {"won": 8}

    numbers = list(inside.room.events.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_two_take_the_lead_and_the_later_one_has_it(inside, do):
    users = [inside.asking, inside.answering]
    race([lambda u=user: do(services.take_lead, u, room_id=inside.room.pk) for user in users])

    inside.room.refresh_from_db()
    first, last = inside.room.events.filter(kind="lead.taken").order_by("seq")
    assert inside.room.leader_id == last.sender_id
    assert last.body["before"] == str(first.sender_id)


def test_removal_wins_over_coming_back_at_the_same_time(inside, do):
    room, coordinator = inside.room, inside.coordinator
    do(services.join_room, coordinator, room_id=room.pk, connection=uuid4())

    race(
        [
            lambda: do(
                services.remove_participant,
                inside.asking,
                room_id=room.pk,
                user_id=coordinator.pk,
                reason="noise",
            ),
            lambda: do(services.join_room, coordinator, room_id=room.pk, connection=uuid4()),
        ]
    )

    place = room.participants.get(user=coordinator)
    assert place.status == Participant.Status.REMOVED


def test_both_doctors_come_at_once_and_the_room_is_live_once(do):
    who = scene()
    users = [who.asking, who.answering]

    def join(user):
        do(services.join_room, user, room_id=who.room.pk, connection=uuid4())

    assert race([lambda u=user: join(u) for user in users]) == {"won": 2}
    assert kinds(who.room).count("room.live") == 1


@pytest.fixture
def guest(inside, do):
    """An interpreter who was asked in and has not come yet."""
    person = StaffFactory(role=StaffRole.SPECIALIST, organisation=inside.room.case.asked)
    them = {"room_id": inside.room.pk, "user_id": person.pk}
    do(services.invite_guest, inside.asking, **them, role=Role.INTERPRETER)
    return person


def test_a_room_that_ends_while_somebody_knocks_has_nobody_at_its_door_after_the_end(
    inside, guest, do
):
    room = inside.room

    ended = race(
        [
            lambda: do(services.end_room, inside.asking, room_id=room.pk),
            lambda: do(services.knock, guest, room_id=room.pk),
        ]
    )

    assert ended == {"won": 2}
    said = kinds(room)
    assert said.count("room.ended") == 1
    assert "participant.knocked" not in said[said.index("room.ended") :]
    with pytest.raises(Gone):
        do(services.join_room, guest, room_id=room.pk, connection=uuid4())


def test_two_hosts_let_in_and_remove_the_same_guest_and_one_order_holds(inside, guest, do):
    room = inside.room
    do(services.knock, guest, room_id=room.pk)
    them = {"room_id": room.pk, "user_id": guest.pk}

    ended = race(
        [
            lambda: do(services.admit_guest, inside.asking, **them),
            lambda: do(services.remove_participant, inside.answering, **them, reason="noise"),
        ]
    )

    assert set(ended) <= {"won", "Forbidden"}
    assert room.participants.get(user=guest).status == Participant.Status.REMOVED
    said = kinds(room)
    if "participant.admitted" in said:
        assert said.index("participant.admitted") < said.index("participant.removed")


def test_two_hosts_let_the_same_guest_in_and_it_is_said_once(inside, guest, do):
    do(services.knock, guest, room_id=inside.room.pk)
    them = {"room_id": inside.room.pk, "user_id": guest.pk}

    race(
        [lambda h=h: do(services.admit_guest, h, **them) for h in (inside.asking, inside.answering)]
    )

    assert kinds(inside.room).count("participant.admitted") == 1


def test_two_take_the_same_message_back_and_it_is_taken_back_once(inside, do):
    room = inside.room.pk
    said = do(services.say, inside.asking, room_id=room, text="x", client_id=uuid4())
    back = {"room_id": room, "message": said.seq}

    ended = race(
        [lambda: do(services.retract, inside.asking, **back, client_id=uuid4()) for _ in range(3)]
    )

    assert ended == {"won": 3}
    assert kinds(inside.room).count("chat.retracted") == 1


def test_a_room_is_lapsed_or_live_and_never_both(do):
    who = scene()
    do(services.join_room, who.asking, room_id=who.room.pk, connection=uuid4())

    def withdraw():
        do(requests.cancel_case, who.asking, case_id=who.room.case_id, reason="病人已转院")

    def come():
        do(services.join_room, who.answering, room_id=who.room.pk, connection=uuid4())

    ended = race([withdraw, come])

    said = kinds(who.room)
    assert ("room.live" in said) != ("room.lapsed" in said), (ended, said)


def test_who_holds_the_case_lets_a_room_be_written_to(inside, do):
    """Twice in a transaction: then its case is looked for at the commit."""
    room, held, written = inside.room, Event(), Event()

    def hold(actor):
        lock_matter_of(room.pk)
        held.set()
        assert written.wait(10)

    def write(actor):
        held.wait(10)
        locked = services.lock_room(room.pk)
        for _n in range(2):
            services.append(locked, "chat.posted", by=actor, text="x")

    def do_write():
        do(write, inside.asking)
        written.set()

    assert race([lambda: do(hold, inside.answering), do_write]) == {"won": 2}


def test_a_recording_and_who_comes_late_nobody_is_recorded_who_did_not_agree(inside, guest, do):
    """Whichever is first: with somebody in who has not agreed, nothing runs."""
    room = inside.room
    do(services.admit_guest, inside.asking, room_id=room.pk, user_id=guest.pk)
    asked = do(recordings.ask_recording, inside.answering, room_id=room.pk)
    do(recordings.answer_recording, inside.asking, recording_id=asked.pk, agrees=True)
    patient = {"recording_id": asked.pk, "agrees": True, "patient": True, "relation": "self"}

    ended = race(
        [
            lambda: do(recordings.answer_recording, inside.asking, **patient),
            lambda: do(services.join_room, guest, room_id=room.pk, connection=uuid4()),
        ]
    )

    assert ended == {"won": 2}
    asked.refresh_from_db()
    assert asked.status in (Recording.Status.ASKED, Recording.Status.PAUSED)
    said = [kind for kind in kinds(room) if kind.startswith("recording.")]
    if "recording.started" in said:
        assert said[-1] == "recording.paused"


def test_a_piece_and_the_stop_lose_nothing_and_the_piece_counts_once(
    inside, do, settings, tmp_path
):
    settings.VAR = tmp_path
    room = inside.room
    asked = do(recordings.ask_recording, inside.answering, room_id=room.pk)
    do(recordings.answer_recording, inside.asking, recording_id=asked.pk, agrees=True)
    patient = {"recording_id": asked.pk, "agrees": True, "patient": True, "relation": "self"}
    do(recordings.answer_recording, inside.asking, **patient)
    piece = {"recording_id": asked.pk, "number": 0, "piece": b"x" * 9, "media_type": "video/webm"}

    ended = race(
        [
            lambda: do(recordings.add_piece, inside.answering, **piece),
            lambda: do(recordings.add_piece, inside.answering, **piece),
            lambda: do(recordings.stop_recording, inside.asking, recording_id=asked.pk),
        ]
    )

    assert ended == {"won": 3}
    asked.refresh_from_db()
    assert (asked.status, asked.pieces, asked.size) == (Recording.Status.STOPPED, 1, 9)
