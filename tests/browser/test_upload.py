"""Uploading in the browser: each file has its own fate, in words."""

import io
import zipfile

import numpy as np
import pytest
from django.urls import reverse
from playwright.sync_api import expect

from records.imaging.models import Instance
from tests.browser.checks import assert_accessible, assert_fits
from tests.factories.imaging import as_bytes, dicom, dicom_bytes, zipped
from tests.factories.people import PatientFactory, StaffFactory, treated
from tests.marks import committed

pytestmark = committed


@pytest.fixture
def doctor():
    return StaffFactory(language="en")


@pytest.fixture
def patient(doctor):
    return treated(PatientFactory(), doctor.organisation)


def disc():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("I1", dicom_bytes())
        archive.writestr("I2", dicom_bytes(InstanceNumber=2))
        archive.writestr("README.TXT", b"read me")
    return out.getvalue()


def sent(name, content):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.mark.parametrize("width", [390, 1366])
def test_files_are_sent_one_by_one_and_each_says_what_became_of_it(page_as, doctor, patient, width):
    page = page_as(doctor, width=width)
    page.goto(reverse("imaging:upload", args=[patient.pk]))
    original = dicom_bytes()

    page.locator("#up-files").set_input_files(
        [
            sent("a.dcm", original),
            sent("again.dcm", original),
            sent("报告.docx", b"not a picture"),
            sent("disc.zip", disc()),
        ]
    )

    rows = page.locator(".up__row")
    expect(rows.nth(0)).to_contain_text("Kept")
    expect(rows.nth(1)).to_contain_text("Already here")
    expect(rows.nth(2)).to_contain_text("This is not a DICOM file.")
    expect(rows.nth(3)).to_contain_text("2 pictures")
    expect(rows.nth(3)).to_contain_text("README.TXT")
    assert_fits(page)
    assert_accessible(page)
    assert Instance.objects.count() == 3
    page.get_by_role("link", name="Open the images").click()
    expect(page.locator(".o--tr b")).to_be_visible()


def large_disc():
    """6 MB in three pictures: it goes in pieces of 1 MB, then larger ones."""
    noise = np.random.default_rng(1).integers(0, 2**12, (3, 1024, 1024), "<i2")
    names = ["I1", "I2", "I3"]
    return zipped(
        *(
            (name, as_bytes(dicom(pixels=pixels, BitsStored=12, HighBit=11)))
            for name, pixels in zip(names, noise, strict=True)
        )
    )


def pieces_sent(page):
    """Where each piece begins that arrives from now on; the list grows."""
    sent = []

    def note(request):
        if request.method == "PATCH":
            sent.append(int(request.headers["upload-offset"]))

    page.on("requestfinished", note)
    return sent


@pytest.mark.parametrize("width", [390, 1366])
def test_a_large_file_goes_on_after_a_cut_line_and_a_reload(
    page_as, doctor, patient, width, tmp_path
):
    page = page_as(doctor, width=width)
    page.goto(reverse("imaging:upload", args=[patient.pk]))
    disc = tmp_path / "disc.zip"
    disc.write_bytes(large_disc())
    sent = pieces_sent(page)
    page.route(
        "**/images/upload/pieces/**",
        lambda route: route.abort() if len(sent) >= 2 else route.continue_(),
    )

    page.locator("#up-files").set_input_files(disc)
    expect(page.locator(".up__row")).to_contain_text("it goes on from there.")
    page.unroute_all()
    page.reload()
    unfinished = page.locator("[data-unfinished]")
    expect(unfinished).to_contain_text("disc.zip")
    assert_fits(page)
    assert_accessible(page)
    page.locator("#up-files").set_input_files(disc)

    expect(page.locator("[data-rows] .up__row")).to_contain_text("3 pictures")
    expect(page.get_by_role("heading", name="Not finished")).to_have_count(0)
    assert sent[:3] == [0, 1 << 20, 3 << 20]  # the third began where the second had ended
    assert len(set(sent)) == len(sent)
    assert Instance.objects.count() == 3


def test_a_broken_line_loses_nothing(page_as, doctor, patient):
    page = page_as(doctor)
    page.goto(reverse("imaging:upload", args=[patient.pk]))
    page.context.set_offline(True)
    page.locator("#up-files").set_input_files([sent("a.dcm", dicom_bytes())])
    row = page.locator(".up__row")
    expect(row).to_contain_text("The line broke.")

    page.context.set_offline(False)
    row.get_by_role("button", name="Try again").click()

    expect(row).to_contain_text("Kept")
