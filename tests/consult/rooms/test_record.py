"""What was said and done in a room can be read after its end: by whom, how much, and traced."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from consult.archive import services as archive
from consult.requests import services as requests
from consult.rooms import record, services
from consult.rooms.record import Part
from records.consent.models import CareAccess
from telemed.audit.models import AuditRow
from telemed.core.errors import Invalid, NotFound
from telemed.core.intentions import intention
from telemed.people.models import Role as StaffRole
from tests.factories.consult import signed_case
from tests.factories.people import StaffFactory, UserFactory
from tests.factories.rooms import RoomFactory

pytestmark = pytest.mark.django_db
WORDS = "患者右肺结节，建议增强 CT"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def talk(inside, do):
    """Both doctors talked, one on a thin line, and the room has ended."""
    room = inside.room.pk
    do(services.say, inside.asking, room_id=room, text=WORDS, client_id=uuid4())
    line = {"mode": "audio", "by": "auto", "kbit_s": 64, "rtt_ms": 700, "loss": 0.1}
    do(services.log_quality, inside.asking, room_id=room, **line)
    do(services.hold_room, inside.answering, room_id=room, reason="看片")
    do(services.resume_room, inside.answering, room_id=room)
    do(services.end_room, inside.answering, room_id=room)
    inside.room.refresh_from_db()
    return inside


def staff(case, role, *, asking=False):
    return StaffFactory(role=role, organisation=case.asking if asking else case.asked)


def read(do, talk, actor, **more):
    return do(services.read_record, actor, room_id=talk.room.pk, **more)


def texts(found):
    return [line.text for line in found.lines]


def append_away(talk):
    """The log once said that somebody's line was lost."""
    with intention(talk.asking, door="test"):
        services.append(
            services.lock_room(talk.room.pk),
            "participant.away",
            participant=str(talk.asking.pk),
            why="lease",
        )


def test_both_doctors_read_all_of_it_in_order(talk, do):
    for doctor in (talk.asking, talk.answering):
        found = read(do, talk, doctor)

        assert texts(found) == [
            f"{talk.asking.name} came in",
            f"{talk.answering.name} came in",
            "Both sides are here; the consult has begun",
            WORDS,
            f"{talk.asking.name}: weak line, voice only",
            "On hold: 看片",
            "The consult goes on",
            f"{talk.answering.name} ended the room",
        ]
        assert [line.seq for line in found.lines] == sorted(line.seq for line in found.lines)
        (said,) = (line for line in found.lines if line.part == Part.CHAT)
        assert said.who == talk.asking.name
        (measured,) = (line for line in found.lines if line.part == Part.LINE)
        assert measured.detail == "64 kbit/s, delay 700 ms"
        assert found.withheld == ""


def test_it_says_who_was_there_from_when_until_when(talk, do):
    asked, answered = read(do, talk, talk.asking).people

    assert (asked.name, asked.role) == (talk.asking.name, "Asking doctor")
    assert answered.organisation == talk.room.case.asked.name
    assert asked.went_at == answered.went_at == talk.room.ended_at
    assert asked.inside == talk.room.ended_at - asked.came_at


def test_who_came_twice_has_both_spells_and_the_time_of_both(inside, do):
    room, start = inside.room.pk, timezone.now()
    for minute, service in ((10, services.leave_room), (30, services.join_room)):
        more = {"connection": uuid4()} if service is services.join_room else {}
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            do(service, inside.answering, room_id=room, **more)
    with time_machine.travel(start + timedelta(minutes=40), tick=False):
        do(services.end_room, inside.asking, room_id=room)

    (_asked, answered) = do(services.read_record, inside.asking, room_id=room).people

    assert len(answered.spans) == 2
    assert abs(answered.inside - timedelta(minutes=20)) < timedelta(seconds=5)


@pytest.mark.parametrize("role", [StaffRole.COORDINATOR, StaffRole.DIRECTOR, StaffRole.AUDITOR])
@pytest.mark.parametrize("asking", [True, False])
def test_who_oversees_reads_people_and_line_and_nothing_that_was_said(talk, do, role, asking):
    found = read(do, talk, staff(talk.room.case, role, asking=asking))

    assert {line.part for line in found.lines} == {Part.PEOPLE, Part.LINE}
    assert WORDS not in texts(found)
    assert found.withheld
    with pytest.raises(Invalid):
        read(do, talk, staff(talk.room.case, role, asking=asking), show="chat")


def test_a_coordinator_who_was_in_the_room_reads_what_was_said_there(inside, do):
    room, helper = inside.room.pk, inside.coordinator
    do(services.join_room, helper, room_id=room, connection=uuid4())
    do(services.say, inside.asking, room_id=room, text=WORDS, client_id=uuid4())
    do(services.take_lead, inside.answering, room_id=room)

    found = do(services.read_record, helper, room_id=room)

    assert WORDS in texts(found)
    assert Part.IMAGES not in {line.part for line in found.lines}


def test_the_medical_office_reads_all_of_it(talk, do):
    assert WORDS in texts(read(do, talk, staff(talk.room.case, StaffRole.MEDICAL_OFFICE)))


def test_the_patient_reads_who_was_there_and_nothing_of_the_line(talk, do):
    patient = talk.room.case.patient
    patient.user = UserFactory()
    patient.save()

    append_away(talk)

    found = read(do, talk, patient.user)

    assert {line.part for line in found.lines} == {Part.PEOPLE}
    assert not any("line" in line.text for line in found.lines)
    assert len(found.people) == 2
    assert any("lost the line" in text for text in texts(read(do, talk, talk.asking)))


@pytest.mark.parametrize("role", [StaffRole.SPECIALIST, StaffRole.COORDINATOR, StaffRole.AUDITOR])
def test_for_everybody_else_it_is_not_there(talk, do, role):
    with pytest.raises(NotFound):
        read(do, talk, StaffFactory(role=role))
    if role == StaffRole.SPECIALIST:
        with pytest.raises(NotFound):
            read(do, talk, staff(talk.room.case, role))


def test_a_doctor_who_may_not_read_the_patients_record_any_more_reads_no_word(talk, do):
    CareAccess.objects.all().delete()

    found = read(do, talk, talk.answering)

    assert WORDS not in texts(found)
    assert {line.part for line in found.lines} == {Part.PEOPLE, Part.LINE}


def test_each_reading_is_traced_with_its_reason(talk, do):
    read(do, talk, talk.answering)

    row = AuditRow.objects.filter(action="room.read").latest("id")
    assert row.target == f"Room/{talk.room.pk}"
    assert row.patient_id == str(talk.room.case.patient_id)
    assert row.actor_id == talk.answering.actor_id
    assert row.reason


def test_filters_show_one_part(talk, do):
    assert texts(read(do, talk, talk.asking, show="chat")) == [WORDS]
    assert {line.part for line in read(do, talk, talk.asking, show="line").lines} == {Part.LINE}
    with pytest.raises(Invalid):
        read(do, talk, talk.asking, show="nothing")


def test_a_long_log_comes_in_pages_and_nothing_is_lost(inside, do, monkeypatch):
    monkeypatch.setattr(record, "PAGE", 5)
    for n in range(12):
        do(services.say, inside.asking, room_id=inside.room.pk, text=f"n{n}", client_id=uuid4())

    said, after = [], 0
    while True:
        page = do(services.read_record, inside.asking, room_id=inside.room.pk, after=after)
        said += [line.text for line in page.lines if line.part == Part.CHAT]
        after = page.next
        if not after:
            break

    assert said == [f"n{n}" for n in range(12)]


def test_turning_pages_of_a_study_is_told_once(inside, do):
    room, study = inside.room.pk, str(uuid4())
    do(services.take_lead, inside.answering, room_id=room)
    for number in (1, 2, 3):
        state = {"study": study, "series": "1.2.3", "slice": number}
        do(services.settle_view, inside.answering, room_id=room, state=state, client_id=uuid4())

    shown = do(services.read_record, inside.asking, room_id=room, show="images")

    assert texts(shown) == [
        f"{inside.answering.name} shows the images; the others follow",
        f"{inside.answering.name} showed: Images",
    ]


def test_the_pages_are_there_on_screen_and_on_paper(talk, client):
    client.force_login(talk.asking)
    address = reverse("rooms:record", args=[talk.room.pk])

    page, paper = client.get(address), client.get(address, {"print": "1"})

    assert WORDS in page.content.decode()
    assert WORDS in paper.content.decode()
    assert client.get(address, {"after": "x"}).status_code == 422
    assert client.get(address, {"show": "x"}).status_code == 422


def test_the_ended_room_and_the_case_lead_to_it(talk, client):
    client.force_login(talk.asking)
    address = reverse("rooms:record", args=[talk.room.pk])

    for page in (
        reverse("rooms:room", args=[talk.room.case_id]),
        reverse("requests:case", args=[talk.room.case_id]),
    ):
        assert address in client.get(page).content.decode()


def test_closing_files_the_record_in_both_forms(do):
    scene = signed_case()
    room = RoomFactory(case=scene.refresh())
    for user in (scene.asker, scene.specialist):
        do(services.join_room, user, room_id=room.pk, connection=uuid4())
    do(services.say, scene.asker, room_id=room.pk, text=WORDS, client_id=uuid4())
    do(services.end_room, scene.specialist, room_id=room.pk)
    do(
        requests.give_receipt,
        scene.asker,
        case_id=scene.case.pk,
        version=1,
        decision="adopted",
    )

    do(lambda actor: archive.archive_case(case_id=scene.case.pk), scene.asker)
    copy = scene.case.copies.first()

    assert WORDS in copy.page
    entries = [entry["resource"] for entry in json.loads(copy.bundle)["entry"]]
    (encounter,) = (one for one in entries if one["resourceType"] == "Encounter")
    assert (encounter["id"], encounter["status"]) == (str(room.pk), "finished")
    filed = [one for one in entries if one.get("encounter")]
    assert [one["encounter"]["reference"] for one in filed] == [f"urn:uuid:{room.pk}"]
    assert any(WORDS in section["text"]["div"] for section in filed[0]["section"])
