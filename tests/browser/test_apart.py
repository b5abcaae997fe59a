"""A page that hears nothing of its room for long lets go of microphone and camera (ADR 0051)."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.room_server import await_media, count
from tests.browser.test_room import enter, prepare
from tests.browser.test_room_ends import OFF, ON, STATES, TRACKS
from tests.factories.rooms import scene
from tests.marks import committed

pytestmark = committed

# The clock of the page goes ahead when the test says so.
AHEAD = "const now = Date.now; Date.now = () => now() + (window.ahead || 0);"
BANNER = '[data-room="banner"]'


@pytest.fixture
def who(transactional_db):
    who = scene()
    who.asking.language = "en"
    who.asking.save()
    return who


@pytest.fixture
def window(browser, served):
    """Like page_of, where lines break and the browser says so."""
    with ExitStack() as contexts:

        def open_window(user):
            context = browser.new_context(
                base_url=served.url, locale="zh-CN", permissions=["camera", "microphone"]
            )
            contexts.callback(context.close)
            sign_in(context, user, served.url)
            page = prepare(context.new_page())
            page.add_init_script(TRACKS)
            page.add_init_script(AHEAD)
            return page

        yield open_window


def test_microphone_and_camera_go_off_by_themselves_long_without_the_room(window, who):
    a, b = enter(window(who.asking), who), enter(window(who.answering), who)
    await_media(b, 15)

    a.evaluate("localStorage.setItem('no-line', '1'); window.sockets.forEach((s) => s.close())")
    expect(a.locator(BANNER)).to_contain_text("we are coming back")
    assert a.evaluate(STATES) == ON  # the call lives, and the line may be back any moment
    a.evaluate("window.ahead = 590_000")
    a.wait_for_timeout(2500)  # it has looked
    assert a.evaluate(STATES) == ON

    a.evaluate("window.ahead = 600_000")
    expect(a.locator(BANNER)).to_contain_text("turned off", timeout=10_000)
    assert a.evaluate(STATES) == OFF
    assert count(a)["states"] == []  # and hears nothing any more

    a.evaluate("localStorage.removeItem('no-line')")
    expect(a.locator("html")).to_have_attribute("data-connection", "open", timeout=20_000)
    expect(a.locator('[data-room="log"]')).to_contain_text("turn them on yourself")
    assert a.evaluate(STATES) == OFF
    a.locator('[data-room="mic"]').click()
    a.locator('[data-room="camera"]').click()
    await_media(b, 30, count(b))
    assert a.evaluate(STATES) == [*OFF, *ON]


RULE = """async () => {
  const { Apart } = await import("/static/rooms/apart.js");
  let [now, acts] = [0, 0];
  const apart = new Apart(600_000, () => (acts += 1), () => now);
  const found = [];
  const at = (seconds) => { now = seconds * 1000; apart.look(); found.push(acts); };
  now = 1000; apart.lost(); at(500); apart.back(); at(700);
  apart.lost(); at(1200); apart.lost(); at(1299); at(1301); at(1400);
  found.push(apart.back());
  return found;
}"""


def test_a_short_loss_turns_nothing_off_and_a_new_one_counts_anew(page_as):
    page = page_as(None)
    page.goto("/accounts/login/")
    assert page.evaluate(RULE) == [0, 0, 0, 0, 1, 1, True]
