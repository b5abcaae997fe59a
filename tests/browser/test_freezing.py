"""A picture is frozen out of the video of a room, kept with the case, and drawn on."""

import pytest
from playwright.sync_api import Page, expect

from consult.keyimages.models import Still
from consult.rooms.models import RoomEvent
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.room_server import WATCH, await_media
from tests.browser.test_room import enter
from tests.factories.rooms import scene
from tests.marks import committed

pytestmark = committed
PATIENCE = 20_000  # ms, never a measurement
VIEWER = '[data-room="viewer"]'
BOARD = f"document.querySelector('{VIEWER}').viewer?.board"


@pytest.fixture
def who(transactional_db):
    who = scene()
    for user in (who.asking, who.answering):
        user.language = "en"
        user.save()
    return who


@pytest.fixture
def page_of(page_as):
    def page_of(user, width: int) -> Page:
        page = page_as(user, width=width)
        page.add_init_script(WATCH)
        return page

    return page_of


def place(page: Page, across: float, down: float) -> tuple[float, float]:
    """A place of the picture, on the screen."""
    box = page.evaluate(
        f"() => {{ const box = {BOARD}.parts.port.getBoundingClientRect();"
        " return [box.left, box.top, box.width, box.height]; }"
    )
    return box[0] + across * box[2], box[1] + down * box[3]


def draw_arrow(page: Page, words: str) -> None:
    page.keyboard.press("a")
    page.mouse.move(*place(page, 0.4, 0.4))
    page.mouse.down()
    page.mouse.move(*place(page, 0.5, 0.5))
    page.mouse.move(*place(page, 0.6, 0.6))
    page.mouse.up()
    page.locator(f"{VIEWER} .lbl").fill(words)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [390, 1440])
def test_a_picture_is_frozen_kept_and_drawn_on_while_the_other_looks(page_of, who, width):
    a = enter(page_of(who.asking, 1440), who)
    b = enter(page_of(who.answering, width), who)
    await_media(b, 15)
    tile = b.locator(f'.tile[data-user="{who.asking.pk}"]')
    tile.locator("[data-freeze]").click(timeout=PATIENCE)

    asked = b.locator("#freeze")
    expect(asked).to_be_visible()
    frozen = asked.locator("[data-frozen]").evaluate("(i) => i.decode().then(() => i.naturalWidth)")
    assert frozen == tile.locator("video").evaluate("(v) => v.videoWidth")
    assert_fits(b)
    assert_accessible(b)
    asked.get_by_role("button", name="Keep it").click()  # the patient was not asked yet
    expect(asked).to_be_visible()
    assert not Still.objects.exists()

    asked.locator('[name="agreed"]').check()
    asked.get_by_role("button", name="Keep it").click()
    expect(asked).to_be_hidden(timeout=PATIENCE)
    still = Still.objects.get()
    assert (still.taken_by, still.camera_of, still.agreed) == (who.answering, who.asking, True)
    assert who.room.case.studies.get() == still.study

    for page in (a, b):
        page.wait_for_function(f"() => !!{BOARD}?.state?.series", timeout=PATIENCE)
    expect(a.locator('[data-room="leading"]')).to_contain_text(who.answering.name)
    b.locator(VIEWER).scroll_into_view_if_needed()
    draw_arrow(b, "wound")

    marks = f"() => [...document.querySelector('{VIEWER}').viewer.marks.values()]"
    a.wait_for_function(f"{marks}.some(({{ mark }}) => mark.extra?.label === 'wound')")
    saved = RoomEvent.objects.filter(kind="mark.saved").order_by("seq").last()
    assert (saved.sender, saved.body["mark"]["kind"]) == (who.answering, "arrow")
    assert_fits(b)


def test_who_thinks_better_of_it_keeps_nothing_and_the_next_picture_is_a_new_one(page_of, who):
    enter(page_of(who.asking, 1440), who)
    b = enter(page_of(who.answering, 1440), who)
    await_media(b, 15)
    freeze = b.locator(f'.tile[data-user="{who.asking.pk}"] [data-freeze]')
    asked = b.locator("#freeze")
    freeze.click(timeout=PATIENCE)
    asked.locator('[name="agreed"]').check()
    first = asked.locator("[data-frozen]").get_attribute("src")
    asked.get_by_role("button", name="Cancel").click()
    expect(asked).to_be_hidden()
    freeze.click()
    expect(asked.locator('[name="agreed"]')).not_to_be_checked()
    assert asked.locator("[data-frozen]").get_attribute("src") != first
    assert not Still.objects.exists()


def test_the_picture_can_be_frozen_without_a_mouse(page_of, who):
    enter(page_of(who.asking, 1440), who)
    b = enter(page_of(who.answering, 1440), who)
    await_media(b, 15)
    b.locator(f'.tile[data-user="{who.asking.pk}"] [data-freeze]').focus()
    b.keyboard.press("Enter")
    asked = b.locator("#freeze")
    expect(asked).to_be_visible()
    asked.locator('[name="agreed"]').focus()
    b.keyboard.press("Space")
    b.keyboard.press("Enter")
    expect(asked).to_be_hidden(timeout=PATIENCE)
    assert Still.objects.get().camera_of == who.asking
