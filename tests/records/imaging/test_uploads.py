"""What imaging's doors let in."""

import os
import stat
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from records.imaging import children, files, intake
from records.imaging.models import Instance, Study
from records.imaging.reader.wire import Refused
from tests.factories.imaging import STUDY_UID, as_bytes, dicom, dicom_bytes, zipped
from tests.factories.people import PatientFactory, treated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
JSON = {"accept": "application/json"}


def link(name, target):
    member = zipfile.ZipInfo(name)
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member, target


def nested(levels):
    """A file whose ReferencedStudySequence holds itself, that many times, of undefined length."""
    tag, start = b"\x08\x00\x10\x11", b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    ends = b"\xfe\xff\x0d\xe0\0\0\0\0" + b"\xfe\xff\xdd\xe0\0\0\0\0"
    sequence = (tag + b"SQ\0\0\xff\xff\xff\xff" + start) * levels + ends * levels
    sound = as_bytes(dicom())
    before = sound.index(b"\x10\x00\x10\x00PN")  # PatientName: the first tag after it in order
    return sound[:before] + sequence + sound[before:]


def test_a_dicom_file_comes_in_and_is_shown_under_its_study(send):
    status, said = send(dicom_bytes(), name="头/a.dcm")

    assert status == 200
    assert said["accepted"] == ["头/a.dcm"]
    (study,) = said["studies"]
    assert study["id"] == str(Study.objects.get().pk)
    assert study["stated"]["name"] == "张 三丰"


def test_the_same_file_twice_is_already_here(send):
    original = dicom_bytes()
    send(original)

    status, said = send(original)

    assert (status, said["already"]) == (200, ["a.dcm"])
    assert Instance.objects.count() == 1


def test_a_zip_keeps_what_is_sound_and_names_the_rest(send):
    status, said = send(
        zipped(
            ("DICOM/I1", dicom_bytes()),
            ("DICOM/I2", dicom_bytes(InstanceNumber=2)),
            ("README.TXT", b"read me"),
            ("__MACOSX/._I1", b"litter"),
            ("../../etc/cron.d/x", dicom_bytes()),
            ("C:\\evil.dcm", dicom_bytes()),
            link("link.dcm", "/etc/passwd"),
            ("inner.zip", zipped(("a", b"b"))),
        ),
        name="disc.zip",
    )

    assert status == 200
    assert said["accepted"] == ["DICOM/I1", "DICOM/I2"]
    why = {item["name"]: item["why"] for item in said["refused"]}
    assert set(why) == {
        "README.TXT",
        "../../etc/cron.d/x",
        "C:\\evil.dcm",
        "link.dcm",
        "inner.zip",
    }
    assert len(set(why.values())) == 4  # four reasons: two names point outside


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_member_that_breaks_the_reader_is_left_out_alone(send, monkeypatch, deaths):
    """The second member ends the child that comes to it; one that begins with it is proof."""
    whole, died = children.stream, []

    def stream(*key_and_do, first, **asked):
        parts = whole(*key_and_do, first=first, **asked)
        yield next(parts)
        for number, part in enumerate(parts, first):
            if number == 1 and len(died) < deaths:
                died.append(number)
                raise Refused("reader_died")
            yield part

    monkeypatch.setattr(children, "stream", stream)
    names = ["I1", "I2", "I3", "I4"]

    status, said = send(zipped(*((name, dicom_bytes()) for name in names)), name="disc.zip")

    assert status == 200
    lost = ["I2"] if deaths == 2 else []
    assert [item["name"] for item in said["refused"]] == lost
    assert said["accepted"] == [name for name in names if name not in lost]


def test_what_is_acknowledged_is_on_the_disk_with_the_way_to_it(send, store, monkeypatch):
    flushed, flush = set(), os.fsync

    def fsync(handle):
        flushed.add(os.fstat(handle).st_ino)
        flush(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    send(zipped(("I1", dicom_bytes()), ("I2", dicom_bytes())), name="disc.zip")
    send(dicom_bytes())

    kept = [files.path_of(sha256) for sha256 in Instance.objects.values_list("sha256", flat=True)]
    assert len(kept) == 3
    for path in kept:
        way = [path, *list(path.parents)[:3]]
        assert way[-1] == store
        assert {one.stat().st_ino for one in way} <= flushed
        assert path.stat().st_mode & 0o777 == 0o440


def test_the_page_works_without_script(signed_in, patient):
    url = reverse("imaging:upload", args=[patient.pk])
    sent = [SimpleUploadedFile("a.dcm", dicom_bytes()), SimpleUploadedFile("b.txt", b"no")]

    assert signed_in.get(url).status_code == 200
    page = signed_in.post(url, {"file": sent}).content.decode()

    assert "b.txt" in page
    assert reverse("imaging:study", args=[Study.objects.get().pk]) in page


def test_chinese_names_are_read_in_their_own_charset(send):
    send(dicom_bytes(SpecificCharacterSet="GB18030", PatientName="王^小丽"))
    assert Study.objects.get().stated["name"] == "王 小丽"


def bomb():
    return zipped(("big", bytes(80 << 20)))


HOSTILE = {
    "nothing": b"",
    "random bytes": bytes(range(256)) * 64,
    "a text": b"not a picture",
    "a header and nothing else": bytes(128) + b"DICM",
    "a header and noise": bytes(128) + b"DICM" + bytes(range(256)) * 20,
    "half a file": as_bytes(dicom())[:-20],
    "a quarter of a file": as_bytes(dicom())[:300],
    "no study": dicom_bytes(StudyInstanceUID=None),
    "a path for a study": dicom_bytes(StudyInstanceUID="../../etc"),
    "a long identifier": dicom_bytes(SeriesInstanceUID="1." * 40 + "1"),
    "more rows than bytes": dicom_bytes(Rows=65535, Columns=65535),
    "no rows": dicom_bytes(Rows=0),
    "many frames": dicom_bytes(NumberOfFrames=2_000_000_000),
    "a negative count": dicom_bytes(NumberOfFrames=-5, Rows=5),
    "strange samples": dicom_bytes(SamplesPerPixel=7),
    "strange bits": dicom_bytes(BitsAllocated=12),
    "a report": dicom_bytes(Rows=None, Columns=None),
    "a broken zip": zipped(("a", b"b"))[:-10],
    "an empty zip": zipped(),
    "a zip of a zip": zipped(("in.zip", zipped(("a.dcm", dicom_bytes())))),
    "a zip of climbing names": zipped(("../a.dcm", dicom_bytes())),
    "a zip of a link": zipped(link("a.dcm", "/etc/passwd")),
    "too many members": zipped(*((str(n), b"") for n in range(5_001))),
    "a bomb": bomb(),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_not_sound_is_refused_with_a_reason_and_changes_nothing(send, store, content):
    status, said = send(content)

    assert status == 422
    assert said["accepted"] == []
    assert all(item["why"] for item in said["refused"])
    assert said["refused"]
    assert not Study.objects.exists()
    assert not [path for path in store.rglob("*") if path.is_file()]


@pytest.mark.parametrize("levels", [20, 3_000])
def test_deep_sequences_end_in_an_answer(send, levels):
    content = nested(levels)

    status, said = send(content)

    assert status == (200 if levels == 20 else 422)
    assert bool(said["accepted"]) == (levels == 20)


def test_numbers_that_are_none_do_not_harm(send):
    made = dicom(WindowCenter=None, WindowWidth=None, PixelSpacing=None)
    made.RescaleSlope = 0
    made.ImageOrientationPatient = [1, 0, 0, 1, 0, 0]  # no plane

    assert send(as_bytes(made))[0] == 200
    facts = Instance.objects.get().facts
    assert facts["orientation"] is None
    assert facts["frames"][0]["slope"] == 1
    assert facts["frames"][0]["window"][1] >= 1


def test_a_file_over_the_limit_is_refused_before_it_is_read(signed_in, patient, monkeypatch):
    monkeypatch.setattr(intake, "limit", lambda: 1000)
    url = reverse("imaging:upload", args=[patient.pk])

    answer = signed_in.post(url, {"file": SimpleUploadedFile("a", bytes(100_000))}, headers=JSON)

    assert answer.status_code == 413
    assert answer.json()["refused"][0]["why"]


@pytest.mark.parametrize("form", [True, False])
def test_a_file_over_the_limit_is_refused_when_the_request_lies(
    send, signed_in, patient, monkeypatch, form
):
    monkeypatch.setattr("records.imaging.views.upload.length_of", lambda request: 0)
    monkeypatch.setattr(intake, "limit", lambda: 1000)
    url = reverse("imaging:upload", args=[patient.pk])
    file = {"file": SimpleUploadedFile("a", bytes(100_000))}

    answer = signed_in.post(url, file, headers=JSON) if form else None
    status, said = (answer.status_code, answer.json()) if answer else send(bytes(100_000))

    assert (status, said["accepted"]) == (422, [])
    assert said["refused"][0]["why"]


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\nnonsense"])
def test_a_broken_form_is_no_file(signed_in, patient, body):
    url = reverse("imaging:upload", args=[patient.pk])
    answer = signed_in.post(url, body, content_type="multipart/form-data; boundary=x", headers=JSON)
    assert answer.status_code in {400, 422}


def test_a_study_of_somebody_else_is_refused(send, doctor):
    send(dicom_bytes())
    other = treated(PatientFactory(name="李四"), doctor.organisation)

    status, said = send(dicom_bytes(), to=other)

    assert (status, said["studies"]) == (422, [])


def test_a_form_without_the_token_is_refused(doctor, patient):
    client = Client(enforce_csrf_checks=True)
    client.force_login(doctor)
    url = reverse("imaging:upload", args=[patient.pk])

    assert client.post(url, {"file": SimpleUploadedFile("a", dicom_bytes())}).status_code == 403
    assert STUDY_UID not in Study.objects.values_list("study_uid", flat=True)
