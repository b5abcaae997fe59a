"""Files that are announced before they come: what is said of them is checked, and counted once."""

import json
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from records.imaging import tasks
from records.imaging.models import PARTIAL_KEPT, Shipment, ShippedFile, Study
from records.imaging.queries import arriving_for, arriving_with
from records.imaging.services import shipping
from telemed.core.models import OutboxEvent
from tests.factories.consult import drafted_case, sent_case
from tests.factories.imaging import dicom_bytes, zipped
from tests.factories.people import PatientFactory, StaffFactory, treated

SOME = "c44b67fa-f510-42cf-8cf0-450fb3df8f60"  # of nothing
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
KIND = "application/octet-stream"


class Sender:
    """What the page's script does, step by step."""

    def __init__(self, scene, user=None):
        self.scene, self.client = scene, Client()
        self.client.force_login(user or scene.asker)

    def announce(self, *files, about=None, patient=None, dropped=(), body=None):
        url = reverse("imaging:announce", args=[(patient or self.scene.patient).pk])
        said = {"about": str(about or self.scene.case.pk), "files": files, "dropped": dropped}
        return self.client.post(
            url,
            json.dumps(said) if body is None else body,
            content_type="application/json",
            headers={"accept": "application/json", "accept-language": "en"},
        )

    def send(self, content, key, shipment, name="a.dcm"):
        url = reverse("imaging:upload", args=[self.scene.patient.pk])
        headers = {"accept": "application/json", "x-file-name": quote(name)}
        headers["x-shipment"] = f"{shipment} {key}"
        return self.client.post(url, content, content_type=KIND, headers=headers)


@pytest.fixture
def scene():
    return drafted_case()


@pytest.fixture
def sender(scene):
    made = Sender(scene)
    made.client.cookies["language"] = "en"
    return made


def counts(scene):
    found = arriving_for(scene.case.pk)
    return found and (found.here, found.expected)


def test_what_is_announced_is_expected_and_what_comes_is_counted_once(sender, scene):
    shipment = sender.announce(["a", 1, 500], ["b", 1, 500]).json()["shipment"]
    assert counts(scene) == (0, 2)

    picture = dicom_bytes()
    assert sender.send(picture, "a", shipment).status_code == 200
    assert sender.send(picture, "a", shipment).status_code == 200

    assert counts(scene) == (1, 2)
    assert Shipment.objects.get().studies.count() == 1


def test_what_is_for_the_record_alone_is_counted_with_its_study(sender, scene):
    shipment = sender.announce(["a", 1, 500], ["b", 1, 500], about=scene.patient.pk).json()
    sender.send(dicom_bytes(), "a", shipment["shipment"])
    found = arriving_with(Study.objects.get())
    assert (found.here, found.expected) == (1, 2)
    assert counts(scene) is None
    other = treated(PatientFactory(), scene.clinic)
    assert sender.announce(["a", 1, 500], about=other.pk).status_code == 404


def test_what_is_left_out_is_expected_no_more(sender, scene):
    shipment = sender.announce(["a", 3, 500], ["b", 1, 500]).json()["shipment"]

    sender.send(zipped(("I1", dicom_bytes()), ("README", b"no")), "a", shipment, "disc.zip")
    assert counts(scene) == (1, 2)

    assert sender.send(b"no picture", "b", shipment).status_code == 422
    assert counts(scene) is None  # both were looked at: it has ended
    assert Shipment.objects.get().ended_at is not None


def test_the_same_files_again_need_not_be_sent_again(sender, scene):
    first = sender.announce(["a", 1, 500], ["b", 1, 500]).json()["shipment"]
    sender.send(dicom_bytes(), "a", first)

    with time_machine.travel(timezone.now() + timedelta(hours=20), tick=True):
        said = sender.announce(["a", 1, 500], ["b", 1, 500], ["c", 1, 500]).json()

    assert said == {"shipment": first, "done": {"a": 1}}
    assert counts(scene) == (1, 3)


def test_files_that_came_before_begin_no_shipment_of_their_own(sender):
    first = sender.announce(["a", 1, 500]).json()["shipment"]
    sender.send(dicom_bytes(), "a", first)

    assert sender.announce(["a", 1, 500]).json() == {"shipment": None, "done": {"a": 1}}
    assert Shipment.objects.count() == 1


def test_what_was_refused_and_is_sent_again_is_expected_again(sender, scene):
    shipment = sender.announce(["a", 1, 500], ["b", 1, 500]).json()["shipment"]
    sender.send(b"no picture", "a", shipment)
    assert counts(scene) == (0, 1)

    sender.announce(["a", 1, 500])

    assert counts(scene) == (0, 2)


def test_what_is_stopped_is_expected_no_more_and_the_last_one_ends_it(sender, scene):
    sender.announce(["a", 1, 500], ["b", 1, 500])

    sender.announce(dropped=["a"])
    assert counts(scene) == (0, 1)
    sender.announce(dropped=["b"])

    assert counts(scene) is None
    assert Shipment.objects.get().ended_at is not None


def test_pieces_move_it_although_no_image_is_whole_yet(sender, scene):
    content = zipped(("I1", dicom_bytes()), ("I2", dicom_bytes(InstanceNumber=2)))
    shipment = sender.announce(["z", 2, len(content)]).json()["shipment"]
    known = {"accept": "application/json", "x-shipment": f"{shipment} z"}
    begin = reverse("imaging:begin", args=[scene.patient.pk])
    stated = {"upload-length": str(len(content)), "x-file-name": "d.zip", "x-file-print": "z1"}
    url = sender.client.post(begin, content_type=KIND, headers=known | stated)["Location"]
    half = len(content) // 2

    def add(offset, piece):
        headers = known | {"upload-offset": str(offset)}
        assert sender.client.patch(url, piece, content_type=KIND, headers=headers)

    with time_machine.travel(timezone.now() + timedelta(minutes=30), tick=False):
        assert arriving_for(scene.case.pk).stands_still
        add(0, content[:half])
        found = arriving_for(scene.case.pk)
        assert (found.stands_still, found.here, found.share) == (
            False,
            0,
            half * 100 // len(content),
        )

    add(half, content[half:])
    sender.client.post(url, content_type=KIND, headers=known)

    assert Shipment.objects.get().ended_at is not None
    assert ShippedFile.objects.get().came == 2


def test_it_stands_still_after_ten_minutes_and_says_for_how_long(sender, scene):
    sender.announce(["a", 1, 500])

    for minutes, still in [(9, False), (10, True), (150, True)]:
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
            found = arriving_for(scene.case.pk)
            assert (found.minutes, found.stands_still) == (minutes, still)


def test_what_nobody_goes_on_with_is_given_up_after_two_days(sender, scene):
    sender.announce(["a", 1, 500])
    OutboxEvent.objects.all().delete()

    with time_machine.travel(timezone.now() + PARTIAL_KEPT + timedelta(hours=1), tick=False):
        tasks.forget_unfinished_task()

    assert Shipment.objects.get().ended_at is not None
    assert OutboxEvent.objects.get().topic == "shipment.moved"

    with time_machine.travel(timezone.now() + 3 * PARTIAL_KEPT, tick=False):
        tasks.forget_unfinished_task()

    assert not ShippedFile.objects.exists()
    assert not Shipment.objects.exists()


def test_events_tell_of_its_beginning_a_new_study_and_its_end_and_of_nothing_else(sender):
    names = ["a", "b", "c", "d"]
    shipment = sender.announce(*[[name, 1, 500] for name in names]).json()["shipment"]
    assert OutboxEvent.objects.count() == 1

    told = []
    for number, name in enumerate(names):
        sender.send(dicom_bytes(InstanceNumber=number), name, shipment)
        told.append(OutboxEvent.objects.count())

    assert told == [2, 2, 2, 3]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([["a", -1, 500]], "A file holds 0 to 20000 images."),
        ([["a", 10**12, 500]], "A file holds 0 to 20000 images."),
        ([["a", True, 500]], "A file holds 0 to 20000 images."),
        ([["a", 1.5, 500]], "A file holds 0 to 20000 images."),
        ([["a", 1, 0]], "A file has 1 byte to 600 MB."),
        ([["a", 1, -5]], "A file has 1 byte to 600 MB."),
        ([["a", 1, 2**80]], "A file has 1 byte to 600 MB."),
        ([["A b", 1, 500]], "A file is told by 1 to 32 small letters and digits."),
        ([["x" * 33, 1, 500]], "A file is told by 1 to 32 small letters and digits."),
        ([["a", 1]], "What is to come could not be read."),
        (["a"], "What is to come could not be read."),
        ([], "No file was named."),
        ([[f"a{n}", 1, 500] for n in range(5001)], "At most 5000 files at once."),
    ],
)
def test_what_is_no_sound_announcement_is_refused_and_changes_nothing(sender, files, said):
    answer = sender.announce(*files)

    assert 400 <= answer.status_code < 500
    assert answer.json()["text"] == said
    assert not Shipment.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "[", "[]", '"a"', "null", "{}", '{"about": 1, "files": []}', "[" * 50_000]
)
def test_what_is_no_announcement_at_all_is_refused(sender, body):
    assert sender.announce(body=body).status_code == 400
    assert not Shipment.objects.exists()


def test_too_long_an_announcement_is_not_read(sender):
    assert sender.announce(body=" " * ((1 << 20) + 1)).status_code == 413


def test_a_shipment_has_a_limit(sender, monkeypatch):
    monkeypatch.setattr(shipping, "MOST_FILES", 2)
    sender.announce(["a", 1, 500], ["b", 1, 500])

    assert sender.announce(["c", 1, 500]).status_code == 409
    assert ShippedFile.objects.count() == 2


def test_another_s_case_another_patient_s_and_none_are_not_there(sender, scene):
    other = sent_case()
    neighbour = treated(PatientFactory(), scene.clinic)

    for wrong in [
        {"about": other.case.pk},
        {"about": uuid4()},
        {"patient": neighbour},  # of the same clinic, and not who the case is about
    ]:
        assert sender.announce(["a", 1, 500], **wrong).status_code == 404
    assert sender.announce(["a", 1, 500], patient=other.patient).status_code in {403, 404}
    assert not Shipment.objects.exists()


def test_who_answers_announces_nothing(scene):
    sent = sent_case()

    assert Sender(sent, sent.specialist).announce(["a", 1, 500]).status_code in {403, 404}
    assert not Shipment.objects.exists()


def test_a_colleague_s_shipment_is_not_mine(sender, scene):
    shipment = sender.announce(["a", 1, 500]).json()["shipment"]
    colleague = StaffFactory(organisation=scene.clinic, role="township_doctor")

    assert Sender(scene, colleague).send(dicom_bytes(), "a", shipment).status_code == 404
    assert counts(scene) == (0, 1)


@pytest.mark.parametrize("header", ["x", "a b c", SOME, f"{SOME} A!", "-" * 36 + " a"])
def test_a_file_of_no_shipment_that_could_be_is_refused_before_it_is_kept(sender, scene, header):
    url = reverse("imaging:upload", args=[scene.patient.pk])
    headers = {"accept": "application/json", "x-shipment": header}
    answer = sender.client.post(url, dicom_bytes(), content_type=KIND, headers=headers)

    assert answer.status_code == 422
    assert not scene.patient.studies.exists()


def test_the_page_says_what_the_images_are_for_and_until_when(sender, scene):
    page = reverse("imaging:upload", args=[scene.patient.pk])

    said = sender.client.get(f"{page}?about={scene.case.pk}", headers={"accept-language": "en"})
    assert f'data-about="{scene.case.pk}"' in said.content.decode()
    assert sender.client.get(f"{page}?about={uuid4()}").status_code == 404
    assert sender.client.get(f"{page}?about=x").status_code == 422
