"""What was attached by hand and what both sides wrote is in both forms of a copy."""

import base64
import hashlib
import json
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from fhir.resources.R4B.bundle import Bundle

from consult.archive import attached
from consult.archive.documents import digest_of
from consult.requests import services as requests
from records.fhir.walker import check
from records.imaging import children
from records.imaging.models import Instance, Study
from telemed.core.clocks import fire_due
from telemed.core.outbox import deliver_waiting
from tests.factories.attachments import jpeg, pdf
from tests.factories.consult import closed_case, signed_case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    yield
    children.pool.close()


@pytest.fixture
def scene():
    return signed_case()


@pytest.fixture
def attach(client, scene):
    """attach(b"…", "photo"): through the door of the record, then into the case."""

    def post(content, kind, name="a.jpg"):
        client.force_login(scene.asker)
        sent = {"accept": "application/json", "x-file-name": quote(name), "x-attachment": kind}
        url = reverse("imaging:upload", args=[scene.patient.pk])
        said = client.post(url, content, content_type="application/octet-stream", headers=sent)
        assert said.status_code == 200, said.content
        scene.case.studies.add(*[one["id"] for one in said.json()["studies"]])

    return post


def say(by, scene, actor, text="血钾复查了吗？", **more):
    with by(actor):
        requests.write_message(actor=actor, case_id=scene.case.pk, text=text, **more)


def close(by, scene):
    with by(scene.asker):
        requests.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=1, decision="adopted"
        )
    deliver_waiting()
    scene.refresh()
    return scene.case.copies.order_by("-version").first()


def resources(copy, kind):
    entries = json.loads(copy.bundle)["entry"]
    return [e["resource"] for e in entries if e["resource"]["resourceType"] == kind]


def inside(reference):
    return reference["content"][0]["attachment"]


def test_a_photo_a_paper_ecg_and_a_pdf_are_in_the_document_with_hash_size_and_content(
    by, scene, attach
):
    document = pdf()
    attach(jpeg(), "photo")
    attach(jpeg(quality=60), "paper_ecg")
    attach(document, "document", "出院小结.pdf")
    copy = close(by, scene)
    photo, paper, letter = resources(copy, "DocumentReference")
    for said, content in ((photo, jpeg()), (paper, jpeg(quality=60)), (letter, document)):
        held = base64.b64decode(inside(said)["data"])
        assert inside(said)["size"] == len(held)
        assert base64.b64decode(inside(said)["hash"]) == hashlib.sha1(held).digest()  # noqa: S324
        sha256 = inside(said)["extension"][0]["valueString"]
        assert sha256 == hashlib.sha256(held).hexdigest()
        assert held == content
    assert [inside(one)["contentType"] for one in (photo, letter)] == [
        "image/jpeg",
        "application/pdf",
    ]
    original = Instance.objects.get(pk=letter["id"])
    assert letter["content"][1]["attachment"]["size"] == original.size
    assert letter["content"][1]["attachment"]["extension"][0]["valueString"] == original.sha256
    assert paper["type"]["coding"][0]["code"] == "paper_ecg"


def test_the_page_has_small_pictures_and_says_what_a_paper_ecg_is(by, scene, attach, client):
    attach(jpeg(), "paper_ecg")
    attach(pdf(), "document", "出院小结.pdf")
    copy = close(by, scene)
    called = Study.objects.get(attachment="paper_ecg").get_attachment_display()
    client.force_login(scene.asker)
    page = client.get(reverse("archive:page", args=[scene.case.pk, 1])).content.decode()
    assert page.count('src="data:image/jpeg;base64,') == 1
    assert called in page
    assert Instance.objects.first().sha256 in page
    assert digest_of(copy.bundle, copy.page) == copy.digest


def test_what_is_too_large_is_named_and_not_inside(by, scene, attach, monkeypatch):
    monkeypatch.setattr(attached, "LARGEST", len(jpeg()))
    attach(jpeg(), "photo")
    monkeypatch.setattr(attached, "LARGEST", len(jpeg()) - 1)
    [said] = resources(close(by, scene), "DocumentReference")
    assert "data" not in inside(said)
    assert inside(said)["size"] == len(jpeg())


def test_all_together_have_a_limit(by, scene, attach, monkeypatch):
    monkeypatch.setattr(attached, "ALTOGETHER", len(jpeg()) + len(jpeg(quality=60)) - 1)
    attach(jpeg(), "photo")
    attach(jpeg(quality=60), "photo")
    first, second = resources(close(by, scene), "DocumentReference")
    assert "data" in inside(first)
    assert "data" not in inside(second)


def test_what_is_lost_on_the_disk_is_named_all_the_same(by, scene, attach, store, tmp_path):
    attach(jpeg(), "photo")
    for file in (tmp_path / "files").rglob("*"):
        if file.is_file():
            file.unlink()
    [said] = resources(close(by, scene), "DocumentReference")
    assert said["content"][0]["attachment"]["contentType"] == "application/dicom"


def test_the_thread_is_in_the_document_and_on_the_page(by, scene):
    say(by, scene, scene.specialist, "<b>血钾</b>复查了吗？")
    say(by, scene, scene.asker, "下午停电，晚点连线", for_coordinators=True)
    copy = close(by, scene)
    asked, answered = resources(copy, "Communication")
    assert asked["payload"] == [{"contentString": "<b>血钾</b>复查了吗？"}]
    assert asked["sender"]["display"] == scene.specialist.name
    assert asked["sent"]
    assert [c["coding"][0]["code"] for c in answered["category"]] == ["asking", "coordinators"]
    assert "&lt;b&gt;血钾&lt;/b&gt;" in copy.page
    assert "下午停电，晚点连线" in copy.page


def test_every_entry_is_reached_from_the_first_and_the_whole_is_valid(by, scene, attach):
    attach(jpeg(), "photo")
    say(by, scene, scene.specialist)
    copy = close(by, scene)
    document = json.loads(copy.bundle)
    Bundle.model_validate(document)
    for entry in document["entry"]:
        issues, _extracted = check(entry["resource"])
        assert not issues
    first, *others = document["entry"]
    named = {one["reference"] for part in first["resource"]["section"] for one in part["entry"]}
    assert first["resource"]["resourceType"] == "Composition"
    assert named == {entry["fullUrl"] for entry in others}
    titles = [part["title"] for part in first["resource"]["section"]]
    assert titles == ["Opinions", "Request", "Messages", "Attachments"]


def test_what_is_said_after_the_case_was_closed_is_filed_once_when_the_thread_ends(by):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        scene = closed_case()
        deliver_waiting()
        for text in ("饭前还是饭后？", "饭后。"):
            clock.shift(timedelta(hours=1))
            say(by, scene, scene.asker, text)
            deliver_waiting()
        assert set(scene.case.copies.values_list("version", flat=True)) == {1}
        clock.shift(timedelta(hours=70, seconds=1))
        fire_due()
    copies = scene.case.copies.order_by("version")
    assert [len(resources(copy, "Communication")) for copy in copies] == [0, 0, 2, 2]


def test_a_silent_thread_files_nothing_when_it_ends():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        scene = closed_case()
        deliver_waiting()
        clock.shift(timedelta(hours=72, seconds=1))
        fire_due()
    assert scene.case.copies.count() == 2
