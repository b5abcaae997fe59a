"""Photographs and PDFs through the doors: kept as what they are, or refused in words."""

from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from PIL import Image

from records.imaging import attaching
from records.imaging.models import Attachment, Instance, Opening, PartialUpload, Study
from records.imaging.reader import photo as photos
from telemed.audit.models import AuditRow
from tests.factories.attachments import drawing, jpeg, pdf, png
from tests.factories.people import StaffFactory
from tests.records.imaging.test_views import manifest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
JSON = {"accept": "application/json"}
KIND = "application/octet-stream"
PAPER = "Photograph of a paper ECG: not measured"


@pytest.fixture(params=["en"])
def language(request, doctor):
    doctor.language = request.param
    doctor.save()
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def attach(signed_in, patient, language):
    """attach(b"…", "photo"): one file through the door; (status, what it said)."""

    def post(content, attachment, name="a.jpg", client=signed_in):
        url = reverse("imaging:upload", args=[patient.pk])
        headers = JSON | {"x-file-name": quote(name), "x-attachment": attachment}
        answer = client.post(url, content, content_type=KIND, headers=headers)
        return answer.status_code, answer.json()

    return post


def test_a_photo_becomes_a_study_of_the_patient(attach, patient, published):
    status, said = attach(jpeg(), "photo", name="伤口.jpg")

    study = Study.objects.get()
    assert (status, said["accepted"]) == (200, ["伤口.jpg"])
    assert said["studies"] == [
        {
            "id": str(study.pk),
            "stated": study.stated,
            "frames": 1,
            "called": "Photo",
            "document": False,
        }
    ]
    assert (study.patient, study.attachment, study.modality) == (patient, "photo", "XC")
    assert abs(timezone.now() - study.studied_at) < timedelta(minutes=1)
    assert published[-1]["resourceType"] == "ImagingStudy"
    assert list(AuditRow.objects.values_list("action", flat=True)) == ["study.store"]


def test_what_comes_together_is_one_study_and_what_comes_later_another(attach):
    attach(jpeg(), "photo")
    attach(png(drawing(64, 64)), "photo")
    attach(jpeg(), "paper_ecg")
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=True):
        attach(jpeg(quality=60), "photo")

    kept = Study.objects.order_by("created_at")
    assert [(one.attachment, one.frame_count) for one in kept] == [
        ("photo", 2),
        ("paper_ecg", 1),
        ("photo", 1),
    ]


def test_a_colleague_s_photo_is_a_study_of_its_own(attach, doctor):
    colleague = Client()
    colleague.force_login(StaffFactory(organisation=doctor.organisation))
    attach(jpeg(), "photo")
    attach(png(), "photo", client=colleague)
    assert Study.objects.count() == 2


def test_the_same_photo_again_is_already_here(attach):
    attach(jpeg(), "photo")
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
        status, said = attach(jpeg(), "photo")
    assert (status, said["accepted"], said["already"]) == (200, [], ["a.jpg"])
    assert Instance.objects.count() == 1


def test_a_paper_ecg_is_marked_for_the_viewer_and_in_every_list(attach, signed_in, patient):
    _status, said = attach(jpeg(), "paper_ecg")

    (stack,) = manifest(signed_in)["series"]
    assert stack["attachment"] == "paper_ecg"
    assert stack["common"]["colour"]
    assert said["studies"][0]["called"] == PAPER
    page = signed_in.get(reverse("imaging:studies", args=[patient.pk])).content.decode()
    assert f"<b>{PAPER}</b>" in page
    study = signed_in.get(reverse("imaging:study", args=[Study.objects.get().pk]))
    assert PAPER in study.content.decode()


def test_photos_of_another_kind_are_never_one_stack(attach, signed_in):
    attach(jpeg(), "photo")
    attach(jpeg(drawing(240, 320)), "photo")
    stacks = manifest(signed_in)["series"]
    assert [stack["attachment"] for stack in stacks] == ["photo", "photo"]


def test_a_pdf_opens_in_the_browser_s_reader_under_an_audited_look(attach, signed_in):
    content = pdf(3)
    attach(content, "document", name="出院小结.pdf")
    instance = Instance.objects.get()
    url = reverse("imaging:document", args=[instance.pk])
    assert signed_in.get(url).status_code == 404  # not under a look

    page = signed_in.get(reverse("imaging:study", args=[Study.objects.get().pk]))
    answer = signed_in.get(url)

    assert "3 pages" in page.content.decode()
    assert url in page.content.decode()
    assert answer.content == content
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{instance.pk}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert "no-store" in answer["Cache-Control"]
    assert AuditRow.objects.filter(action="study.read").count() == 1
    assert Opening.objects.get().frames == 1
    kept = signed_in.get(url, {"keep": "1"})
    assert kept["Content-Disposition"].startswith("attachment")


def test_a_pdf_is_no_picture_and_a_picture_no_pdf(attach, signed_in):
    attach(pdf(), "document")
    assert manifest(signed_in)["series"] == []
    document = Instance.objects.get()
    frame = reverse("imaging:pixels", args=[document.pk, 0])
    assert signed_in.get(frame).status_code == 404
    attach(jpeg(), "photo")
    picture = Instance.objects.exclude(pk=document.pk).get()
    signed_in.get(reverse("imaging:study", args=[picture.series.study_id]))
    assert signed_in.get(reverse("imaging:document", args=[picture.pk])).status_code == 404


def test_somebody_else_gets_no_pdf(attach, client):
    attach(pdf(), "document")
    client.force_login(StaffFactory())
    url = reverse("imaging:document", args=[Instance.objects.get().pk])
    assert client.get(url).status_code == 404


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200
BAD = [
    (b"hello", "photo", "This is no JPEG or PNG picture.", "这不是JPEG或PNG图片。"),
    (HEIC, "paper_ecg", "HEIC pictures cannot be read here.", "这里不能读取HEIC图片。"),
    (pdf(), "photo", "This is a PDF, not a picture.", "这是PDF，不是图片。"),
    (jpeg()[:900], "photo", "The picture is damaged or cut off.", "图片已损坏或不完整。"),
    (jpeg(drawing(9, 9)), "photo", "The picture is too small", "图片太小"),
    (jpeg(), "document", "This is not a PDF file.", "这不是PDF文件。"),
    (pdf()[:-30], "document", "The PDF is damaged or not complete.", "PDF已损坏或不完整。"),
    (pdf(trailer=b"/Encrypt 9 0 R"), "document", "The PDF is locked", "PDF有密码保护"),
]


@pytest.mark.parametrize(
    ("content", "attachment", "english", "_chinese"),
    BAD,
    ids=["text", "heic", "pdf as photo", "cut", "tiny", "photo as pdf", "half", "locked"],
)
def test_what_is_not_taken_says_why_and_leaves_nothing(
    attach, store, content, attachment, english, _chinese
):
    status, said = attach(content, attachment)

    assert (status, said["accepted"], said["studies"]) == (422, [], [])
    assert said["refused"][0]["why"].startswith(english)
    assert not Study.objects.exists()
    assert [path for path in store.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("language", ["zh-hans"], indirect=True)
@pytest.mark.parametrize(
    ("content", "attachment", "_english", "chinese"),
    BAD,
    ids=["text", "heic", "pdf as photo", "cut", "tiny", "photo as pdf", "half", "locked"],
)
def test_it_says_so_in_chinese(attach, content, attachment, _english, chinese):
    _status, said = attach(content, attachment)
    assert said["refused"][0]["why"].startswith(chinese)


def test_a_picture_like_a_bomb_is_refused_by_its_pixels(attach):
    bomb = png(Image.new("1", (10_000, 5_001)))
    assert len(bomb) < 1 << 20
    _status, said = attach(bomb, "photo")
    limit = photos.MAX_PIXELS // 1_000_000
    assert said["refused"][0]["why"].startswith(
        f"The picture has more than {limit} million pixels."
    )


def test_one_that_is_too_large_is_not_even_read(attach, monkeypatch):
    monkeypatch.setattr(attaching, "limit", lambda: 1 << 20)
    monkeypatch.setattr(attaching.children, "call", None)
    status, said = attach(b"%PDF-" + b"\0" * (1 << 20), "document")
    assert (status, said["refused"][0]["why"]) == (422, "The file is larger than 1 MB.")


def test_what_nobody_knows_is_refused(attach):
    status, said = attach(jpeg(), "hologram")
    assert (status, said["path"]) == (422, "attachment")
    assert said["text"] == "Say what it is: a photo, a paper ECG or a PDF."
    assert not Study.objects.exists()


def test_without_script_the_form_sends_it_and_the_server_makes_it_small(signed_in, patient):
    url = reverse("imaging:upload", args=[patient.pk])
    large = SimpleUploadedFile("ecg.jpg", jpeg(drawing(4000, 3000)))

    page = signed_in.post(url, {"attachment": "paper_ecg", "file": large})

    study, instance = Study.objects.get(), Instance.objects.get()
    assert page.status_code == 200
    assert study.attachment == Attachment.PAPER_ECG
    assert max(instance.facts["rows"], instance.facts["columns"]) == photos.LONGEST
    assert reverse("imaging:study", args=[study.pk]) in page.content.decode()


# ---- in pieces ----


def begin(client, patient, size, attachment):
    url = reverse("imaging:begin", args=[patient.pk])
    stated = {"upload-length": str(size), "x-file-name": "a.pdf", "x-file-print": "a-1"}
    return client.post(url, content_type=KIND, headers=JSON | stated | attachment)


def test_a_pdf_comes_in_pieces_too(signed_in, patient, language):
    content = pdf(40)
    url = begin(signed_in, patient, len(content), {"x-attachment": "document"})["Location"]
    for start in range(0, len(content), 500):
        headers = JSON | {"upload-offset": str(start)}
        piece = content[start : start + 500]
        assert signed_in.patch(url, piece, content_type=KIND, headers=headers).status_code == 200

    said = signed_in.post(url, content_type=KIND, headers=JSON).json()

    assert said["studies"][0]["called"] == "PDF document"
    assert Instance.objects.get().facts["document"]["pages"] == 40


def test_the_same_file_as_another_kind_is_another_upload(signed_in, patient, language):
    kinds = [{"x-attachment": "photo"}, {"x-attachment": "paper_ecg"}, {}]
    where = [begin(signed_in, patient, 9, one)["Location"] for one in kinds]
    assert len(set(where)) == 3
    assert sorted(PartialUpload.objects.values_list("attachment", flat=True)) == [
        "",
        "paper_ecg",
        "photo",
    ]


def test_pieces_of_what_is_too_large_are_refused_at_once(signed_in, patient, language):
    size = attaching.limit() + 1
    answer = begin(signed_in, patient, size, {"x-attachment": "document"})
    assert answer.status_code == 413
    assert answer.json()["text"] == f"The file is larger than {attaching.LIMIT_MB} MB."
