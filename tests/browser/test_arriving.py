"""A request is sent while its images are still on their way, and the other side sees them come."""

from urllib.parse import unquote

import numpy as np
import pytest
from django.urls import reverse
from playwright.sync_api import expect

from telemed.core import outbox
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.test_upload import sent
from tests.factories.attachments import jpeg
from tests.factories.consult import drafted_case
from tests.factories.imaging import dicom_bytes
from tests.marks import committed

pytestmark = committed
COUNT = 12
PATIENCE = 60_000  # ms, never a measurement; the page looks every five seconds
IN_TURN = [1, 7, 12, 9, 2, 3, 4, 5, 6, 8, 10, 11]  # first, middle, last; every eighth; the rest


class Gate:
    """Lets so many files through and holds the next one back; knows in which order they came."""

    def __init__(self, page, open_for):
        self.open_for, self.names, self.packed, self.held = open_for, [], [], []
        page.context.route("**/images/upload/*/", self._pass)

    def _pass(self, route):
        if route.request.method != "POST":
            route.continue_()
            return
        self.held.append(route)
        self._go()

    def let(self, count):
        self.open_for = count
        self._go()

    def _go(self):
        while self.held and len(self.names) < self.open_for:
            route = self.held.pop(0)
            headers = route.request.headers
            self.names.append(unquote(headers["x-file-name"]))
            self.packed.append(headers.get("content-encoding"))
            route.continue_()


@pytest.fixture
def scene():
    made = drafted_case()
    for person in (made.asker, made.specialist, made.coordinator):
        person.language = "en"
        person.save()
    return made


def slices():
    """A series whose file names run against its instance numbers."""
    pixels = np.zeros((64, 64), "<i2")
    return [
        sent(f"IM{COUNT - number}", dicom_bytes(pixels=pixels, InstanceNumber=number + 1))
        for number in range(COUNT)
    ]


def number_of(name):
    return COUNT - int(name.removeprefix("IM")) + 1


@pytest.mark.parametrize("width", [390, 1440])
def test_the_specialist_sees_images_come_that_the_request_did_not_wait_for(page_as, scene, width):
    asking = page_as(scene.asker, width=width)
    asking.goto(f"/cases/{scene.case.pk}/edit/")
    with asking.context.expect_page() as opened:
        asking.get_by_role("link", name="Add images").click()
    upload = opened.value
    gate = Gate(upload, open_for=3)
    expect(upload.locator("[data-purpose]")).to_contain_text(
        "You may send it at once", timeout=PATIENCE
    )

    expect(upload.locator("form.is-live")).to_be_visible(timeout=PATIENCE)  # its script is there
    upload.locator("#up-files").set_input_files(slices())
    expect(upload.locator(".up__row", has_text="Kept")).to_have_count(3, timeout=PATIENCE)
    assert_fits(upload)
    assert_accessible(upload)
    here = asking.locator("[data-arriving]")
    expect(here).to_contain_text("3 of 12 images here", timeout=PATIENCE)
    outbox.deliver_waiting()
    asking.locator("[data-send]").click()
    asking.wait_for_url(f"**/cases/{scene.case.pk}/")
    expect(here).to_contain_text("3 of 12 images here", timeout=PATIENCE)
    assert_fits(asking)
    assert_accessible(asking)
    outbox.deliver_waiting()

    answering = page_as(scene.specialist, width=width)
    answering.goto(f"/cases/{scene.case.pk}/")
    answering.evaluate("window.stays = true")
    there = answering.locator("[data-arriving]")
    expect(there).to_contain_text("3 of 12 images here", timeout=PATIENCE)
    assert_fits(answering)
    assert_accessible(answering)
    answering.bring_to_front()
    gate.let(6)
    expect(upload.locator(".up__row", has_text="Kept")).to_have_count(6, timeout=PATIENCE)
    expect(there).to_contain_text("6 of 12 images here", timeout=PATIENCE)

    gate.let(COUNT)
    expect(upload.locator(".up__row", has_text="Kept")).to_have_count(COUNT, timeout=PATIENCE)
    outbox.deliver_waiting()
    expect(answering.locator(".tl")).to_contain_text("All 12 images are here", timeout=PATIENCE)
    expect(there).to_have_text("")
    assert answering.evaluate("window.stays") is True
    assert [number_of(name) for name in gate.names] == IN_TURN
    assert gate.packed == ["gzip"] * COUNT
    assert scene.case.studies.count() == 1


def test_who_chooses_the_same_folder_again_sends_what_is_missing_and_no_more(
    page_as, scene, tmp_path
):
    page = page_as(scene.asker, width=390)
    page.goto(f"/images/upload/{scene.patient.pk}/?about={scene.case.pk}")
    for one in slices():
        (tmp_path / one["name"]).write_bytes(one["buffer"])
    posted = []
    page.route(
        "**/images/upload/*/",
        lambda route: route.abort() if len(posted) >= 3 else route.continue_(),
    )
    page.on(
        "requestfinished",
        lambda request: "x-file-name" in request.headers and posted.append(request.headers),
    )
    page.locator("#up-files").set_input_files(sorted(tmp_path.iterdir()))
    expect(page.locator(".up__row", has_text="The line broke.")).to_have_count(
        COUNT - 3, timeout=PATIENCE
    )
    assert len(posted) == 3

    page.unroute_all()
    page.reload()
    page.locator("#up-files").set_input_files(sorted(tmp_path.iterdir()))

    expect(page.locator(".up__row", has_text="Kept")).to_have_count(COUNT - 3, timeout=PATIENCE)
    expect(page.locator(".up__row", has_text="Already here")).to_have_count(3, timeout=PATIENCE)
    names = [number_of(one["x-file-name"]) for one in posted]
    assert sorted(names) == list(range(1, COUNT + 1))
    outbox.deliver_waiting()
    assert scene.case.studies.get().frame_count == COUNT


def test_what_a_closed_request_takes_no_more_is_said_and_kept_in_the_record(page_as, scene):
    page = page_as(scene.asker, width=390)
    page.goto(f"/images/upload/{scene.patient.pk}/?about={scene.case.pk}")
    type(scene.case).objects.filter(pk=scene.case.pk).update(
        status="cancelled", cancel_reason="患者已转院治疗"
    )

    page.locator("#up-files").set_input_files(slices()[:2])

    expect(page.locator(".up__row", has_text="Kept")).to_have_count(2, timeout=PATIENCE)
    expect(page.locator("[data-purpose]")).to_have_text("This request takes no images any more.")
    assert not scene.case.studies.exists()
    assert scene.patient.studies.count() == 1


def test_a_photo_from_the_page_of_a_request_joins_it(page_as, scene):
    page = page_as(scene.asker, width=390)
    address = reverse("imaging:upload", args=[scene.case.patient_id])
    page.goto(f"{address}?about={scene.case.pk}")
    expect(page.locator("[data-attach]")).to_be_visible(timeout=PATIENCE)
    taken = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.locator("[data-kind=photo]").set_input_files([taken])
    expect(page.locator("[data-attach] .ink-green")).to_contain_text("Photo", timeout=PATIENCE)
    outbox.deliver_waiting()
    assert [study.attachment for study in scene.case.studies.all()] == ["photo"]
