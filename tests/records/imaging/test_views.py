"""Every door of imaging: what it lets in, what it hands out, and to whom."""

import io
import json
import stat
import zipfile
import zlib
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pydicom
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pydicom.data import get_testdata_file

from records.imaging import intake
from records.imaging.models import Instance, Opening, Study
from telemed.audit.models import AuditRow
from tests.factories.imaging import STUDY_UID, as_bytes, dicom, dicom_bytes
from tests.factories.people import PatientFactory, StaffFactory, treated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
JSON = {"accept": "application/json"}


@pytest.fixture
def send(signed_in, patient):
    """send(b"…"): one file through the door; (status, what it said)."""

    def post(content, name="a.dcm", to=None):
        url = reverse("imaging:upload", args=[(to or patient).pk])
        headers = JSON | {"x-file-name": quote(name)}
        kind = "application/octet-stream"
        answer = signed_in.post(url, content, content_type=kind, headers=headers)
        return answer.status_code, answer.json()

    return post


def zipped(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


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


# ---- what comes in ----


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
    monkeypatch.setattr("records.imaging.views._length", lambda request: 0)
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


# ---- what goes out ----


def open_study(client):
    study = Study.objects.get()
    assert client.get(reverse("imaging:study", args=[study.pk])).status_code == 200
    return client.get(reverse("imaging:series", args=[study.pk]))


def manifest(client):
    answer = open_study(client)
    body = answer.content
    return json.loads(zlib.decompress(body) if answer.has_header("Content-Encoding") else body)


def frame(client, instance, index=0, **headers):
    return client.get(reverse("imaging:pixels", args=[instance.pk, index]), headers=headers)


@pytest.mark.parametrize(
    "name",
    ["CT_small.dcm", "MR_small.dcm", "MR_small_bigendian.dcm", "MR_small_RLE.dcm", "693_J2KI.dcm"],
)
def test_exact_pixels_are_what_pydicom_reads(send, signed_in, name):
    path = get_testdata_file(name, download=False)
    send(Path(path).read_bytes(), name=name)
    open_study(signed_in)

    answer = frame(signed_in, Instance.objects.get(), **{"Accept-Encoding": "gzip, deflate"})

    expected = pydicom.dcmread(path).pixel_array
    dtype, rows, columns, samples = answer["X-Pixels"].split()
    assert answer["Content-Encoding"] == "deflate"
    assert (int(rows), int(columns), samples) == (*expected.shape, "1")
    values = np.frombuffer(zlib.decompress(answer.content), np.dtype(dtype).newbyteorder("<"))
    assert np.array_equal(values.reshape(expected.shape), expected)


def test_the_ultrasound_sample_comes_in_true_colour_frame_by_frame(send, signed_in):
    path = get_testdata_file("examples_ybr_color.dcm", download=False)
    send(Path(path).read_bytes())
    (series,) = manifest(signed_in)["series"]

    answer = frame(signed_in, Instance.objects.get(), 29)

    expected = pydicom.dcmread(path).pixel_array  # pydicom turns YBR into RGB
    assert len(series["slices"]) == 30
    assert series["common"]["colour"]
    assert answer["X-Pixels"] == "uint8 240 320 3"
    assert answer.content == expected[29].tobytes()


def test_the_manifest_of_the_tilted_head_says_how_it_lies(send, signed_in, series):
    content = zipped(*((path.name, path.read_bytes()) for path in series("ct-head-human")))
    status, said = send(content, name="head.zip")

    (stack,) = manifest(signed_in)["series"]

    assert (status, len(said["accepted"])) == (200, 28)
    assert [one["number"] for one in stack["slices"]] == list(range(1, 29))
    assert stack["letters"] == {"left": "R", "right": "L", "top": "AH", "bottom": "PF"}
    assert (stack["tilt"], stack["even"]) == (18.5, False)
    assert stack["gaps"] == {"min": 1.08, "max": 7.0}
    assert stack["common"]["spacing"] == [0.4882812, 0.4882812]
    assert stack["presets"][0]["word"] == "brain"
    assert "QMNx85rKkkg" not in json.dumps(stack)


def test_what_cannot_be_decoded_is_kept_and_says_so(send, signed_in):
    path = get_testdata_file("MR_small_jpeg_ls_lossless.dcm", download=False)
    status, said = send(Path(path).read_bytes())

    (stack,) = manifest(signed_in)["series"]

    assert (status, said["accepted"]) == (200, ["a.dcm"])
    assert said["notShown"][0]["why"] == stack["common"]["whyNot"]
    assert frame(signed_in, Instance.objects.get()).status_code == 422


def test_a_frame_is_kept_by_this_browser_alone_and_never_changes(send, signed_in):
    send(dicom_bytes())
    open_study(signed_in)
    instance = Instance.objects.get()

    first = frame(signed_in, instance)
    again = frame(signed_in, instance, **{"If-None-Match": first["ETag"]})

    assert "private" in first["Cache-Control"]
    assert "immutable" in first["Cache-Control"]
    assert again.status_code == 304


def test_a_preview_is_a_small_jpeg_through_the_asked_window(send, signed_in):
    send(dicom_bytes())
    open_study(signed_in)
    url = reverse("imaging:preview", args=[Instance.objects.get().pk, 0])

    answer = signed_in.get(url, {"centre": "-1012", "width": "24", "size": 64})

    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content[:3] == b"\xff\xd8\xff"
    assert signed_in.get(url, {"size": 10**9}).status_code == 422
    assert signed_in.get(url, {"width": "nan", "centre": "inf"}).status_code == 422


def test_a_frame_that_is_not_there_is_not_found(send, signed_in):
    send(dicom_bytes())
    open_study(signed_in)
    assert frame(signed_in, Instance.objects.get(), 1).status_code == 404


def test_who_the_files_name_is_shown_when_it_is_somebody_else(send, signed_in):
    send(dicom_bytes(PatientName="LI^SI", PatientID="77"))
    page = signed_in.get(reverse("imaging:study", args=[Study.objects.get().pk]))
    assert "LI SI 77" in page.content.decode()


def test_the_name_of_the_donor_s_hospital_is_never_shown(send, signed_in, series):
    send(series("ct-head-phantom")[0].read_bytes())
    assert b"QMC" not in open_study(signed_in).content
    assert "QMC" not in json.dumps(Instance.objects.get().facts)


def test_opening_is_audited_once_and_frames_are_counted(send, signed_in):
    send(dicom_bytes())
    open_study(signed_in)
    for _number in range(3):
        frame(signed_in, Instance.objects.get())

    assert AuditRow.objects.filter(action="study.read").count() == 1
    assert Opening.objects.get().frames == 3


def test_a_stranger_sees_none_of_it(send, client, patient):
    send(dicom_bytes())
    study, instance = Study.objects.get(), Instance.objects.get()
    urls = [
        reverse("imaging:upload", args=[patient.pk]),
        reverse("imaging:studies", args=[patient.pk]),
        reverse("imaging:study", args=[study.pk]),
        reverse("imaging:series", args=[study.pk]),
        reverse("imaging:pixels", args=[instance.pk, 0]),
        reverse("imaging:preview", args=[instance.pk, 0]),
    ]

    client.logout()
    assert {client.get(url).status_code for url in urls} == {302}
    client.force_login(StaffFactory())
    assert {client.get(url).status_code for url in urls} == {404}
    upload = {"file": SimpleUploadedFile("b.dcm", dicom_bytes())}
    assert client.post(urls[0], upload, headers=JSON).status_code == 404
    assert Instance.objects.count() == 1


def test_the_resident_sees_the_pictures_and_adds_none(send, client, patient, stranger):
    send(dicom_bytes())
    patient.user = stranger
    patient.save()
    client.force_login(stranger)

    assert client.get(reverse("imaging:studies", args=[patient.pk])).status_code == 200
    assert client.get(reverse("imaging:study", args=[Study.objects.get().pk])).status_code == 200
    assert client.get(reverse("imaging:upload", args=[patient.pk])).status_code == 403


def test_a_form_without_the_token_is_refused(doctor, patient):
    client = Client(enforce_csrf_checks=True)
    client.force_login(doctor)
    url = reverse("imaging:upload", args=[patient.pk])

    assert client.post(url, {"file": SimpleUploadedFile("a", dicom_bytes())}).status_code == 403
    assert STUDY_UID not in Study.objects.values_list("study_uid", flat=True)
