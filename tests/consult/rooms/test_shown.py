"""What guests see of the images: what the leader shows now, and nothing else."""

import io
import json
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation
from PIL import Image

from consult.keyimages.models import KeyImage
from consult.rooms import queries, services
from consult.rooms.models import Role
from records.imaging import children, files, intake
from records.imaging import services as imaging
from records.imaging.models import Instance, Opening, Series, Study
from telemed.audit.models import AuditRow
from telemed.people.models import Role as StaffRole
from tests.factories.imaging import STUDY_UID, as_bytes, dicom_bytes, ecg
from tests.factories.people import PatientFactory, StaffFactory

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}
CT, OTHER, HEART = f"{STUDY_UID}.1", f"{STUDY_UID}.2", f"{STUDY_UID}.8.1"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with translation.override("en"):
        yield
    children.pool.close()


def kept(patient, doctor, by, *contents):
    """Files as an upload keeps them."""
    with files.arriving() as folder:
        pictures = []
        for number, content in enumerate(contents):
            (folder / f"{number}").write_bytes(content)
            pictures += intake.sort_out(files.settle(folder / f"{number}"), "a.dcm", "key")
        with by(doctor):
            imaging.store_pictures_for(
                patient=patient, organisation=doctor.organisation, pictures=pictures
            )


@pytest.fixture
def images(inside, by):
    """A CT of two series, one of which names the patient, and an ECG."""
    patient = inside.room.case.patient
    said = f"{patient.name} 头颅"
    heart = ecg()
    heart.StudyInstanceUID, heart.SeriesInstanceUID = f"{STUDY_UID}.8", HEART
    facts = {"StudyDescription": said, "PatientName": patient.name, "PatientID": "MRN-77"}
    kept(
        patient,
        inside.asking,
        by,
        dicom_bytes(SeriesDescription=said, StudyDate="20260101", **facts),
        dicom_bytes(SeriesInstanceUID=OTHER, **facts),
        as_bytes(heart),
    )
    inside.room.case.studies.set(Study.objects.all())
    return Study.objects.get(study_uid=STUDY_UID)


@pytest.fixture
def show(inside, do, images):
    """show(series, …): the answering doctor leads and rests on that."""

    def rest(series=CT, study=None, by=inside.answering, **more):
        do(services.take_lead, by, room_id=inside.room.pk)
        state = {"study": str(study or images.pk), "series": series, "slice": 0, **more}
        return do(services.settle_view, by, room_id=inside.room.pk, state=state, client_id=uuid4())

    return rest


@pytest.fixture
def admit(inside, do):
    """admit(role): somebody who was asked in and is in the room."""

    def come(role=Role.INTERPRETER, *, enter=True):
        asked = inside.room.case.asked
        user = StaffFactory(role=StaffRole.SPECIALIST, organisation=asked, language="en")
        them = {"room_id": inside.room.pk, "user_id": user.pk}
        do(services.invite_guest, inside.asking, **them, role=role, agreed=True)
        if enter:
            do(services.admit_guest, inside.asking, **them)
            do(services.join_room, user, room_id=inside.room.pk, connection=uuid4())
        return user

    return come


@pytest.fixture
def ask(client, inside):
    """ask(user, door, …): a door of the room; its answer."""

    def through(user, door="shown", *args, **sent):
        client.force_login(user)
        url = reverse(f"rooms:{door}", args=[inside.room.pk, *args])
        return client.get(url, sent, headers=JSON)

    return through


def picture_of(series):
    return Instance.objects.get(series__series_uid=series)


def statuses(ask, user, series=CT):
    """Of the doors of one series: values, preview."""
    instance = picture_of(series)
    doors = ("shown_pixels", "shown_preview")
    return {ask(user, door, instance.pk, 0).status_code for door in doors}


@pytest.mark.parametrize("role", [Role.INTERPRETER, Role.OBSERVER])
def test_a_guest_sees_the_series_that_is_shown_without_whose_it_is(
    ask, inside, show, admit, images, role
):
    guest, patient = admit(role), inside.room.case.patient
    show()

    answer = ask(guest)
    (view,) = answer.json()["views"]
    assert (view["study"], view["series"]) == (str(images.pk), CT)
    assert [stack["uid"] for stack in view["manifest"]["series"]] == [CT]
    assert view["manifest"]["patient"]["name"] == "The patient"
    text = json.dumps(answer.json(), ensure_ascii=False)
    for hidden in (patient.name, str(patient.pk), "MRN-77", "2026-01-01"):
        assert hidden not in text
    assert statuses(ask, guest) == {200}
    assert "no-store" in answer["Cache-Control"]
    rows = AuditRow.objects.filter(action="study.read", actor_id=guest.actor_id)
    assert [(r.target, r.reason) for r in rows] == [
        (f"Study/{images.pk}", f"shown_in_room {inside.room.pk}")
    ]
    assert Opening.objects.get(user=guest).frames == 2


def test_the_exact_values_are_those_of_the_doctors(client, ask, inside, show, admit, images):
    guest, instance = admit(), picture_of(CT)
    show()
    ask(guest)
    seen = ask(guest, "shown_pixels", instance.pk, 0)
    client.force_login(inside.asking)
    client.get(reverse("imaging:study", args=[images.pk]))
    theirs = client.get(reverse("imaging:pixels", args=[instance.pk, 0]), headers=JSON)
    assert (seen.content, seen["X-Pixels"]) == (theirs.content, theirs["X-Pixels"])
    client.force_login(guest)  # whose way in is the room alone
    for door in ("imaging:pixels", "imaging:preview"):
        assert client.get(reverse(door, args=[instance.pk, 0]), headers=JSON).status_code == 404
    assert client.get(reverse("imaging:series", args=[images.pk])).status_code == 404


def test_an_ecg_is_shown_as_well(ask, show, admit):
    guest, heart = admit(), Series.objects.get(series_uid=HEART)
    show(series=heart.series_uid, study=heart.study_id)
    (view,) = ask(guest).json()["views"]
    assert [one["uid"] for one in view["manifest"]["ecgs"]] == [heart.series_uid]
    answer = ask(guest, "shown_samples", heart.instances.get().pk)
    assert (answer.status_code, answer["X-Waveform"].split()[0]) == (200, "int16")


def test_no_other_series_is_seen_and_two_beside_each_other_are(ask, show, admit, images):
    guest = admit()
    show()
    ask(guest)
    assert statuses(ask, guest, OTHER) == {404}
    show(beside={"study": str(images.pk), "series": f"{OTHER}#2"})
    assert [view["series"] for view in ask(guest).json()["views"]] == [CT, OTHER]
    assert statuses(ask, guest, CT) | statuses(ask, guest, OTHER) == {200}
    show(OTHER)
    assert statuses(ask, guest, OTHER) == {200}
    assert statuses(ask, guest, CT) == {404}


def test_a_study_that_the_leader_opened_is_seen_until_the_view_rests(
    ask, inside, do, show, admit, images
):
    guest, heart = admit(), Series.objects.get(series_uid=HEART)
    show()
    which = {"room_id": inside.room.pk, "client_id": uuid4()}
    do(services.show_study, inside.asking, study_id=heart.study_id, **which)  # who does not lead
    assert len(ask(guest).json()["views"]) == 1
    which["client_id"] = uuid4()
    do(services.show_study, inside.answering, study_id=heart.study_id, **which)
    assert {view["study"] for view in ask(guest).json()["views"]} == {
        str(images.pk),
        str(heart.study_id),
    }
    show()
    assert len(ask(guest).json()["views"]) == 1


def test_frames_come_after_an_opening_that_was_audited(ask, show, admit):
    guest = admit()
    show()
    assert statuses(ask, guest) == {404}
    ask(guest)
    assert statuses(ask, guest) == {200}


def release(inside, do, _guest):
    do(services.release_lead, inside.answering, room_id=inside.room.pk)


def take_over(inside, do, _guest):
    do(services.take_lead, inside.asking, room_id=inside.room.pk)


def remove(inside, do, guest):
    them = {"room_id": inside.room.pk, "user_id": guest.pk}
    do(services.remove_participant, inside.asking, **them, reason="noise")


def end(inside, do, _guest):
    do(services.end_room, inside.asking, room_id=inside.room.pk)


def leave(inside, do, guest):
    do(services.leave_room, guest, room_id=inside.room.pk)


def hand_over(inside, _do, _guest):
    case = inside.room.case
    case.holder = StaffFactory(role=StaffRole.SPECIALIST, organisation=case.asked)
    case.save()


@pytest.mark.parametrize(
    ("what", "door", "frames"),
    [
        (release, 200, 404),
        (take_over, 200, 404),  # until the new leader's view rests
        (hand_over, 200, 404),  # the leader is no doctor of the case any more
        (remove, 403, 403),
        (leave, 403, 403),
        (end, 410, 410),
    ],
)
def test_the_right_ends_with(ask, inside, do, show, admit, what, door, frames):
    guest = admit()
    show()
    ask(guest)
    assert statuses(ask, guest) == {200}

    what(inside, do, guest)

    answer = ask(guest)
    assert answer.status_code == door
    assert answer.json().get("views", []) == []
    assert statuses(ask, guest) == {frames}


def test_taken_again_by_the_same_doctor_nothing_old_is_shown(ask, inside, do, show, admit):
    guest = admit()
    show()
    do(services.release_lead, inside.answering, room_id=inside.room.pk)
    do(services.take_lead, inside.answering, room_id=inside.room.pk)
    assert ask(guest).json()["views"] == []


def test_doctors_coordinator_and_who_still_waits_do_not_come_this_way(ask, inside, do, show, admit):
    do(services.join_room, inside.coordinator, room_id=inside.room.pk, connection=uuid4())
    show()
    waiting = admit(enter=False)
    for user in (inside.asking, inside.answering, inside.coordinator, waiting):
        assert ask(user).status_code == 403
        assert statuses(ask, user) == {403}
    assert ask(StaffFactory()).status_code == 404


def test_a_doctor_shows_this_patients_images_alone(ask, inside, by, show, admit):
    """The log keeps what a page says; who may see it is not what the page says."""
    guest, other = admit(), PatientFactory()
    foreign = {"StudyInstanceUID": f"{STUDY_UID}.7", "SeriesInstanceUID": f"{STUDY_UID}.7.1"}
    kept(other, inside.asking, by, dicom_bytes(**foreign))
    study = Study.objects.get(patient=other)
    show(series=f"{STUDY_UID}.7.1", study=study.pk)
    assert ask(guest).json()["views"] == []
    assert statuses(ask, guest, f"{STUDY_UID}.7.1") == {404}


def test_nothing_is_broken_by_a_view_without_its_study(ask, inside, do, admit, images):
    guest, room = admit(), inside.room.pk
    assert ask(guest).json()["views"] == []
    do(services.take_lead, inside.answering, room_id=room)
    state = {"series": CT, "slice": 0}
    do(services.settle_view, inside.answering, room_id=room, state=state, client_id=uuid4())
    assert ask(guest).json()["views"] == []
    assert ask(guest, "shown_preview", picture_of(CT).pk, 0, size="x").status_code == 422
    assert ask(guest, "shown_pixels", uuid4(), 0).status_code == 404


@pytest.fixture
def key_image(inside, images):
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    path = files.path_of("1" * 64)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out.getvalue())
    shown = {"series": CT, "slice": 0, "view": {}, "marks": [], "caption": "CT 1"}
    return KeyImage.objects.create(
        case=inside.room.case,
        study=images,
        made_by=inside.asking,
        sha256="1" * 64,
        width=8,
        height=8,
        client_id=uuid4(),
        **shown,
    )


def test_a_key_image_that_was_shared_is_read_through_the_room(
    ask, client, inside, do, by, admit, key_image
):
    guest, room = admit(), inside.room
    assert ask(guest, "shown_key_image", key_image.pk).status_code == 404
    which = {"room_id": room.pk, "key_image_id": key_image.pk}
    do(services.share_key_image, inside.asking, **which, client_id=uuid4())

    with by(guest):
        told = queries.events_after(guest, room.pk, 0, 100)[-1]["key_image"]
    assert told["picture"] == reverse("rooms:shown_key_image", args=[room.pk, key_image.pk])
    assert {"remove", "by"}.isdisjoint(told)
    client.force_login(guest)
    assert client.get(told["picture"])["Content-Type"] == "image/jpeg"
    assert client.get(reverse("keyimages:picture", args=[key_image.pk])).status_code == 404
    row = AuditRow.objects.get(action="key_image.read", actor_id=guest.actor_id, refused="")
    assert row.reason == f"shown_in_room {room.pk}"

    KeyImage.objects.update(removed_at=key_image.created_at)
    assert client.get(told["picture"], headers=JSON).status_code == 404


MARK = {"id": "m1", "kind": "length", "series": CT, "slice": 0, "points": [[1, 2], [3, 4]]}


@pytest.mark.parametrize(
    ("role", "read"),
    [(Role.INTERPRETER, True), (Role.OBSERVER, True), (Role.COORDINATOR, False)],
)
def test_views_and_marks_of_the_log_are_read_by_guests_and_not_by_a_coordinator(
    inside, do, by, show, admit, role, read
):
    user = inside.coordinator if role == Role.COORDINATOR else admit(role)
    if role == Role.COORDINATOR:
        do(services.join_room, user, room_id=inside.room.pk, connection=uuid4())
    show()
    do(services.save_mark, inside.asking, room_id=inside.room.pk, mark=MARK, client_id=uuid4())
    with by(user):
        events = queries.events_after(user, inside.room.pk, 0, 100)[-2:]
        summed = {one["is"] for one in queries.summary(user, inside.room.pk)["events"]}
    wanted = ["view.settled", "mark.saved"] if read else ["hidden", "hidden"]
    assert [one["is"] for one in events] == wanted
    assert ({"view.settled", "mark.saved"} <= summed) == read


def test_the_page_of_a_guest_has_the_pictures_of_the_room_and_no_record(client, inside, admit):
    guest, case = admit(), inside.room.case
    client.force_login(guest)
    page = client.get(reverse("rooms:room", args=[case.pk])).content.decode()
    assert reverse("rooms:shown", args=[inside.room.pk]) in page
    assert "You see what the doctors show" in page
    assert case.patient.name not in page
    for part in ('data-panel="record"', 'data-panel="draft"', 'data-room="lead"'):
        assert part not in page
    inside.coordinator.language = "en"
    inside.coordinator.save()
    client.force_login(inside.coordinator)
    page = client.get(reverse("rooms:room", args=[case.pk])).content.decode()
    assert reverse("rooms:shown", args=[inside.room.pk]) not in page
    assert "What belongs to the patient is not shown to you" in page
