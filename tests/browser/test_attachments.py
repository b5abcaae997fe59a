"""A clinic with a phone: a photo of a paper ECG and a PDF go along with a request."""

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from consult.requests import services as requests
from consult.requests.models import Case
from records.imaging.models import Instance, Study
from telemed.core.intentions import intention
from tests.browser.checks import assert_accessible, assert_fits
from tests.factories.attachments import jpeg, pdf, photographed
from tests.factories.consult import drafted_case
from tests.factories.people import PatientFactory, StaffFactory, treated
from tests.marks import committed

pytestmark = committed
PAPER = "Photograph of a paper ECG: not measured"
PHONE = {"width": 390, "has_touch": True, "is_mobile": True}
SMALL = 700 << 10


@pytest.fixture
def scene():
    made = drafted_case()
    for person in (made.asker, made.specialist):
        person.language = "en"
        person.save()
    return made


def photo(content, name="IMG_0001.jpg"):
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def paper(content, name="discharge.pdf"):
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def attach(page, kind, *files):
    page.locator(f"[data-kind={kind}]").set_input_files(list(files))


def test_a_paper_ecg_is_photographed_and_seen_as_such_by_the_specialist(page_as, scene, tmp_path):
    shot = photographed()
    page = page_as(scene.asker, **PHONE)
    page.goto(reverse("requests:edit", args=[scene.case.pk]))
    camera = page.locator("[data-kind=paper_ecg]")
    expect(camera).to_have_attribute("capture", "environment")

    attach(page, "paper_ecg", photo(shot))
    expect(page.locator("[data-attach] .up__row")).to_contain_text(PAPER, timeout=30_000)
    attach(page, "document", paper(pdf(3)))
    expect(page.locator("[data-attach] .up__row").nth(1)).to_contain_text("PDF document")
    expect(page.locator(".atts input:checked")).to_have_count(2)
    assert_fits(page)
    assert_accessible(page)
    with page.expect_navigation():
        page.locator("[data-send]").click()

    ecg, document = Study.objects.order_by("created_at")
    picture = Instance.objects.get(series__study=ecg)
    assert len(shot) > 3 * SMALL
    assert picture.size <= SMALL + 4096  # and what DICOM says around it
    assert (picture.facts["columns"], picture.facts["rows"]) == (2048, 1536)
    assert set(scene.refresh().studies.all()) == {ecg, document}
    assert scene.case.status == "routed"
    with intention(scene.specialist, door="test"):
        requests.accept_case(actor=scene.specialist, case_id=scene.case.pk)

    seen = page_as(scene.specialist)
    seen.goto(reverse("requests:case", args=[scene.case.pk]))
    expect(seen.locator(".att", has_text=PAPER)).to_have_count(1)
    seen.locator(".att", has_text=PAPER).click()
    expect(seen.locator(".full")).to_have_text(PAPER)
    expect(seen.locator(".o--tr")).to_contain_text(PAPER)
    for tool in ("length", "region", "window"):
        expect(seen.locator(f"[data-do={tool}]")).to_be_hidden()
    seen.keyboard.press("l")
    assert seen.locator(".vp").get_attribute("data-tool") == "scroll"
    assert_accessible(seen)

    seen.goto(reverse("imaging:study", args=[document.pk]))
    expect(seen.locator(".doc")).to_contain_text("3 pages")
    assert_accessible(seen)
    address = seen.get_by_role("link", name="Open the PDF").get_attribute("href")
    answer = seen.request.get(address)
    assert (answer.headers["content-type"], answer.body()) == ("application/pdf", pdf(3))
    seen.get_by_role("link", name="Open the PDF").click()
    seen.wait_for_url(f"**{address}")  # the browser's own reader, not a download


def test_a_picture_keeps_its_colours_on_its_way_through_phone_and_viewer(page_as):
    doctor = StaffFactory(language="en")
    patient = treated(PatientFactory(), doctor.organisation)
    page = page_as(doctor, width=390)
    page.goto(reverse("imaging:upload", args=[patient.pk]))
    expect(page.locator("[data-gallery]")).to_be_hidden()  # a computer has no camera at hand

    attach(page, "photo", photo(jpeg(Image.new("RGB", (64, 64), (250, 120, 60)))))
    expect(page.locator("[data-attach] .up__row")).to_contain_text("Kept as: Photo")
    assert_fits(page)
    assert_accessible(page)
    page.goto(reverse("imaging:study", args=[Study.objects.get().pk]))

    expect(page.locator(".full")).to_have_text("Photo")
    red, green, blue = page.evaluate(
        """() => {
          const { raster } = document.querySelector("[data-viewer]").viewer;
          return [...raster.getContext("2d").getImageData(9, 9, 1, 1).data].slice(0, 3);
        }"""
    )
    assert abs(red - 250) < 5
    assert abs(green - 120) < 5
    assert abs(blue - 60) < 5


def test_a_photo_waits_for_the_line_and_goes_by_itself(page_as):
    doctor = StaffFactory(language="en")
    patient = treated(PatientFactory(), doctor.organisation)
    page = page_as(doctor, **PHONE)
    page.goto(reverse("imaging:upload", args=[patient.pk]))
    page.context.set_offline(True)

    attach(page, "photo", photo(jpeg()))
    row = page.locator("[data-attach] .up__row")
    expect(row).to_contain_text("The line broke.")
    page.context.set_offline(False)

    expect(row).to_contain_text("Kept as: Photo")
    assert Study.objects.count() == 1


@pytest.mark.parametrize("width", [390, 1366])
def test_what_is_not_taken_says_why_on_its_row(page_as, width):
    doctor = StaffFactory(language="en")
    patient = treated(PatientFactory(), doctor.organisation)
    page = page_as(doctor, width=width)
    page.goto(reverse("imaging:upload", args=[patient.pk]))

    attach(page, "photo", photo(b"\0\0\0\x18ftypheic" + b"\0" * 200, "IMG_2.HEIC"))
    attach(page, "document", paper(b"<html>", "letter.pdf"))

    rows = page.locator("[data-attach] .up__row")
    expect(rows.nth(0)).to_contain_text("HEIC pictures cannot be read here.")
    expect(rows.nth(1)).to_contain_text("This is not a PDF file.")
    assert_accessible(page)
    assert not Study.objects.exists()


def test_an_emergency_waits_for_the_picture_of_whoever_was_chosen(page_as, scene):
    page = page_as(scene.asker, **PHONE)
    page.goto(reverse("requests:emergency"))
    attach(page, "paper_ecg", photo(jpeg()))
    expect(page.locator("[data-attach] .up__row")).to_contain_text("Choose the patient first.")
    page.locator("#patient").fill("zsf")
    page.locator(f"input[name=patient][value='{scene.patient.pk}']").check()
    page.locator("input[name=what][value=chest_pain]").check()
    page.locator("input[name=consent][value=deferred]").check()

    attach(page, "paper_ecg", photo(photographed()))
    page.locator(".er__s").click()
    page.wait_for_url("**/cases/*-*/", timeout=60_000)

    case = Case.objects.get(kind="emergency")
    assert [study.attachment for study in case.studies.all()] == ["paper_ecg"]
