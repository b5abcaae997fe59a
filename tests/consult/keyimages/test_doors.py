"""Key images and stills: who keeps what, what is refused, and what an opinion is sealed with."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from PIL import Image

from consult.keyimages.models import KeyImage, Still
from consult.opinions import panels, sealing
from records.imaging import files
from records.imaging.models import Study
from telemed.audit.models import AuditRow
from tests.factories.consult import sign, write
from tests.factories.imaging import dicom_bytes
from tests.factories.people import StaffFactory

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


def drawn(kind="JPEG", size=(64, 48)):
    out = io.BytesIO()
    Image.new("RGB", size, (0, 136, 0)).save(out, kind)
    return out.getvalue()


@pytest.fixture
def study(client, scene):
    client.force_login(scene.asker)
    url = reverse("imaging:upload", args=[scene.patient.pk])
    client.post(url, dicom_bytes(), content_type="application/octet-stream", headers=JSON)
    return Study.objects.get()


@pytest.fixture
def keep(client, scene, study):
    """keep(by, …): what the viewer sends; (status, what it heard)."""

    def send(by, picture=None, **changed):
        sent = {
            "client_id": str(uuid4()),
            "study": str(study.pk),
            "series": study.series.get().series_uid,
            "slice": 0,
            "caption": "CT 1/1; 12.0 mm",
            "view": '{"centre": 40}',
            "marks": '[{"id": "m1"}]',
        } | changed
        content = drawn() if picture is None else picture
        file = SimpleUploadedFile("k.jpg", content, "image/jpeg")
        client.force_login(by)
        url = reverse("keyimages:keep", args=[scene.case.pk])
        answer = client.post(url, {**sent, "picture": file}, headers=JSON)
        return answer.status_code, answer.json()

    return send


def test_a_key_image_is_kept_once_and_shown_to_both_sides(client, scene, keep):
    client_id = str(uuid4())
    status, said = keep(scene.asker, client_id=client_id)
    again = keep(scene.asker, client_id=client_id)

    assert (status, again) == (200, (200, said))
    (kept,) = KeyImage.objects.all()
    assert (kept.made_by, kept.width, kept.height) == (scene.asker, 64, 48)
    assert files.path_of(kept.sha256).exists()
    assert AuditRow.objects.filter(action="key_image.keep").count() == 1
    for person in (scene.asker, scene.specialist):
        client.force_login(person)
        page = client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()
        assert kept.caption in page
        assert said["picture"] in page
        assert client.get(said["picture"])["Content-Type"] == "image/jpeg"


def test_only_pixels_come_through(keep, scene):
    """What hides behind a picture does not reach the store."""
    _status, said = keep(scene.asker, picture=drawn("PNG") + b"<script>PAYLOAD</script>")
    kept = KeyImage.objects.get(pk=said["id"])
    content = files.path_of(kept.sha256).read_bytes()
    assert content.startswith(b"\xff\xd8")
    assert b"PAYLOAD" not in content


@pytest.mark.parametrize(
    "changed",
    [
        {"picture": b"no picture"},
        {"picture": drawn(size=(4, 4))},
        {"picture": b"\xff\xd8" + b"\0" * 100},
        {"series": "9.9.9"},
        {"series": "x"},
        {"slice": -1},
        {"caption": ""},
        {"view": "[]"},
        {"view": "{"},
        {"marks": '"m"'},
        {"marks": "[" + ",".join(["{}"] * 101) + "]"},
        {"marks": '[{"id": "' + "x" * 20_001 + '"}]'},
        {"client_id": "x"},
    ],
)
def test_nonsense_is_refused_in_a_sentence_and_keeps_nothing(keep, scene, changed):
    status, said = keep(scene.asker, **changed)
    assert (status // 100, KeyImage.objects.count()) == (4, 0)
    assert len(said["text"]) > 5


def test_a_study_of_somebody_else_is_not_there(client, keep, scene):
    assert keep(scene.asker, study=str(uuid4()))[0] == 404


def test_only_the_doctors_of_the_case_keep(keep, scene):
    for person in (scene.coordinator, scene.resident, StaffFactory()):
        assert keep(person)[0] in {403, 404}
    assert not KeyImage.objects.exists()


def test_who_kept_it_takes_it_away(client, keep, scene):
    _status, said = keep(scene.asker)
    client.force_login(scene.specialist)
    assert client.post(said["remove"], headers=JSON).status_code == 403

    client.force_login(scene.asker)
    assert client.post(said["remove"], headers=JSON).status_code == 204
    page = client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()
    assert said["picture"] not in page


def test_an_opinion_is_sealed_with_the_key_images_its_doctor_chose(client, keep, scene):
    _status, first = keep(scene.asker)
    _status, second = keep(scene.specialist, caption="left out")
    client.force_login(scene.specialist)
    place = reverse("keyimages:place", args=[second["id"]])
    assert client.post(place, headers=JSON).status_code == 204
    write(scene)
    opinion = sign(scene)
    client.force_login(scene.asker)
    client.post(first["remove"], headers=JSON)

    kept = KeyImage.objects.get(pk=first["id"])
    sealed = {"id": first["id"], "sha256": kept.sha256, "caption": kept.caption}
    assert sealing.facts_of(opinion)["figures"] == [sealed]
    assert sealing.is_intact(opinion)
    assert panels.signed(opinion)["figures"] == [kept]  # though it was taken away since
    paper = reverse("opinions:paper", args=[scene.case.pk, 1])
    page = client.get(paper).content.decode()
    assert first["picture"] in page
    assert second["picture"] not in page


@pytest.fixture
def freeze(client, scene):
    def send(by, picture=None, **changed):
        sent = {"client_id": str(uuid4()), "camera_of": str(scene.asker.pk), "agreed": "on"}
        sent |= changed
        content = drawn(size=(640, 480)) if picture is None else picture
        client.force_login(by)
        url = reverse("keyimages:still", args=[scene.case.pk])
        file = SimpleUploadedFile("s.jpg", content, "image/jpeg")
        answer = client.post(url, {**sent, "picture": file}, headers=JSON)
        return answer.status_code, answer.json()

    return send


def test_a_still_becomes_a_study_of_the_case_with_who_took_it(client, freeze, scene):
    client_id = str(uuid4())
    status, said = freeze(scene.specialist, client_id=client_id)
    assert (status, freeze(scene.specialist, client_id=client_id)[1]["id"]) == (200, said["id"])

    (still,) = Still.objects.all()
    assert (still.taken_by, still.camera_of, still.agreed) == (scene.specialist, scene.asker, True)
    assert list(scene.case.studies.all()) == [still.study]
    assert AuditRow.objects.filter(action="still.keep").count() == 1
    client.force_login(scene.asker)
    client.get(reverse("imaging:study", args=[said["id"]]))
    (series,) = client.get(said["manifest"]).json()["series"]
    shown = series["common"]
    assert (shown["rows"], shown["columns"], shown["colour"]) == (480, 640, True)
    pixels = reverse("imaging:pixels", args=[shown["instance"], 0])
    content = client.get(pixels).content
    assert len(content) == 640 * 480 * 3
    assert content[0] < 10 < content[1]  # green, as it was frozen


def test_a_still_needs_the_patients_agreement(freeze, scene):
    assert freeze(scene.specialist, agreed="")[0] == 422
    assert not Study.objects.exists()


def test_the_database_keeps_no_still_without_agreement(freeze, scene, by):
    freeze(scene.specialist)
    with pytest.raises(IntegrityError), by(scene.specialist):
        Still.objects.update(agreed=False)


@pytest.mark.parametrize("picture", [b"", b"GIF89a", drawn(size=(5, 5))])
def test_what_is_no_picture_is_no_still(freeze, scene, picture):
    assert freeze(scene.specialist, picture=picture)[0] // 100 == 4
    assert not Study.objects.exists()
