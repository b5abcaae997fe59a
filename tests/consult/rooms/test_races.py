"""A room when several act in the same moment."""

from uuid import uuid4

from consult.rooms import services
from consult.rooms.models import Participant, RoomEvent
from tests.consult.rooms.log import kinds
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
                reason="",
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
