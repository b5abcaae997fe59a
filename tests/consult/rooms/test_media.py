"""When a room goes to the media engine, what the engine is told, and what when it is away."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from consult.rooms import engines, queries, services, ways
from consult.rooms.engines import Down, Refused
from consult.rooms.models import MediaErrand, Participant, Role
from consult.rooms.tasks import run_errand, run_media_errands_task
from telemed.core.errors import Forbidden
from telemed.people.models import Role as StaffRole
from tests.consult.rooms.livekit import claims_of, serving, told
from tests.factories.people import StaffFactory
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db
DOOR = "/rooms/engine/"


@pytest.fixture
def engine(loopback):
    """LiveKit is named in the settings: its server of the tests."""
    with serving() as (adapter, server):
        engines.connect(adapter)
        yield server
        engines.connect(None)


@pytest.fixture
def come(do, inside):
    """come(role): one more colleague, in the room."""

    def come(role=Role.INTERPRETER):
        guest = StaffFactory(role=StaffRole.SPECIALIST, organisation=inside.room.case.asked)
        them = {"room_id": inside.room.pk, "user_id": guest.pk}
        do(services.invite_guest, inside.asking, **them, role=role, agreed=True)
        do(services.admit_guest, inside.asking, **them)
        do(services.join_room, guest, room_id=inside.room.pk, connection=uuid4())
        return guest

    return come


@pytest.fixture
def crowd(engine, inside, come):
    """Five in the room, and the engine has it."""
    guests = [come(), come(), come()]
    run_media_errands_task()
    engine.taken.clear()
    inside.room.refresh_from_db()
    return guests


def moves(room):
    moved = room.events.filter(kind="media.moved").order_by("seq")
    return [(event.body["engine"], event.body["why"]) for event in moved]


def admission(user, room, do):
    place = Participant.objects.get(user=user, room=room)
    return ways.offered(
        do(lambda actor, **which: queries.get_present(actor, **which), user, room_id=room.pk,
           connection=place.connection)
    )["engine"]  # fmt: skip


def test_four_are_a_mesh_and_the_fifth_brings_the_room_to_the_engine(engine, inside, come):
    come(), come()
    run_media_errands_task()
    assert engine.taken == []

    come()
    inside.room.refresh_from_db()
    assert inside.room.engine_room == ""  # not before it has said yes
    run_media_errands_task()

    inside.room.refresh_from_db()
    ((method, body),) = engine.taken
    assert (method, body["name"]) == ("CreateRoom", inside.room.engine_room)
    assert moves(inside.room) == [("livekit", "crowded")]


def test_the_engines_name_of_a_room_says_nothing_and_nobody_guesses_it(crowd, inside):
    name = inside.room.engine_room
    assert len(name) == 43
    for known in (inside.room.pk, inside.room.case_id, inside.room.case.number):
        assert str(known) not in name


def test_who_is_in_the_room_gets_in_there_and_an_observer_only_looks(crowd, inside, come, do):
    observer = come(Role.OBSERVER)
    for user, speaks in ((inside.asking, True), (observer, False)):
        claims = claims_of(admission(user, inside.room, do)["token"])
        assert claims["sub"] == str(user.pk)
        assert claims["video"]["room"] == inside.room.engine_room
        assert claims["video"]["canPublish"] is speaks


def test_who_was_removed_is_put_out_there_too_and_gets_in_no_more(crowd, engine, inside, do):
    guest = crowd[0]
    connection = Participant.objects.get(user=guest).connection
    them = {"room_id": inside.room.pk, "user_id": guest.pk}
    do(services.remove_participant, inside.asking, **them, reason="noise")
    run_media_errands_task()

    gone = {"room": inside.room.engine_room, "identity": str(guest.pk)}
    assert engine.taken == [("RemoveParticipant", gone)]
    with pytest.raises(Forbidden):
        queries.get_present(guest, inside.room.pk, connection)


def test_who_loses_the_case_is_put_out(crowd, engine, inside, by):
    answering = inside.answering
    inside.room.case.holder = None
    inside.room.case.save()
    with by(inside.asking):
        services.put_out_strangers(room_id=inside.room.pk)
    run_media_errands_task()
    assert [body["identity"] for _method, body in engine.taken] == [str(answering.pk)]


def test_whose_lease_ran_out_is_put_out_and_may_come_back(crowd, engine, inside, by):
    guest = crowd[0]
    long_ago = timezone.now() - timedelta(minutes=1)
    Participant.objects.filter(user=guest).update(seen_at=long_ago)
    with by(inside.asking):
        services.sweep_room(room_id=inside.room.pk)
    run_media_errands_task()
    assert [body["identity"] for _method, body in engine.taken] == [str(guest.pk)]


def test_who_is_back_before_the_engine_was_told_stays(crowd, engine, inside, do):
    guest = crowd[0]
    do(services.leave_room, guest, room_id=inside.room.pk)
    do(services.join_room, guest, room_id=inside.room.pk, connection=uuid4())
    run_media_errands_task()
    assert engine.taken == []
    assert not MediaErrand.objects.filter(done_at=None).exists()


def test_the_end_shuts_the_room_there_and_its_name_opens_nothing(crowd, engine, inside, do):
    name = inside.room.engine_room
    do(services.end_room, inside.answering, room_id=inside.room.pk)
    run_media_errands_task()
    assert engine.taken == [("DeleteRoom", {"room": name})]
    inside.room.refresh_from_db()
    assert inside.room.engine_room == ""


def test_a_room_that_ended_before_the_engine_said_yes_is_shut_there(engine, inside, come, do):
    come(), come(), come()
    do(services.end_room, inside.answering, room_id=inside.room.pk)
    run_media_errands_task()
    run_media_errands_task()
    assert [method for method, _body in engine.taken] == ["CreateRoom", "DeleteRoom"]


def test_without_an_engine_there_is_nothing_to_tell(inside, come):
    come(), come(), come()
    assert not MediaErrand.objects.exists()
    assert run_media_errands_task() == 0


def test_an_engine_that_is_away_hinders_nobody_and_is_said_once(engine, inside, come, do):
    engine.trouble = (503, {"code": "unavailable"})
    come(), come(), come()
    do(services.say, inside.asking, room_id=inside.room.pk, text="hello", client_id=uuid4())
    began = timezone.now()
    for minutes in range(3):
        with time_machine.travel(began + timedelta(minutes=minutes)):
            run_media_errands_task()
    assert moves(inside.room) == [("mesh", "away")]
    errand = MediaErrand.objects.get()
    assert (errand.attempts, errand.error) == (3, "unavailable")

    engine.trouble = None
    with time_machine.travel(began + timedelta(minutes=10)):
        run_media_errands_task()
    assert moves(inside.room) == [("mesh", "away"), ("livekit", "crowded")]


def test_a_room_whose_engine_died_goes_back_to_the_mesh(crowd, engine, inside, do):
    mine = Participant.objects.get(user=inside.asking)
    stuck = {"room_id": inside.room.pk, "connection": mine.connection}
    do(services.doubt_engine, inside.asking, **stuck)
    run_media_errands_task()
    assert moves(inside.room) == [("livekit", "crowded")]  # it is alive: their own line is at fault

    engine.trouble = (500, {})
    do(services.doubt_engine, inside.asking, **stuck)
    run_media_errands_task()
    assert moves(inside.room) == [("livekit", "crowded"), ("mesh", "away")]
    assert admission(inside.asking, inside.room, do) is None


def test_only_who_is_in_the_room_doubts_its_engine(crowd, inside, do):
    with pytest.raises(Forbidden):
        do(
            services.doubt_engine,
            inside.asking,
            room_id=inside.room.pk,
            connection=uuid4(),
        )


def test_what_was_tried_too_often_is_dead_until_somebody_tries_again(
    crowd, engine, inside, do, caplog, capsys
):
    engine.trouble = (503, {})
    them = {"room_id": inside.room.pk, "user_id": crowd[0].pk}
    do(services.remove_participant, inside.asking, **them, reason="noise")
    began = timezone.now()
    for hour in range(MediaErrand.ATTEMPTS + 1):
        with time_machine.travel(began + timedelta(hours=hour)):
            run_media_errands_task()
    errand = MediaErrand.objects.get(kind=MediaErrand.Kind.REMOVE)
    assert (errand.attempts, errand.dead_at is not None) == (MediaErrand.ATTEMPTS, True)
    assert str(errand.pk) in caplog.text

    engine.trouble = None
    call_command("media_errands", "--again")
    assert str(errand.pk) in capsys.readouterr().out
    run_media_errands_task()
    assert [method for method, _body in engine.taken] == ["RemoveParticipant"]


def test_what_the_engine_refuses_is_not_tried_again(crowd, engine, inside, do):
    engine.trouble = (401, {"code": "unauthenticated"})
    them = {"room_id": inside.room.pk, "user_id": crowd[0].pk}
    do(services.remove_participant, inside.asking, **them, reason="noise")
    run_media_errands_task()
    assert MediaErrand.objects.get(kind=MediaErrand.Kind.REMOVE).dead_at


class Slow:
    """An engine that counts how often it is told."""

    def __init__(self, error=None):
        self.told, self.error = 0, error

    def open(self, room):
        self.told += 1
        if self.error:
            raise self.error


@committed
def test_two_workers_tell_the_engine_once(engine, inside, come):
    come(), come(), come()
    (errand,) = queries.due_errands()
    slow = Slow()
    race([lambda: run_errand(slow, errand)] * 2)
    assert slow.told == 1
    assert moves(inside.room) == [("livekit", "crowded")]


@pytest.mark.parametrize("error", [Down("away"), Refused("no")])
def test_an_engine_that_fails_in_any_way_leaves_the_room_a_mesh(engine, inside, come, error):
    come(), come(), come()
    (errand,) = queries.due_errands()
    run_errand(Slow(error), errand)
    inside.room.refresh_from_db()
    assert (inside.room.engine_room, moves(inside.room)) == ("", [("mesh", "away")])


# What the engine tells.


@pytest.fixture
def tell(client):
    """tell(what, room, identity, …): as the engine posts it."""

    def tell(what, room, identity, *, key=None, track=None, source="MICROPHONE", **forged):
        event = {
            "event": what,
            "id": key or str(uuid4()),
            "room": {"name": room},
            "participant": {"identity": identity},
            **({"track": {"sid": track, "source": source}} if track else {}),
        }
        body, signature = told(event, **forged)
        return client.post(
            DOOR,
            body,
            content_type="application/webhook+json",
            headers={"Authorization": signature},
        )

    return tell


def waiting():
    errands = MediaErrand.objects.filter(done_at=None, dead_at=None)
    return [(one.kind, one.identity, one.track) for one in errands]


def test_who_comes_in_there_on_an_old_token_is_put_out(crowd, inside, tell, do):
    guest = crowd[0]
    them = {"room_id": inside.room.pk, "user_id": guest.pk}
    do(services.remove_participant, inside.asking, **them, reason="noise")
    run_media_errands_task()

    assert tell("participant_joined", inside.room.engine_room, str(guest.pk)).status_code == 204
    tell("participant_joined", inside.room.engine_room, str(inside.asking.pk))
    assert waiting() == [("remove", str(guest.pk), "")]


def test_an_observer_who_publishes_is_muted(crowd, inside, tell, come):
    observer = come(Role.OBSERVER)
    room = inside.room.engine_room
    tell("track_published", room, str(observer.pk), track="TR_1")
    tell("track_published", room, str(inside.asking.pk), track="TR_2")
    assert waiting() == [("mute", str(observer.pk), "TR_1")]


def test_only_hosts_share_a_screen_there_and_anybody_elses_is_muted(crowd, inside, tell, do):
    guest, room = crowd[0], inside.room.engine_room
    for user, may in ((inside.asking, True), (guest, False)):
        sources = claims_of(admission(user, inside.room, do)["token"])["video"]["canPublishSources"]
        assert ("screen_share" in sources) is may
    tell("track_published", room, str(inside.asking.pk), track="TR_1", source="SCREEN_SHARE")
    tell("track_published", room, str(guest.pk), track="TR_2", source="CAMERA")
    tell("track_published", room, str(guest.pk), track="TR_3", source="SCREEN_SHARE")
    assert waiting() == [("mute", str(guest.pk), "TR_3")]


def test_the_same_event_twice_counts_once(crowd, inside, tell):
    for _ in range(2):
        tell("participant_joined", inside.room.engine_room, "nobody", key="EV_1")
    assert waiting() == [("remove", "nobody", "")]


def test_what_happens_there_is_believed_only_when_it_is_signed(crowd, inside, tell, client):
    room = inside.room.engine_room
    for forged in ({"secret": "another"}, {"sha256": "x"}, {"nbf": 1, "exp": 2}):
        assert tell("participant_joined", room, "nobody", **forged).status_code == 401
    assert client.post(DOOR, b"{}", content_type="application/json").status_code == 401
    assert waiting() == []


def test_news_of_other_rooms_and_of_ends_change_nothing(crowd, inside, tell):
    for what, room in (
        ("participant_joined", "another"),
        ("participant_joined", ""),
        ("participant_left", inside.room.engine_room),
        ("room_finished", inside.room.engine_room),
    ):
        assert tell(what, room, "nobody").status_code == 204
    assert waiting() == []


def test_the_door_is_shut_without_an_engine(tell, inside):
    assert tell("participant_joined", "r", "nobody").status_code == 404


def test_the_rooms_page_may_connect_to_the_engine_and_no_other_page(engine, inside, client):
    client.force_login(inside.asking)
    lines = engines.connected().origins
    room = client.get(f"/rooms/{inside.room.case_id}/").headers["Content-Security-Policy"]
    assert all(line in room.split("connect-src")[1].split(";")[0] for line in lines)
    home = client.get("/").headers["Content-Security-Policy"]
    assert not any(line in home for line in lines)
