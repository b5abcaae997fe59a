"""What people say, lead, show and measure in a room, and who may."""

import json
from uuid import uuid4

import pytest
from django.utils import timezone

from consult.keyimages.models import KeyImage
from consult.rooms import queries, services
from consult.rooms.frames import FRAMES
from records.imaging.models import Study
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Forbidden, Malformed, NotFound
from telemed.core.frames import parse
from tests.consult.rooms.log import kinds

MARK = {
    "id": "m1",
    "kind": "length",
    "series": "s1",
    "slice": 3,
    "points": [[1.0, 2.0], [3.0, 4.0]],
}


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


@pytest.fixture
def kept(inside):
    """A key image of the asking doctor."""
    case = inside.room.case
    study = Study.objects.create(
        patient=case.patient, organisation=case.asking, study_uid="1.2.3", frame_count=1
    )
    case.studies.add(study)
    picture = {"sha256": "0" * 64, "width": 1, "height": 1, "client_id": uuid4()}
    shown = {"series": "1.2.3.4", "slice": 0, "view": {}, "marks": [MARK], "caption": "CT"}
    return KeyImage.objects.create(
        case=case, study=study, made_by=inside.asking, **picture, **shown
    )


def test_a_key_image_is_told_by_its_owner_and_summed_up_until_it_is_gone(inside, do, by, kept):
    room, which = inside.room, {"room_id": inside.room.pk, "key_image_id": kept.pk}
    with pytest.raises(Forbidden):
        do(services.share_key_image, inside.answering, **which, client_id=uuid4())
    do(services.share_key_image, inside.asking, **which, client_id=uuid4())
    with pytest.raises(Conflict):  # it still stands
        do(services.drop_key_image, inside.asking, **which, client_id=uuid4())

    with by(inside.answering):
        (told,) = queries.summary(inside.answering, room.pk)["events"]
    assert (told["is"], told["key_image"]["id"]) == ("key_image.saved", str(kept.pk))
    kept.removed_at = timezone.now()
    kept.save()
    do(services.drop_key_image, inside.asking, **which, client_id=uuid4())
    with by(inside.answering):
        assert queries.summary(inside.answering, room.pk)["events"] == []
    with pytest.raises(NotFound):
        do(services.share_key_image, inside.asking, **which, client_id=uuid4())


def test_only_a_study_of_the_case_is_shown_to_the_others(inside, do, kept):
    which = {"room_id": inside.room.pk, "client_id": uuid4()}
    do(services.show_study, inside.answering, study_id=kept.study_id, **which)
    assert kinds(inside.room)[-1] == "view.opened"

    inside.room.case.studies.clear()
    which["client_id"] = uuid4()
    with pytest.raises(NotFound):
        do(services.show_study, inside.answering, study_id=kept.study_id, **which)


PICTURE = "0193d7a0-0000-7000-8000-000000000001/3"
NAMED = {
    "view": {"do": "view", "state": {"series": "1.2", "slice": 3, "picture": PICTURE}},
    "point": {"do": "point", "series": "1.2", "slice": 3, "picture": PICTURE, "x": 1, "y": 2},
    "mark": {"do": "mark", "mark": {**MARK, "picture": PICTURE}, "client_id": str(uuid4())},
}


@pytest.mark.parametrize("kind", NAMED)
def test_a_view_a_pointer_and_a_mark_name_their_picture(kind):
    sent = NAMED[kind]
    assert PICTURE in parse(FRAMES, json.dumps(sent)).model_dump_json()
    with pytest.raises(Malformed):
        parse(FRAMES, json.dumps(sent).replace(PICTURE, "../" + PICTURE))
