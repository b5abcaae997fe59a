"""The viewer alone: the same millimetres and the same values on any canvas."""

import math

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from records.imaging import files, intake, phantom, services
from telemed.core.intentions import intention
from tests.factories.people import PatientFactory, StaffFactory, treated
from tests.marks import committed

pytestmark = committed
COUNT = 9
MIDDLE = 4  # the slice that the viewer opens with


@pytest.fixture
def doctor():
    return StaffFactory(name="杨文秀", language="en")


@pytest.fixture
def patient(doctor):
    return treated(PatientFactory(), doctor.organisation)


@pytest.fixture
def study(doctor, patient, tmp_path):
    """A thorax phantom of nine slices around the nodule, which lies in the middle one."""
    drawn = phantom.slices(
        key=str(patient.pk),
        name=patient.name,
        patient_id=patient.fhir_id,
        count=COUNT,
        at=patient.created_at,
        middle=phantom.NODULE.at[2],
    )
    pictures = []
    with files.arriving() as folder:
        for name, content in drawn:
            (folder / name).write_bytes(content)
            pictures += intake.sort_out(files.settle(folder / name), name, "browser")
        with intention(doctor, door="test"):
            kept = services.store_pictures(actor=doctor, patient=patient, pictures=pictures)
    yield kept.studies[0]
    for picture in pictures:
        files.path_of(picture.file.sha256).unlink(missing_ok=True)


@pytest.fixture
def open_viewer(page_as, doctor, study):
    def open_at(width):
        page = page_as(doctor, width=width)
        page.goto(reverse("imaging:study", args=[study.pk]))
        expect(page.locator(".full")).to_have_text("Original precision, 16 bit")
        return page

    return open_at


def pixel_of(mm_x, mm_y):
    """Where a place of the phantom lies in the image."""
    half = phantom.SIZE / 2
    return half + mm_x / phantom.SPACING, half + mm_y / phantom.SPACING


def on_screen(page, point):
    """Page coordinates of an image pixel."""
    return page.evaluate(
        """(point) => {
          const { viewer } = document.querySelector("[data-viewer]");
          const box = viewer.parts.port.getBoundingClientRect();
          const [x, y] = viewer.project().toScreen(point);
          return [box.left + x, box.top + y];
        }""",
        list(point),
    )


def drag(page, start, end, **how):
    page.mouse.move(*on_screen(page, start))
    page.mouse.down(**how)
    page.mouse.move(*on_screen(page, [(a + b) / 2 for a, b in zip(start, end, strict=True)]))
    page.mouse.move(*on_screen(page, end))
    page.mouse.up(**how)


def listen(page):
    page.evaluate(
        """() => {
          const { viewer } = document.querySelector("[data-viewer]");
          window.said = [];
          for (const name of ["view", "mark", "unmark", "pointer"])
            viewer.addEventListener(name, (e) => window.said.push([name, e.detail]));
        }"""
    )


def said(page, name):
    return [detail for kind, detail in page.evaluate("() => window.said") if kind == name]


def state(page):
    return page.evaluate("() => document.querySelector('[data-viewer]').viewer.state")


@pytest.mark.parametrize("width", [390, 1366])
@pytest.mark.parametrize("zoomed", [False, True])
def test_a_nodule_measures_the_same_on_every_canvas(open_viewer, width, zoomed):
    page = open_viewer(width)
    listen(page)
    x, y, _z = phantom.NODULE.at
    left, right = pixel_of(x - 6, y), pixel_of(x + 6, y)
    if zoomed:
        view = {"zoom": 4, "pan": [left[0] + 8.5 - 256, left[1] - 256]}
        page.evaluate(
            "(view) => { const { viewer } = document.querySelector('[data-viewer]');"
            "viewer.show({ ...viewer.state, ...view }); }",
            view,
        )

    page.keyboard.press("l")
    drag(page, left, right)
    page.keyboard.press("o")
    drag(page, pixel_of(x - 3, y - 3), pixel_of(x + 3, y + 3))

    page.wait_for_function("() => window.said.filter(([name]) => name === 'mark').length === 2")
    length, region = [detail["mark"] for detail in said(page, "mark")]
    # A finger or mouse has the precision of a screen pixel.
    assert length["unit"] == "mm"
    assert length["value"] == pytest.approx(phantom.NODULE.diameter, abs=0.15 if zoomed else 1.6)
    assert region["unit"] == "HU"
    pixels = math.pi * (3 / phantom.SPACING) ** 2
    noise = phantom.NOISE / math.sqrt(pixels)
    assert region["value"] == pytest.approx(phantom.NODULE.value, abs=4 * noise)
    assert region["extra"]["sd"] == pytest.approx(phantom.NOISE, rel=0.5)
    assert region["slice"] == MIDDLE


def test_what_is_done_here_is_told_and_what_comes_from_others_is_not(open_viewer):
    page = open_viewer(1366)
    listen(page)

    page.mouse.move(*on_screen(page, (256, 256)))
    page.mouse.wheel(0, 100)
    page.keyboard.press("3")
    page.wait_for_function("() => window.said.some(([name, d]) => name === 'view' && d.settled)")
    assert state(page)["slice"] == MIDDLE + 1
    assert (state(page)["centre"], state(page)["width"]) == (500, 2000)
    told = said(page, "view")
    assert told[-1]["settled"]
    assert told[-1]["state"] == state(page)

    page.evaluate(
        """() => {
          const { viewer } = document.querySelector("[data-viewer]");
          window.said = [];
          viewer.show({ ...viewer.state, slice: 3, zoom: 2 });
          viewer.addMark({ id: "x", kind: "arrow", series: viewer.state.series, slice: 3,
            points: [[10, 10], [20, 20]], value: null, unit: "", extra: {} }, { author: "罗晓岚" });
          const { series } = viewer.state;
          viewer.showPointer({ series, slice: 3, x: 5, y: 5, label: "罗晓岚" });
        }"""
    )
    expect(page.locator(".o--tr b")).to_have_text("4")
    assert said(page, "view") == []
    assert said(page, "mark") == []


def test_who_follows_cannot_move_the_view_but_may_point(open_viewer):
    page = open_viewer(1366)
    listen(page)
    page.evaluate("() => { document.querySelector('[data-viewer]').viewer.locked = true; }")
    before = state(page)

    drag(page, (200, 200), (260, 300))
    page.mouse.wheel(0, 300)
    page.keyboard.press("1")
    page.keyboard.press("p")
    page.mouse.move(*on_screen(page, (100, 120)))
    page.wait_for_function("() => window.said.some(([name]) => name === 'pointer')")

    assert state(page) == before
    assert said(page, "pointer")[-1]["x"] == pytest.approx(100, abs=1)


def test_undo_takes_back_a_mark_then_the_view_and_reset_starts_again(open_viewer):
    page = open_viewer(1366)
    listen(page)
    drag(page, (256, 256), (300, 300), button="right")
    moved = state(page)
    page.keyboard.press("l")
    drag(page, (200, 256), (300, 256))
    page.wait_for_function("() => window.said.some(([name]) => name === 'mark')")

    page.keyboard.press("z")
    (gone,) = said(page, "unmark")
    assert gone["id"] == said(page, "mark")[0]["mark"]["id"]
    assert state(page) == moved
    page.keyboard.press("z")
    assert (state(page)["centre"], state(page)["width"]) == (-600, 1500)
    page.keyboard.press("i")
    page.keyboard.press("+")
    page.keyboard.press("0")
    assert (state(page)["zoom"], state(page)["invert"]) == (1, False)


def test_two_fingers_zoom(open_viewer):
    page = open_viewer(390)
    page.evaluate(
        """() => {
          const { port } = document.querySelector("[data-viewer]").viewer.parts;
          const box = port.getBoundingClientRect();
          port.setPointerCapture = () => {};
          const touch = (type, pointerId, x) => port.dispatchEvent(new PointerEvent(type, {
            pointerId, pointerType: "touch", clientX: box.left + x, clientY: box.top + 100,
            bubbles: true }));
          touch("pointerdown", 5, 100);
          touch("pointerdown", 6, 200);
          touch("pointermove", 6, 300);
          touch("pointerup", 6, 300);
          touch("pointerup", 5, 100);
        }"""
    )
    assert state(page)["zoom"] == pytest.approx(2)


def test_letters_and_words_lie_at_their_edges(open_viewer):
    page = open_viewer(1366)
    for corner, letter in {"L": "R", "R": "L", "T": "A", "B": "P"}.items():
        expect(page.locator(f".o--{corner}")).to_have_text(letter)
    page.mouse.move(*on_screen(page, pixel_of(*phantom.NODULE.at[:2])))
    expect(page.locator(".o--br")).to_contain_text("HU")
    expect(page.locator(".o--tl")).to_contain_text("张三丰")


def test_on_a_slow_line_a_preview_says_that_it_is_one(page_as, doctor, study):
    page = page_as(doctor)
    held = []
    page.route("**/pixels", lambda route: held.append(route))

    page.goto(reverse("imaging:study", args=[study.pk]))
    expect(page.locator(".full--p")).to_have_text("Preview, not for diagnosis")
    page.mouse.move(*on_screen(page, (256, 256)))
    expect(page.locator(".o--br")).not_to_contain_text("HU")  # no values from a preview

    for route in held[:]:
        route.continue_()
    page.unroute("**/pixels")
    expect(page.locator(".full")).to_have_text("Original precision, 16 bit")
    expect(page.locator(".o--br")).to_contain_text("HU")


def test_a_picture_that_did_not_come_can_be_asked_for_again(page_as, doctor, study):
    page = page_as(doctor)
    page.route("**/pixels", lambda route: route.abort())
    page.goto(reverse("imaging:study", args=[study.pk]))

    again = page.get_by_role("button", name="The picture did not come. Press to try again.")
    expect(again).to_be_visible()
    page.unroute("**/pixels")
    again.click()

    expect(page.locator(".full")).to_have_text("Original precision, 16 bit")
