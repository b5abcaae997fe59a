"""What imaging's doors hand out, and to whom."""

import json
import zlib
from pathlib import Path

import numpy as np
import pydicom
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pydicom.data import get_testdata_file

from records.imaging.models import Instance, Opening, Study
from telemed.audit.models import AuditRow
from tests.factories.imaging import dicom_bytes, zipped
from tests.factories.people import StaffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
JSON = {"accept": "application/json"}


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
