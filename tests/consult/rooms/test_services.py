"""What happens in a room, and who may make it happen."""

import threading
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from consult.requests.models import Kind, Status
from consult.rooms import queries, services
from consult.rooms.models import Participant, Room, RoomEvent
from consult.rooms.tasks import sweep_rooms_task
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, DomainError, Forbidden, Gone, NotFound
from telemed.notifications.models import Notification
from telemed.people.models import Role
from tests.factories.people import StaffFactory, UserFactory
from tests.factories.rooms import CaseFactory, scene
from tests.marks import committed

MARK = {
    "id": "m1",
    "kind": "length",
    "series": "s1",
    "slice": 3,
    "points": [[1.0, 2.0], [3.0, 4.0]],
}


@pytest.fixture
def do(by):
    """do(service, actor, …): one service in an intention of its own."""

    def do(service, actor, **arguments):
        with by(actor):
            return service(actor=actor, **arguments)

    return do


@pytest.fixture
def inside(db, do):
    """A room with both doctors in it."""
    who = scene()
    for user in (who.asking, who.answering):
        do(services.join_room, user, room_id=who.room.pk, connection=uuid4())
    return who


def kinds(room):
    return list(room.events.order_by("seq").values_list("kind", flat=True))


def test_a_case_has_one_open_room(db, do):
    case = CaseFactory()

    first = do(services.open_room, case.requester, case_id=case.pk)
    again = do(services.open_room, case.holder, case_id=case.pk)

    assert first == again
    assert kinds(first) == ["room.opened"]


def test_a_case_that_nobody_accepted_has_no_room_unless_it_is_an_emergency(db, do):
    waiting = CaseFactory(status=Status.ROUTED, holder=None)
    emergency = CaseFactory(status=Status.ROUTED, holder=None, kind=Kind.EMERGENCY)

    with pytest.raises(Conflict):
        do(services.open_room, waiting.requester, case_id=waiting.pk)
    assert do(services.open_room, emergency.requester, case_id=emergency.pk)


@pytest.mark.parametrize(
    ("role", "side"),
    [
        (Role.TOWNSHIP_DOCTOR, "asked"),
        (Role.SPECIALIST, "asking"),
        (Role.SPECIALIST, "asked"),  # a colleague who does not hold the case
        (Role.COORDINATOR, "asking"),
        (Role.ADMINISTRATOR, "asked"),
        (Role.OFFICIAL, "asked"),
        (Role.TOWNSHIP_DOCTOR, None),
        (Role.SPECIALIST, None),
        (Role.COORDINATOR, None),
    ],
)
def test_nobody_else_finds_the_room(db, do, role, side):
    who = scene()
    stranger = StaffFactory(role=role, organisation=getattr(who.room.case, side) if side else None)

    with pytest.raises(NotFound):
        do(services.open_room, stranger, case_id=who.room.case_id)
    with pytest.raises(NotFound):
        do(services.join_room, stranger, room_id=who.room.pk, connection=uuid4())
    assert not who.room.participants.exists()


def test_a_resident_does_not_find_the_room(db, do):
    who = scene()

    with pytest.raises(NotFound):
        do(services.join_room, UserFactory(), room_id=who.room.pk, connection=uuid4())


def test_the_room_is_live_when_a_doctor_of_each_side_is_there(db, do):
    who = scene()

    do(services.join_room, who.coordinator, room_id=who.room.pk, connection=uuid4())
    do(services.join_room, who.asking, room_id=who.room.pk, connection=uuid4())
    who.room.refresh_from_db()
    assert who.room.status == Room.Status.OPEN
    assert Notification.objects.filter(recipient=who.answering, template="room.waiting").exists()

    do(services.join_room, who.answering, room_id=who.room.pk, connection=uuid4())

    who.room.refresh_from_db()
    who.room.case.refresh_from_db()
    assert who.room.status == Room.Status.LIVE
    assert who.room.case.status == Status.IN_PROGRESS
    assert kinds(who.room)[-2:] == ["participant.joined", "room.live"]


def test_who_comes_back_keeps_the_place(inside, do):
    connection = uuid4()

    do(services.join_room, inside.asking, room_id=inside.room.pk, connection=connection)

    place = inside.room.participants.get(user=inside.asking)
    assert place.connection == connection
    assert kinds(inside.room)[-1] == "participant.returned"


def test_the_log_has_no_gaps_and_each_event_its_audit_row(inside, do):
    for text in ("one", "two"):
        do(services.say, inside.asking, room_id=inside.room.pk, text=text, client_id=uuid4())

    numbers = list(inside.room.events.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    rows = AuditRow.objects.filter(action="room.chat.posted")
    assert rows.count() == 2
    assert {row.patient_id for row in rows} == {str(inside.room.case.patient_id)}


def test_what_is_said_twice_under_one_id_is_one_event(inside, do):
    client_id = uuid4()

    first = do(services.say, inside.asking, room_id=inside.room.pk, text="a", client_id=client_id)
    again = do(services.say, inside.asking, room_id=inside.room.pk, text="a", client_id=client_id)

    assert first == again
    with pytest.raises(Conflict):
        do(services.say, inside.answering, room_id=inside.room.pk, text="b", client_id=client_id)


def test_one_leads_and_only_the_leader_settles_the_view(inside, do):
    room = inside.room
    state = {"series": "s1", "slice": 4}

    do(services.take_lead, inside.answering, room_id=room.pk)
    do(services.settle_view, inside.answering, room_id=room.pk, state=state, client_id=uuid4())
    with pytest.raises(Forbidden):
        do(services.settle_view, inside.asking, room_id=room.pk, state=state, client_id=uuid4())
    do(services.take_lead, inside.asking, room_id=room.pk)
    do(services.release_lead, inside.answering, room_id=room.pk)  # no longer theirs: nothing

    room.refresh_from_db()
    assert room.leader == inside.asking
    assert kinds(room)[-3:] == ["lead.taken", "view.settled", "lead.taken"]


def test_a_mark_is_its_authors(inside, do):
    room = inside.room
    do(services.save_mark, inside.asking, room_id=room.pk, mark=MARK, client_id=uuid4())

    for service, what in ((services.save_mark, MARK), (services.remove_mark, "m1")):
        with pytest.raises(Forbidden):
            do(service, inside.answering, room_id=room.pk, mark=what, client_id=uuid4())

    do(services.remove_mark, inside.asking, room_id=room.pk, mark="m1", client_id=uuid4())
    with pytest.raises(NotFound):
        do(services.remove_mark, inside.asking, room_id=room.pk, mark="m1", client_id=uuid4())


def test_the_leader_may_clear_anybodys_mark(inside, do):
    room = inside.room
    do(services.save_mark, inside.asking, room_id=room.pk, mark=MARK, client_id=uuid4())
    do(services.take_lead, inside.answering, room_id=room.pk)

    do(services.remove_mark, inside.answering, room_id=room.pk, mark="m1", client_id=uuid4())

    assert kinds(room)[-1] == "mark.removed"


def test_a_coordinator_talks_but_does_not_show(inside, do):
    room = inside.room
    do(services.join_room, inside.coordinator, room_id=room.pk, connection=uuid4())

    do(services.say, inside.coordinator, room_id=room.pk, text="hello", client_id=uuid4())

    with pytest.raises(Forbidden):
        do(services.take_lead, inside.coordinator, room_id=room.pk)
    with pytest.raises(Forbidden):
        do(services.save_mark, inside.coordinator, room_id=room.pk, mark=MARK, client_id=uuid4())
    with pytest.raises(Forbidden):
        do(services.end_room, inside.coordinator, room_id=room.pk)


def test_a_coordinator_sees_numbers_where_the_doctors_see_the_patient(inside, do, by):
    room = inside.room
    do(services.join_room, inside.coordinator, room_id=room.pk, connection=uuid4())
    do(services.save_mark, inside.asking, room_id=room.pk, mark=MARK, client_id=uuid4())

    with by(inside.coordinator):
        event = queries.events_after(inside.coordinator, room.pk, 0, 100)[-1]
        summary = queries.summary(inside.coordinator, room.pk)
    with by(inside.answering):
        seen = queries.events_after(inside.answering, room.pk, 0, 100)[-1]

    room.refresh_from_db()
    assert event == {"seq": room.last_seq, "is": "hidden"}
    assert summary["events"] == []
    assert seen["mark"] == MARK


def test_hanging_up_leaves_room_and_case_as_they_are(inside, do):
    do(services.take_lead, inside.asking, room_id=inside.room.pk)

    do(services.leave_room, inside.asking, room_id=inside.room.pk)
    do(services.leave_room, inside.asking, room_id=inside.room.pk)

    inside.room.refresh_from_db()
    inside.room.case.refresh_from_db()
    assert (inside.room.status, inside.room.leader) == (Room.Status.LIVE, None)
    assert inside.room.case.status == Status.IN_PROGRESS
    assert kinds(inside.room)[-2:] == ["lead.released", "participant.left"]


def test_ending_the_room_does_not_close_the_case(inside, do):
    do(services.end_room, inside.answering, room_id=inside.room.pk)

    inside.room.case.refresh_from_db()
    assert inside.room.case.status == Status.IN_PROGRESS
    with pytest.raises(Gone):
        do(services.say, inside.asking, room_id=inside.room.pk, text="x", client_id=uuid4())
    reopened = do(services.open_room, inside.asking, case_id=inside.room.case_id)
    assert reopened != inside.room


def test_a_side_does_not_lose_its_only_doctor(inside, do):
    room, asking = inside.room, inside.asking

    with pytest.raises(Conflict):
        do(
            services.remove_participant,
            inside.answering,
            room_id=room.pk,
            user_id=asking.pk,
            reason="",
        )
    with pytest.raises(Conflict):
        do(services.remove_participant, asking, room_id=room.pk, user_id=asking.pk, reason="")


def test_who_was_removed_stays_out_until_allowed(inside, do):
    room, coordinator = inside.room, inside.coordinator
    do(services.join_room, coordinator, room_id=room.pk, connection=uuid4())
    them = {"room_id": room.pk, "user_id": coordinator.pk}

    do(services.remove_participant, inside.asking, **them, reason="noise")

    with pytest.raises(Forbidden):
        do(services.say, coordinator, room_id=room.pk, text="x", client_id=uuid4())
    with pytest.raises(Forbidden):
        do(services.join_room, coordinator, room_id=room.pk, connection=uuid4())
    do(services.allow_participant, inside.asking, **them)
    do(services.join_room, coordinator, room_id=room.pk, connection=uuid4())


def test_who_no_longer_holds_the_case_has_no_place(inside, do):
    case = inside.room.case
    case.holder = StaffFactory(role=Role.SPECIALIST, organisation=case.asked)
    case.save()

    with pytest.raises(NotFound):
        do(services.say, inside.answering, room_id=inside.room.pk, text="x", client_id=uuid4())


def test_who_is_silent_for_25_seconds_is_away_and_a_heartbeat_brings_them_back(inside, do, by):
    place = inside.room.participants.get(user=inside.asking)
    lease = {"room_id": inside.room.pk, "connection": place.connection}

    with time_machine.travel(timezone.now() + timedelta(seconds=26), tick=False):
        with by(inside.answering):
            people = queries.welcome(inside.answering, inside.room.pk)["people"]
        assert {p["status"] for p in people} == {"away"}
        with by(inside.asking):
            services.sweep_room(room_id=inside.room.pk)
        assert kinds(inside.room)[-2:] == ["participant.away"] * 2

        do(services.renew_lease, inside.asking, **lease)

    place.refresh_from_db()
    assert place.status == Participant.Status.ADMITTED
    assert kinds(inside.room)[-1] == "participant.returned"


def test_a_heartbeat_in_time_writes_nothing_to_the_log(inside, do):
    before = kinds(inside.room)
    place = inside.room.participants.get(user=inside.asking)

    do(
        services.renew_lease,
        inside.asking,
        room_id=inside.room.pk,
        connection=place.connection,
    )

    assert kinds(inside.room) == before


def test_a_live_room_that_everybody_left_ends_after_half_an_hour(inside, do, by):
    do(services.leave_room, inside.asking, room_id=inside.room.pk)
    do(services.leave_room, inside.answering, room_id=inside.room.pk)

    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False), by(inside.asking):
        assert queries.rooms_to_sweep() == [inside.room.pk]
        services.sweep_room(room_id=inside.room.pk)

    inside.room.refresh_from_db()
    assert inside.room.status == Room.Status.ENDED


def test_a_long_log_is_summed_up(inside, do, by):
    room = inside.room
    do(services.take_lead, inside.asking, room_id=room.pk)
    for number in (1, 2):
        state = {"series": "s1", "slice": number}
        do(services.settle_view, inside.asking, room_id=room.pk, state=state, client_id=uuid4())
    do(services.save_mark, inside.asking, room_id=room.pk, mark=MARK, client_id=uuid4())
    gone = {**MARK, "id": "m2"}
    do(services.save_mark, inside.asking, room_id=room.pk, mark=gone, client_id=uuid4())
    do(services.remove_mark, inside.asking, room_id=room.pk, mark="m2", client_id=uuid4())
    do(services.say, inside.asking, room_id=room.pk, text="look", client_id=uuid4())

    with by(inside.answering):
        summary = queries.summary(inside.answering, room.pk)

    room.refresh_from_db()
    assert summary["last_seq"] == room.last_seq
    assert [event["is"] for event in summary["events"]] == [
        "view.settled",
        "mark.saved",
        "chat.posted",
    ]
    assert summary["events"][0]["state"]["slice"] == 2


def race(calls):
    """All at one barrier; how each ended, by the name of its refusal or "done"."""
    barrier, ended = threading.Barrier(len(calls)), Counter()

    def run(call):
        barrier.wait()
        try:
            call()
            ended["done"] += 1
        except DomainError as error:
            ended[type(error).__name__] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


@committed
def test_two_tabs_send_the_same_message_and_it_is_said_once(inside, do):
    say = {"room_id": inside.room.pk, "text": "once", "client_id": uuid4()}

    ended = race([lambda: do(services.say, inside.asking, **say)] * 4)

    assert ended == {"done": 4}
    assert RoomEvent.objects.filter(kind="chat.posted").count() == 1


@committed
def test_many_write_at_once_and_the_numbers_have_no_gap(inside, do):
    def say(user):
        do(services.say, user, room_id=inside.room.pk, text="x", client_id=uuid4())

    users = [inside.asking, inside.answering] * 4
    assert race([lambda u=user: say(u) for user in users]) == {"done": 8}

    numbers = list(inside.room.events.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


@committed
def test_two_take_the_lead_and_the_later_one_has_it(inside, do):
    users = [inside.asking, inside.answering]
    race([lambda u=user: do(services.take_lead, u, room_id=inside.room.pk) for user in users])

    inside.room.refresh_from_db()
    first, last = inside.room.events.filter(kind="lead.taken").order_by("seq")
    assert inside.room.leader_id == last.sender_id
    assert last.body["before"] == str(first.sender_id)


@committed
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


@committed
def test_both_doctors_come_at_once_and_the_room_is_live_once(do):
    who = scene()
    users = [who.asking, who.answering]

    def join(user):
        do(services.join_room, user, room_id=who.room.pk, connection=uuid4())

    assert race([lambda u=user: join(u) for user in users]) == {"done": 2}
    assert kinds(who.room).count("room.live") == 1


@committed
def test_the_sweep_finds_the_rooms_by_itself(inside):
    inside.room.participants.update(seen_at=timezone.now() - timedelta(minutes=1))

    assert sweep_rooms_task() == 1
    assert sweep_rooms_task() == 0
    assert kinds(inside.room)[-2:] == ["participant.away"] * 2
