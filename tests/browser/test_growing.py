"""Images that come while a viewer or a room is open are there without loading the page anew."""

import pytest
from playwright.sync_api import expect

from telemed.core import outbox
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.room_server import WATCH
from tests.browser.test_desk import DESK, SILENT, enter, laid, state, thorax
from tests.browser.test_guests import let_in
from tests.browser.test_upload import sent
from tests.factories.attachments import drawing, jpeg
from tests.factories.people import StaffFactory
from tests.factories.rooms import scene
from tests.marks import committed

pytestmark = committed
PATIENCE = 60_000  # ms, never a measurement; the pages look every twenty seconds
VIEWER = "document.querySelector('[data-viewer]').viewer"


@pytest.fixture
def who(transactional_db):
    there = scene()
    for person in (there.asking, there.answering):
        person.language = "en"
        person.save()
    return there


@pytest.fixture
def slices(who):
    """Seven of one CT; every second is here, and the others are still to come."""
    made = list(thorax(who.room.case.patient, "now"))
    case = who.room.case
    case.studies.add(laid(case.patient, who.asking, "now", made[1::2]))
    return made


@pytest.fixture
def upload(page_as, who):
    """upload(contents): from the page of the asking doctor, as their own window does it."""

    def send(contents):
        case, contents = who.room.case, list(contents)
        page = page_as(who.asking)
        page.goto(f"/images/upload/{case.patient_id}/?about={case.pk}")
        expect(page.locator("form.is-live")).to_be_visible(timeout=PATIENCE)
        page.locator("#up-files").set_input_files([sent(*one) for one in contents])
        expect(page.locator(".up__row", has_text="Kept")).to_have_count(
            len(contents), timeout=PATIENCE
        )
        outbox.deliver_waiting()

    return send


def stays(page):
    """It must not be loaded anew."""
    page.evaluate("() => (window.stays = true)")
    return page


def more(page):
    return page.locator(".more button:visible")


def test_in_the_room_a_growing_study_keeps_the_picture_and_its_marks(page_as, who, slices, upload):
    a, b = (stays(enter(page_as(user), who)) for user in (who.answering, who.asking))
    a.locator('[data-room="lead"]').click()
    a.evaluate(
        f"""() => {{
          const {{ board }} = {DESK};
          const points = [[9, 9], [40, 40]];
          const mark = {{ id: "m", kind: "arrow", ...board.where(), points, extra: {{}} }};
          board.addMark(mark, {{ own: true }});
          board.tell("mark", {{ mark }});
        }}"""
    )
    b.wait_for_function(f"() => {DESK}.marks.has('m')")
    before = state(a)
    assert before["slice"] == 1

    upload(slices[0::2])

    expect(more(a)).to_have_text("4 new images have come: show them", timeout=PATIENCE)
    assert state(a) == before
    assert_accessible(a)
    more(a).click()
    a.wait_for_function(f"() => {DESK}.board.count === 7")
    assert (state(a)["picture"], state(a)["slice"]) == (before["picture"], 3)
    assert a.evaluate(f"() => {DESK}.board.shown.map(({{ mark }}) => mark.id)") == ["m"]
    expect(a.locator(".vp")).to_be_focused()
    expect(more(a)).to_have_count(0)

    # Who follows and did not press sees what is shown all the same.
    a.keyboard.press("ArrowDown")
    a.wait_for_function(f"() => {DESK}.state.slice === 4")
    b.wait_for_function(
        f"(wanted) => {DESK}.state.picture === wanted", arg=state(a)["picture"], timeout=PATIENCE
    )
    assert b.evaluate(f"() => {DESK}.board.count") == 7
    assert b.evaluate(f"() => {DESK}.board.shown.length") == 0
    a.keyboard.press("ArrowUp")
    b.wait_for_function(f"() => {DESK}.board.shown.length === 1")
    assert state(b)["picture"] == before["picture"]
    assert [page.evaluate("() => window.stays") for page in (a, b)] == [True, True]


def test_a_guest_is_shown_the_pictures_that_have_come(page_as, who, slices):
    case = who.room.case
    guest = let_in(who, StaffFactory(organisation=case.asked, name="潘译", language="en"))
    a = enter(page_as(who.answering), who)
    a.locator('[data-room="lead"]').click()
    c = page_as(guest, width=390)
    c.add_init_script(SILENT)
    c.goto(f"/rooms/{case.pk}/")
    c.locator('[data-room="enter"]').click()
    c.wait_for_function(f"() => {DESK}?.boards[0]?.count === 3", timeout=PATIENCE)

    laid(case.patient, who.asking, "now", slices[0::2])
    more(a).click(timeout=PATIENCE)
    a.wait_for_function(f"() => {DESK}.board.count === 7")
    a.keyboard.press("ArrowDown")

    a.wait_for_function(f"() => {DESK}.state.slice === 4")
    c.wait_for_function(
        f"(wanted) => {DESK}.boards[0]?.pictureName === wanted",
        arg=state(a)["picture"],
        timeout=PATIENCE,
    )
    assert c.evaluate(f"() => {DESK}.boards[0].count") == 7


def test_a_study_that_comes_joins_the_list_of_the_room_and_is_said(page_as, who, slices, upload):
    page = stays(enter(page_as(who.answering), who))
    choice = page.locator(".pane-v:visible select")
    expect(choice).to_be_hidden()
    shown = state(page)

    upload(thorax(who.room.case.patient, "next", days=1))

    expect(choice.locator("option")).to_have_count(2, timeout=PATIENCE)
    expect(page.locator('[data-room="log"]')).to_contain_text(
        f"{who.asking.name} added: CT", timeout=PATIENCE
    )
    assert state(page) == shown
    choice.select_option(index=1)
    page.wait_for_function(f"() => {DESK}.board?.count === 7", timeout=PATIENCE)
    assert page.evaluate("() => window.stays") is True


def test_the_first_images_of_all_open_the_viewer_of_the_room(page_as, who, upload):
    page = page_as(who.answering)
    page.add_init_script(WATCH)
    page.add_init_script(SILENT)
    page.goto(f"/rooms/{who.room.case_id}/")
    page.locator('[data-room="enter"]').click()
    expect(page.locator("html")).to_have_attribute("data-connection", "open", timeout=PATIENCE)
    expect(page.locator('[data-room="viewer"]')).to_contain_text("No images go along")

    upload(thorax(who.room.case.patient, "first"))

    page.wait_for_function(f"() => {DESK}?.board?.frames?.kept.size", timeout=PATIENCE)


def test_each_photo_that_is_added_from_the_messages_is_said_to_both(page_as, who, slices):
    asking, answering = (enter(page_as(user), who) for user in (who.asking, who.answering))
    name = "Add a photo, a PDF or images"
    expect(answering.get_by_role("link", name=name)).to_have_count(0)
    with asking.context.expect_page() as opened:
        asking.get_by_role("link", name=name).click()
    door = opened.value
    expect(door.locator("[data-attach]")).to_be_visible(timeout=PATIENCE)
    for n in (1, 2):
        taken = {"name": f"IMG_{n}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(drawing(320 + n))}
        door.locator("[data-kind=photo]").set_input_files([taken])
        expect(door.locator("[data-attach] .ink-green")).to_have_count(n, timeout=PATIENCE)
        outbox.deliver_waiting()
        for page in (asking, answering):
            said = page.locator('[data-room="log"]').get_by_text(f"{who.asking.name} added: Photo")
            expect(said).to_have_count(n, timeout=PATIENCE)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_of_a_study_takes_in_what_has_come(page_as, who, slices, width):
    case = who.room.case
    page = page_as(who.answering, width=width)
    page.goto(f"/images/studies/{case.studies.get().pk}/")
    page.wait_for_function(f"() => {VIEWER}?.frames.kept.size", timeout=PATIENCE)
    stays(page)
    picture = page.evaluate(f"() => {VIEWER}.pictureName")

    laid(case.patient, who.asking, "now", slices[:1])

    expect(more(page)).to_have_text("1 new image has come: show it", timeout=PATIENCE)
    assert_fits(page)
    assert_accessible(page)
    more(page).click()
    page.wait_for_function(f"() => {VIEWER}.count === 4")
    assert page.evaluate(f"() => {VIEWER}.pictureName") == picture
    assert page.evaluate("() => window.stays") is True


def test_the_viewer_of_a_case_takes_in_what_has_come(page_as, who, slices):
    case = who.room.case
    page = page_as(who.answering, width=390)
    page.goto(f"/cases/{case.pk}/images/")
    desk = "document.querySelector('[data-desk]').desk"
    page.wait_for_function(f"() => {desk}?.board?.frames.kept.size", timeout=PATIENCE)

    laid(case.patient, who.asking, "now", slices[::2])

    expect(more(page)).to_be_visible(timeout=PATIENCE)
    assert_fits(page)
    assert_accessible(page)
    more(page).click()
    page.wait_for_function(f"() => {desk}.board.count === 7")
