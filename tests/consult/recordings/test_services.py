"""Who is asked, what begins, pauses and ends a recording, and what is kept of it."""

import errno
import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone, translation

from consult.recordings import files, queries, services
from consult.recordings.models import Answer, Recording
from consult.rooms import services as rooms
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge, Unavailable
from telemed.core.intentions import System, intention
from telemed.people.models import Role
from tests.consult.requests.looking import told
from tests.consult.rooms.log import kinds
from tests.factories.people import CareAccessFactory, StaffFactory
from tests.factories.rooms import scene

pytestmark = pytest.mark.django_db
Status = Recording.Status
WEBM = "video/webm;codecs=vp8,opus"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def do(service, actor, **arguments):
    with intention(actor, door="test"):
        return service(actor=actor, **arguments)


def enter(user, room):
    do(rooms.join_room, user, room_id=room.pk, connection=uuid4())


@pytest.fixture
def inside():
    found = scene()
    enter(found.asking, found.room)
    enter(found.answering, found.room)
    found.room.refresh_from_db()
    return found


@pytest.fixture
def asked(inside):
    return do(services.ask_recording, inside.answering, room_id=inside.room.pk)


def answer(user, recording, **more):
    return do(
        services.answer_recording, user, recording_id=recording.pk, **{"agrees": True, **more}
    )


@pytest.fixture
def running(inside, asked):
    answer(inside.asking, asked)
    answer(inside.asking, asked, patient=True, relation="self")
    asked.refresh_from_db()
    return asked


def status(recording):
    recording.refresh_from_db()
    return recording.status


def send(user, recording, number, piece=b"webm", media_type=WEBM):
    return do(
        services.add_piece,
        user,
        recording_id=recording.pk,
        number=number,
        piece=piece,
        media_type=media_type,
    )


class TestAsking:
    def test_it_begins_with_the_last_yes_and_the_specialists_browser_records(self, inside, asked):
        answer(inside.asking, asked)
        assert status(asked) == Status.ASKED  # the patient has not agreed
        answer(inside.asking, asked, patient=True, relation="guardian")
        assert status(asked) == Status.ON
        assert asked.recorder == inside.answering
        said = kinds(inside.room)[-4:]
        assert said == ["recording.consented"] * 3 + ["recording.started"]
        assert Answer.objects.get(person=None).relation == "guardian"

    def test_a_no_refuses_it(self, inside, asked):
        answer(inside.asking, asked, agrees=False)
        assert status(asked) == Status.REFUSED
        assert kinds(inside.room)[-1] == "recording.refused"
        with pytest.raises(Conflict, match="over"):
            answer(inside.asking, asked)

    def test_the_patients_no_refuses_it_too(self, inside, asked):
        answer(inside.asking, asked, agrees=False, patient=True)
        assert status(asked) == Status.REFUSED
        assert asked.why_stopped == "patient"

    def test_only_the_doctor_beside_the_patient_answers_for_them(self, inside, asked):
        with pytest.raises(Forbidden, match="beside the patient"):
            answer(inside.answering, asked, patient=True, relation="self")
        with pytest.raises(Invalid, match="Say who agreed"):
            answer(inside.asking, asked, patient=True)

    def test_it_is_asked_by_the_doctors_once_the_consult_has_begun(self, inside):
        enter(inside.coordinator, inside.room)
        with pytest.raises(Forbidden, match="Only the doctors"):
            do(services.ask_recording, inside.coordinator, room_id=inside.room.pk)
        other = scene()
        enter(other.asking, other.room)
        with pytest.raises(Conflict, match="not begun"):
            do(services.ask_recording, other.asking, room_id=other.room.pk)

    def test_asked_twice_it_is_one(self, inside, asked):
        again = do(services.ask_recording, inside.asking, room_id=inside.room.pk)
        assert again == asked
        with pytest.raises(IntegrityError), intention(inside.asking, door="test"):
            Recording.objects.create(room=inside.room, asked_by=inside.asking)

    def test_nothing_is_on_without_consent_whatever_the_code_says(self, asked):
        with pytest.raises(IntegrityError), intention(System("test"), door="test"):
            Recording.objects.filter(pk=asked.pk).update(status="on")

    def test_a_stranger_learns_nothing(self, asked):
        with pytest.raises(NotFound):
            answer(StaffFactory(role=Role.SPECIALIST), asked)

    def test_on_a_full_disk_it_does_not_begin(self, inside, monkeypatch):
        monkeypatch.setattr(files, "SPARE", 1 << 60)
        with pytest.raises(Unavailable, match="nearly full"):
            do(services.ask_recording, inside.answering, room_id=inside.room.pk)
        assert not Recording.objects.exists()


class TestFollowing:
    def test_who_comes_later_is_asked_first(self, inside, running):
        enter(inside.coordinator, inside.room)
        assert status(running) == Status.PAUSED
        assert queries.state(inside.coordinator, inside.room.pk)["asks_me"]
        answer(inside.coordinator, running)
        assert status(running) == Status.ON

    def test_their_no_ends_it_and_their_going_lets_it_go_on(self, inside, running):
        enter(inside.coordinator, inside.room)
        do(rooms.leave_room, inside.coordinator, room_id=inside.room.pk)
        assert status(running) == Status.ON
        enter(inside.coordinator, inside.room)
        answer(inside.coordinator, running, agrees=False)
        assert status(running) == Status.STOPPED

    def test_who_agreed_and_comes_back_pauses_nothing(self, inside, running):
        enter(inside.asking, inside.room)
        assert status(running) == Status.ON

    def test_a_hold_pauses_it_and_its_time_does_not_count(self, inside, running):
        begun = timezone.now()
        with time_machine.travel(begun + timedelta(seconds=20)):
            do(rooms.hold_room, inside.asking, room_id=inside.room.pk, reason="转运")
        assert status(running) == Status.PAUSED
        with time_machine.travel(begun + timedelta(seconds=21)):
            enter(inside.asking, inside.room)
            enter(inside.answering, inside.room)
            do(rooms.resume_room, inside.asking, room_id=inside.room.pk)
        assert status(running) == Status.ON
        assert 18 < running.recorded.total_seconds() < 22

    @pytest.mark.parametrize(
        ("end", "why"), [(rooms.end_room, "ended"), (rooms.leave_room, "recorder")]
    )
    def test_the_end_of_the_room_or_of_its_recorder_ends_it(self, inside, running, end, why):
        do(end, inside.answering, room_id=inside.room.pk)
        assert status(running) == Status.STOPPED
        assert running.why_stopped == why

    def test_anybody_stops_it(self, inside, running):
        enter(inside.coordinator, inside.room)
        do(services.stop_recording, inside.coordinator, recording_id=running.pk)
        assert status(running) == Status.STOPPED
        do(services.stop_recording, inside.coordinator, recording_id=running.pk)


class TestKeeping:
    def test_pieces_in_order_once_each_and_a_hash_at_the_end(self, inside, running):
        send(inside.answering, running, 0, b"one ")
        send(inside.answering, running, 1, b"two ")
        send(inside.answering, running, 0, b"one ")  # its answer was lost
        do(services.stop_recording, inside.asking, recording_id=running.pk)
        send(inside.answering, running, 2, b"last")
        do(services.finish_recording, inside.answering, recording_id=running.pk)
        assert status(running) == Status.STORED
        assert files.path_of(running.pk).read_bytes() == b"one two last"
        assert running.sha256 == hashlib.sha256(b"one two last").hexdigest()
        assert running.expires_on == timezone.localdate() + Recording.KEPT
        assert kinds(inside.room)[-1] == "recording.stored"

    def test_a_piece_whose_transaction_failed_is_written_over(self, inside, running):
        send(inside.answering, running, 0, b"one ")
        files.write(running.pk, 4, b"lost beyond the end")
        send(inside.answering, running, 1, b"two")
        assert files.path_of(running.pk).read_bytes() == b"one two"

    @pytest.mark.parametrize(
        ("number", "piece", "media_type", "error"),
        [
            (1, b"x", WEBM, Conflict),
            (0, b"", WEBM, Invalid),
            (0, b"x", "text/html", Invalid),
            (0, b"x" * (files.PIECE + 1), WEBM, TooLarge),
        ],
    )
    def test_what_is_no_piece_is_refused(self, inside, running, number, piece, media_type, error):
        with pytest.raises(error):
            send(inside.answering, running, number, piece, media_type)
        running.refresh_from_db()
        assert running.size == 0

    def test_only_its_recorder_sends(self, inside, running):
        with pytest.raises(NotFound):
            send(inside.asking, running, 0)

    def test_a_recorder_that_falls_silent_leaves_what_was_sent(self, inside, running):
        send(inside.answering, running, 0, b"most of it")
        later = timezone.now() + queries.SILENT_FOR + timedelta(seconds=1)
        for _round in range(2):
            with time_machine.travel(later), intention(System("recordings"), door="test"):
                for found in queries.unfinished():
                    services.finish_silent(recording_id=found)
            later += queries.SILENT_FOR + timedelta(seconds=1)
        assert status(running) == Status.STORED
        assert running.why_stopped == "lost"

    def test_one_of_which_nothing_came_failed(self, inside, running):
        do(services.stop_recording, inside.asking, recording_id=running.pk)
        do(services.finish_recording, inside.answering, recording_id=running.pk)
        assert status(running) == Status.FAILED

    def test_after_its_time_the_picture_goes(self, inside, running):
        send(inside.answering, running, 0)
        do(services.stop_recording, inside.asking, recording_id=running.pk)
        do(services.finish_recording, inside.answering, recording_id=running.pk)
        running.refresh_from_db()
        with time_machine.travel(timezone.now() + Recording.KEPT - timedelta(days=1)):
            assert queries.expired() == []
        with time_machine.travel(timezone.now() + Recording.KEPT + timedelta(days=2)):
            assert queries.expired() == [running.pk]
            with intention(System("recordings"), door="test"):
                services.expire_recording(recording_id=running.pk)
        assert status(running) == Status.EXPIRED
        assert not files.path_of(running.pk).exists()


class TestDoors:
    @pytest.fixture
    def stored(self, inside, running):
        send(inside.answering, running, 0, b"0123456789")
        do(services.stop_recording, inside.asking, recording_id=running.pk)
        do(services.finish_recording, inside.answering, recording_id=running.pk)
        return running

    def at(self, name, recording, **more):
        return reverse(f"recordings:{name}", kwargs={"recording_id": recording.pk, **more})

    def test_a_full_disk_stops_it_tells_the_administrator_and_keeps_the_rest(
        self, client, inside, running, monkeypatch
    ):
        keeper = StaffFactory(role=Role.ADMINISTRATOR, organisation=inside.room.case.asked)
        send(inside.answering, running, 0, b"here")

        def full(*_arguments):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(files, "write", full)
        client.force_login(inside.answering)
        reply = client.post(
            self.at("piece", running, number=1),
            b"more",
            content_type="application/octet-stream",
            headers={"x-media-type": WEBM, "accept": "application/json"},
        )
        assert (reply.status_code, reply.json()["path"]) == (503, "disk")
        assert status(running) == Status.STOPPED
        assert (running.why_stopped, running.size) == ("disk", 4)
        assert told(keeper) == ["recording.disk"]

    def test_playing_it_leaves_a_trace_and_shows_who_agreed(self, client, inside, stored):
        client.force_login(inside.asking)
        page = client.get(self.at("page", stored)).content.decode()
        assert stored.sha256 in page
        assert inside.answering.name in page
        (row,) = AuditRow.objects.filter(action="recording.read")
        assert row.patient_id == str(inside.room.case.patient_id)

    def test_who_may_not_read_the_record_sees_no_recording(self, client, inside, stored):
        for user in (inside.coordinator, StaffFactory(role=Role.SPECIALIST)):
            client.force_login(user)
            for name in ("page", "media"):
                assert client.get(self.at(name, stored)).status_code == 404
        client.force_login(inside.answering)
        CareAccessFactory._meta.model.objects.all().delete()
        assert client.get(self.at("media", stored)).status_code == 404

    @pytest.mark.parametrize(
        ("wanted", "status", "body"),
        [
            (None, 200, b"0123456789"),
            ("bytes=0-", 206, b"0123456789"),
            ("bytes=3-5", 206, b"345"),
            ("bytes=7-99", 206, b"789"),
            ("bytes=10-", 416, b""),
            ("bytes=5-3", 416, b""),
            ("lines=1-2", 200, b"0123456789"),
        ],
    )
    def test_a_player_asks_for_parts(self, client, inside, stored, wanted, status, body):
        client.force_login(inside.asking)
        headers = {"range": wanted} if wanted else {}
        reply = client.get(self.at("media", stored), headers=headers)
        sent = b"".join(reply.streaming_content) if reply.streaming else reply.content
        assert (reply.status_code, sent) == (status, body)
