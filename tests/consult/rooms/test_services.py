"""Who may be in a room, and what becomes of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from consult.requests.models import Kind, Status
from consult.rooms import queries, quorum, services
from consult.rooms.models import Participant, Room
from consult.rooms.tasks import sweep_rooms_task
from telemed.core.errors import Conflict, Forbidden, Gone, NotFound
from telemed.notifications.models import Notification
from telemed.people.models import Practitioner, Role
from tests.consult.rooms.log import kinds
from tests.factories.people import PractitionerFactory, StaffFactory, UserFactory
from tests.factories.rooms import CaseFactory, scene
from tests.marks import committed


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
            reason="noise",
        )
    with pytest.raises(Conflict):
        do(services.remove_participant, asking, room_id=room.pk, user_id=asking.pk, reason="noise")


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
        assert quorum.rooms_to_sweep() == [inside.room.pk]
        services.sweep_room(room_id=inside.room.pk)

    inside.room.refresh_from_db()
    assert inside.room.status == Room.Status.ENDED


@committed
def test_the_sweep_finds_the_rooms_by_itself(inside):
    inside.room.participants.update(seen_at=timezone.now() - timedelta(minutes=1))

    assert sweep_rooms_task() == 1
    assert sweep_rooms_task() == 0
    assert kinds(inside.room)[-3:] == ["participant.away"] * 2 + ["room.held"]


# ---- legal presence: a doctor with a licence on the asking side


YESTERDAY = timezone.localdate() - timedelta(days=1)


@pytest.fixture
def unlicensed(db):
    who = scene()
    Practitioner.objects.filter(user=who.asking).update(licensed_until=YESTERDAY)
    return who


def test_without_a_licensed_doctor_who_asks_no_consult_begins(do, unlicensed):
    for user in (unlicensed.asking, unlicensed.answering):
        do(services.join_room, user, room_id=unlicensed.room.pk, connection=uuid4())
    unlicensed.room.refresh_from_db()
    unlicensed.room.case.refresh_from_db()
    assert unlicensed.room.status == Room.Status.OPEN
    assert unlicensed.room.case.status == Status.ACCEPTED


def test_it_begins_as_soon_as_a_licensed_colleague_comes(do, unlicensed):
    test_without_a_licensed_doctor_who_asks_no_consult_begins(do, unlicensed)
    clinic = unlicensed.room.case.asking
    colleague = PractitionerFactory(user=StaffFactory(organisation=clinic)).user
    do(services.join_room, colleague, room_id=unlicensed.room.pk, connection=uuid4())
    unlicensed.room.refresh_from_db()
    assert unlicensed.room.status == Room.Status.LIVE


def test_a_consult_on_hold_goes_on_with_a_licensed_doctor_alone(do, inside):
    do(services.hold_room, inside.answering, room_id=inside.room.pk, reason="等一下")
    Practitioner.objects.filter(user=inside.asking).update(licensed_until=YESTERDAY)
    with pytest.raises(Conflict):
        do(services.resume_room, inside.answering, room_id=inside.room.pk)
    Practitioner.objects.filter(user=inside.asking).update(licensed_until=timezone.localdate())
    room = do(services.resume_room, inside.answering, room_id=inside.room.pk)
    assert room.status == Room.Status.LIVE


@committed
def test_who_stays_without_a_licence_does_not_keep_a_consult_going(do, inside):
    """The sweep itself finds such a room: nobody's line broke, and somebody asks and answers."""
    room = inside.room
    helper = StaffFactory(organisation=room.case.asking)
    do(services.join_room, helper, room_id=room.pk, connection=uuid4())
    assert sweep_rooms_task() == 0
    do(services.leave_room, inside.asking, room_id=room.pk)
    room.refresh_from_db()
    assert room.status == Room.Status.LIVE

    assert sweep_rooms_task() == 1

    room.refresh_from_db()
    assert room.status == Room.Status.HELD
    assert kinds(room)[-1] == "room.held"
    assert sweep_rooms_task() == 0
