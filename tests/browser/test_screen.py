"""A screen that is shared: real browsers, a made screen, and words on both sides."""

import pytest
from playwright.sync_api import Page, expect

from consult.rooms.models import RoomEvent
from tests.browser.room_server import await_media
from tests.browser.test_room import enter, prepare
from tests.browser.test_sharing import LINE, frames_from
from tests.factories.rooms import scene
from tests.marks import committed

pytestmark = committed

# A screen of 640 by 400 that moves a little; a browser's own question is answered.
MADE = """
  navigator.mediaDevices.getDisplayMedia = async (wanted) => {
    window.wanted = wanted;
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 400 });
    const pen = canvas.getContext("2d");
    let n = 0;
    setInterval(() => {
      pen.fillStyle = "#fff"; pen.fillRect(0, 0, 640, 400);
      pen.fillStyle = "#000"; pen.font = "40px sans-serif"; pen.fillText(`eGFR ${n++}`, 40, 90);
    }, 50);
    const stream = canvas.captureStream(30);
    window.shown = stream.getVideoTracks()[0];
    return stream;
  };
"""
PLACE = '[data-room="screen"]'
LARGE = f"{PLACE} video"


@pytest.fixture
def who(transactional_db):
    who = scene()
    for user in (who.asking, who.answering):
        user.language = "en"
        user.save()
    return who


@pytest.fixture
def page_of(page_as):
    def page_of(user, *, script: str = MADE) -> Page:
        page = prepare(page_as(user))
        page.add_init_script(LINE)
        if script:
            page.add_init_script(script)
        return page

    return page_of


def share(page: Page) -> None:
    page.locator('[data-room="share"]').click()
    expect(page.locator(PLACE)).to_contain_text("You share your screen")


def moves(page: Page, ms: int = 2000) -> int:
    """Pictures of the large place within that time."""
    quality = "(v) => v.getVideoPlaybackQuality().totalVideoFrames"
    before = page.locator(LARGE).evaluate(quality)
    page.wait_for_timeout(ms)
    return page.locator(LARGE).evaluate(quality) - before


def test_a_screen_is_seen_large_said_in_words_and_ends_from_the_browsers_own_bar(page_of, who):
    a, b = enter(page_of(who.asking), who), enter(page_of(who.answering), who)
    await_media(b, 15)
    share(a)

    expect(b.locator(PLACE)).to_contain_text(f"{who.asking.name} shares the screen")
    expect(b.locator(LARGE)).to_be_visible(timeout=10_000)
    b.wait_for_function(f"() => document.querySelector('{LARGE}').videoWidth === 640")
    assert b.locator(LARGE).evaluate("(v) => v.muted")  # the voice comes from the tile
    assert b.locator(LARGE).bounding_box()["width"] > 400
    assert moves(b) > 2
    tile = b.locator(f'.tile[data-user="{who.asking.pk}"]')
    expect(tile.locator('[data-tile="line"]')).to_have_text("Shares the screen")
    assert a.evaluate("window.shown.contentHint") == "detail"

    a.evaluate("window.shown.stop(); window.shown.dispatchEvent(new Event('ended'))")
    expect(b.locator(PLACE)).to_be_hidden()
    expect(a.locator(PLACE)).to_be_hidden()
    expect(b.locator('[data-room="log"]')).to_contain_text("shares the screen no longer")
    face = f'.tile[data-user="{who.asking.pk}"] video:not(.vh)'
    expect(b.locator(face)).to_be_visible()  # the camera's picture is back
    before = frames_from(b, who.asking)
    b.wait_for_timeout(2000)
    assert frames_from(b, who.asking) > before + 5
    kinds = RoomEvent.objects.filter(kind__startswith="screen.").order_by("seq")
    assert list(kinds.values_list("kind", flat=True)) == ["screen.started", "screen.ended"]


def test_one_at_a_time_and_who_comes_later_sees_it(page_of, who):
    a = enter(page_of(who.asking), who)
    share(a)
    b = enter(page_of(who.answering), who)
    expect(b.locator(LARGE)).to_be_visible(timeout=15_000)

    b.locator('[data-room="share"]').click()
    expect(b.locator('[data-room="log"]')).to_contain_text("one at a time")
    assert b.evaluate("window.shown === undefined")  # not even asked for

    a.reload()  # a page that was loaded anew shows nothing
    expect(b.locator(PLACE)).to_be_hidden(timeout=10_000)
    share(b)
    expect(a.locator(PLACE)).to_contain_text(who.answering.name)


def test_two_who_begin_at_once_are_one_and_the_other_lets_go(page_of, who):
    a, b = enter(page_of(who.asking), who), enter(page_of(who.answering), who)
    # b asks although it has not heard of a's yet
    b.evaluate("""() => {
      const real = navigator.mediaDevices.getDisplayMedia;
      navigator.mediaDevices.getDisplayMedia = (wanted) => new Promise((done) => {
        window.pick = () => real(wanted).then(done);
      });
    }""")
    b.locator('[data-room="share"]').click()
    share(a)
    b.evaluate("window.pick()")
    expect(b.locator('[data-room="log"]')).to_contain_text("one at a time")
    b.wait_for_function("() => window.shown?.readyState === 'ended'")
    expect(b.locator(PLACE)).to_contain_text(who.asking.name)


def test_a_screen_as_the_browser_gives_it_goes_out(page_of, who):
    a, b = enter(page_of(who.asking, script=""), who), enter(page_of(who.answering), who)
    share(a)
    b.wait_for_function(f"() => document.querySelector('{LARGE}').videoWidth > 0", timeout=15_000)
    a.locator('[data-room="unshare"]').click()
    expect(b.locator(PLACE)).to_be_hidden()


def test_a_thin_line_gets_few_pictures_then_stills_of_the_screen(page_of, who):
    a, b = enter(page_of(who.asking), who), enter(page_of(who.answering), who)
    await_media(b, 15)
    a.evaluate("window.uplink = 256_000")
    share(a)
    expect(b.locator(LARGE)).to_be_visible(timeout=10_000)
    sender = """() => {
      const call = window.calls.find((one) => one.connectionState === "connected");
      const sender = call.getSenders().find((one) => one.track?.kind === "video");
      const { maxFramerate, maxBitrate } = sender.getParameters().encodings[0];
      return [maxFramerate, maxBitrate];
    }"""
    a.wait_for_function(f"() => ({sender})()[0] === 5", timeout=10_000)
    _frames, rate = a.evaluate(sender)
    assert rate <= 250_000
    assert 0 < moves(b, 4000) <= 4 * 5 + 6

    a.locator('[data-rung="still"] button').click()
    still = b.locator(f"{PLACE} img")
    expect(still).to_be_visible(timeout=10_000)
    b.wait_for_function(f"() => document.querySelector('{PLACE} img').naturalWidth === 640")


def test_a_browser_that_shows_no_screens_has_no_button(page_of, who):
    gone = "delete MediaDevices.prototype.getDisplayMedia;"
    page = enter(page_of(who.asking, script=gone), who)
    expect(page.locator('[data-room="share"]')).to_be_hidden()
    expect(page.locator('[data-room="mic"]')).to_be_visible()


PACE = """async (rates) => {
  const { pace } = await import("/static/rooms/pace.js");
  return rates.map((rate) => pace(rate));
}"""


def test_sound_has_its_room_whatever_the_screen_wants(page_as):
    page = page_as(None)
    page.goto("/accounts/login/")
    unknown, thin, thinner, wide = page.evaluate(PACE, [None, 256_000, 90_000, 900_000])
    assert (unknown["frames"], thin["frames"], thinner["frames"], wide["frames"]) == (5, 5, 5, 10)
    assert thin["rate"] <= 256_000 - 40_000
    assert thinner["rate"] <= 90_000 - 40_000
