"""A file in pieces: it goes on where it stopped, and nobody else's, too much or too old goes."""

from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from records.imaging import files, intake, parts, tasks
from records.imaging.models import Instance, PartialUpload
from records.imaging.services import pieces
from telemed.audit.models import AuditRow
from tests.factories.imaging import dicom_bytes, zipped
from tests.factories.people import PatientFactory, StaffFactory, treated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
KIND = "application/octet-stream"
JSON = {"accept": "application/json"}


class Sender:
    """What the page's script does, step by step."""

    def __init__(self, client, patient):
        self.client, self.patient = client, patient

    def begin(self, size, name="disc.zip", fingerprint="a-1"):
        url = reverse("imaging:begin", args=[self.patient.pk])
        stated = {"upload-length": str(size), "x-file-name": quote(name)}
        headers = JSON | stated | {"x-file-print": fingerprint}
        return self.client.post(url, content_type=KIND, headers=headers)

    def add(self, url, offset, piece):
        headers = JSON | {"upload-offset": str(offset)}
        return self.client.patch(url, piece, content_type=KIND, headers=headers)

    def finish(self, url):
        return self.client.post(url, content_type=KIND, headers=JSON)


@pytest.fixture
def sender(signed_in, patient):
    return Sender(signed_in, patient)


@pytest.fixture
def begun(sender):
    """begun(b"…"): where the pieces of it go."""
    return lambda content, **how: sender.begin(len(content), **how)["Location"]


def at(answer):
    return answer.status_code, int(answer["Upload-Offset"])


def test_a_file_in_pieces_is_kept_byte_for_byte(sender, begun, store):
    picture = dicom_bytes()
    content = zipped(("I1", picture), ("README", b"no"))
    url = begun(content)
    for start in range(0, len(content), 300):
        answer = sender.add(url, start, content[start : start + 300])
        assert at(answer) == (200, min(start + 300, len(content)))

    answer = sender.finish(url)

    assert (answer.status_code, answer.json()["accepted"]) == (200, ["I1"])
    assert [item["name"] for item in answer.json()["refused"]] == ["README"]
    assert files.path_of(Instance.objects.get().sha256).read_bytes() == picture
    assert list((store / "parts").iterdir()) == []
    assert list(AuditRow.objects.values_list("action", flat=True)) == [
        "upload.begin",
        "study.store",
    ]


def test_it_goes_on_where_it_stopped_also_a_day_later(sender, begun):
    content = dicom_bytes()
    url = begun(content, name="头.dcm")
    sender.add(url, 0, content[:400])

    with time_machine.travel(timezone.now() + timedelta(hours=26), tick=True):
        again = sender.begin(len(content), name="头.dcm")
        assert (again["Location"], at(again)) == (url, (201, 400))
        assert at(sender.client.head(url)) == (200, 400)
        sender.add(url, 400, content[400:])
        assert sender.finish(url).json()["accepted"] == ["头.dcm"]


def test_a_piece_at_the_wrong_place_changes_nothing_and_says_the_right_one(sender, begun):
    content = dicom_bytes()
    url = begun(content)
    sender.add(url, 0, content[:400])

    assert at(sender.add(url, 0, content[:400])) == (409, 400)  # sent twice
    assert at(sender.add(url, 500, content[500:])) == (409, 400)
    assert at(sender.client.head(url)) == (200, 400)


def test_what_a_crash_left_behind_the_counted_bytes_is_overwritten(sender, begun):
    content = dicom_bytes()
    url = begun(content)
    sender.add(url, 0, content[:400])
    with parts.path_of(PartialUpload.objects.get().pk).open("ab") as file:
        file.write(b"half a piece that was never counted")

    assert at(sender.client.head(url)) == (200, 400)
    sender.add(url, 400, content[400:])

    assert sender.finish(url).json()["accepted"] == ["disc.zip"]


def test_a_file_that_the_disk_lost_begins_anew(sender, begun):
    content = dicom_bytes()
    url = begun(content)
    sender.add(url, 0, content[:400])
    parts.path_of(PartialUpload.objects.get().pk).unlink()

    assert at(sender.begin(len(content))) == (201, 0)
    sender.add(url, 0, content)

    assert sender.finish(url).json()["accepted"] == ["disc.zip"]


def test_what_counts_is_on_the_disk_before_it_counts(sender, begun, monkeypatch):
    flushed, flush = [], files.flush_path

    def note(path):
        flushed.append((path.name, PartialUpload.objects.get().received))
        flush(path)

    monkeypatch.setattr(files, "flush_path", note)
    sender.add(begun(bytes(500)), 0, bytes(400))

    assert flushed == [(str(PartialUpload.objects.get().pk), 0), ("parts", 0)]
    assert PartialUpload.objects.get().received == 400


def test_who_did_not_hear_the_outcome_hears_it_again(sender, begun):
    content = dicom_bytes()
    url = begun(content)
    sender.add(url, 0, content)
    first = sender.finish(url)

    assert sender.finish(url).json() == first.json()
    again = sender.begin(len(content))
    assert (again["Location"], at(again)) == (url, (201, len(content)))
    assert Instance.objects.count() == 1


def test_what_was_refused_may_come_again(sender, begun):
    url = begun(b"no picture")
    sender.add(url, 0, b"no picture")
    assert sender.finish(url).status_code == 422

    assert at(sender.begin(10)) == (201, 0)


def test_an_incomplete_file_is_not_taken(sender, begun):
    content = dicom_bytes()
    url = begun(content)
    sender.add(url, 0, content[:400])

    assert sender.finish(url).status_code == 409
    assert at(sender.client.head(url)) == (200, 400)


def test_more_than_was_announced_is_refused(sender, begun):
    url = begun(bytes(500))
    sender.add(url, 0, bytes(400))

    assert sender.add(url, 400, bytes(200)).status_code == 422
    assert at(sender.client.head(url)) == (200, 400)


def test_the_limits_hold(sender, begun, monkeypatch):
    monkeypatch.setattr(intake, "limit", lambda: 1000)
    monkeypatch.setattr(pieces, "MOST", 2)
    monkeypatch.setattr("records.imaging.views.pieces.MAX_PIECE", 100)

    assert sender.begin(1001).status_code == 413
    assert sender.add(begun(bytes(500)), 0, bytes(101)).status_code == 413
    assert sender.begin(500, fingerprint="b").status_code == 201
    assert sender.begin(500, fingerprint="c").status_code == 409
    assert sender.begin(500).status_code == 201  # the first one, again


@pytest.mark.parametrize("stated", ["", "-1", "1.5", "٣", "9" * 30, "0"])
def test_what_is_no_size_is_refused(sender, stated):
    assert sender.begin(stated).status_code == 422
    assert not PartialUpload.objects.exists()


@pytest.mark.parametrize("fingerprint", ["", "A B", "x" * 65, "a\nb"])
def test_what_is_no_fingerprint_is_refused(sender, fingerprint):
    assert sender.begin(10, fingerprint=fingerprint).status_code == 422


def test_another_person_s_upload_is_not_there(sender, begun, patient):
    url = begun(bytes(500))
    sender.add(url, 0, bytes(400))
    colleague = StaffFactory(organisation=patient.managing_organisation)
    client = Client()
    client.force_login(colleague)
    other = Sender(client, patient)

    assert client.head(url).status_code == 404
    assert other.add(url, 400, bytes(100)).status_code == 404
    assert other.finish(url).status_code == 404
    assert PartialUpload.objects.get().received == 400


def test_who_may_not_add_pictures_begins_nothing(signed_in, begun):
    assert Sender(signed_in, PatientFactory()).begin(10).status_code in {403, 404}
    assert Sender(Client(), PatientFactory()).begin(10).status_code == 302
    assert not PartialUpload.objects.exists()


def test_a_page_of_somebody_else_adds_nothing(sender, begun, doctor):
    url = begun(bytes(500))
    client = Client(enforce_csrf_checks=True)
    client.force_login(doctor)

    assert Sender(client, sender.patient).add(url, 0, bytes(100)).status_code == 403
    assert PartialUpload.objects.get().received == 0


def test_rights_that_ended_end_the_upload(sender, begun, patient, monkeypatch):
    url = begun(bytes(500))
    monkeypatch.setattr("records.consent.access.decide", lambda *a: type("No", (), {"allowed": 0}))

    assert sender.add(url, 0, bytes(400)).status_code == 403
    assert PartialUpload.objects.get().received == 0


def test_one_file_of_two_people_is_two_uploads(sender, signed_in, doctor):
    other = Sender(signed_in, treated(PatientFactory(), doctor.organisation))
    assert sender.begin(10)["Location"] != other.begin(10)["Location"]


def test_what_nobody_went_on_with_is_forgotten_after_two_days(sender, begun, store):
    old, fresh = begun(bytes(500), fingerprint="old"), begun(bytes(500), fingerprint="fresh")
    sender.add(old, 0, bytes(100))
    with time_machine.travel(timezone.now() + timedelta(hours=30), tick=False):
        sender.add(fresh, 0, bytes(100))
    left = PartialUpload.objects.get(fingerprint="fresh")
    stamp = left.touched_at.timestamp()
    files.os.utime(parts.path_of(left.pk), (stamp, stamp))  # the disk's clock does not travel

    with time_machine.travel(timezone.now() + timedelta(hours=49), tick=False):
        assert tasks.forget_unfinished_task() == 1

    assert PartialUpload.objects.get() == left
    assert [path.name for path in (store / "parts").iterdir()] == [str(left.pk)]
    assert sender.client.head(old).status_code == 404
    assert at(sender.client.head(fresh)) == (200, 100)


def test_the_page_says_what_is_unfinished(sender, begun, django_assert_max_num_queries):
    url = begun(bytes(500), name="头颅.zip")
    sender.add(url, 0, bytes(210))
    page = reverse("imaging:upload", args=[sender.patient.pk])

    with django_assert_max_num_queries(12):
        text = sender.client.get(page).content.decode()

    assert "头颅.zip" in text
    assert "42%" in text
    assert url in text
