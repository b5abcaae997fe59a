"""A township on a bad line and a hospital on a good one, in one room."""

import time

from playwright.sync_api import expect

from tests.browser.limits import SPARE
from tests.browser.room_server import await_media, concealed, count, measured
from tests.line.needs import pytestmark

__all__ = ["pytestmark"]
GIVEN_UP = 15  # seconds on a line that is too thin
BY_HAND = 5  # seconds after somebody chose it
RETURNS = 30  # seconds after the line is good again
STAYS = 8  # seconds, in which the first reports of the new picture come
WITHOUT = "() => ['still', 'audio', 'text'].includes(document.documentElement.dataset.callRung)"


def test_at_64_kbit_the_picture_goes_by_itself_and_the_sound_stays(call):
    line, town, hub = call
    for page in (town, hub):
        expect(page.locator("html")).to_have_attribute("data-call-rung", "video", timeout=10_000)
    line.spoil(rate=64_000, delay=0.15)
    began = time.monotonic()
    for page in (town, hub):
        page.wait_for_function(WITHOUT, timeout=GIVEN_UP * SPARE * 1000)
    measured(3, f"at 64 kbit/s the picture is given up after {time.monotonic() - began:.1f} s")
    hub.wait_for_timeout(5000)  # what was queued on the line runs out

    before = {page: count(page) for page in (town, hub)}
    hub.wait_for_timeout(10_000)
    drained = {page: count(page)["frames"] for page in (town, hub)}
    hub.wait_for_timeout(10_000)

    for page, then in before.items():
        now = count(page)
        share = concealed(page, then)
        measured(3, f"made up of the sound: {share:.1%}")
        assert now["samples"] - then["samples"] > 20 * 48_000 * 0.8
        assert share <= 0.15, share
        # Pictures sent before the change may still come; after them there is none.
        assert now["frames"] - drained[page] < 10, "less than one a second is no picture"

    line.reset()
    for page in (town, hub):
        page.locator('[data-rung="video"] button').click()
    chosen = time.monotonic()
    for page in (town, hub):
        await_media(page, BY_HAND * SPARE, count(page))
    measured(3, f"by hand the picture is back after {time.monotonic() - chosen:.1f} s")
    town.locator('[data-rung="audio"] button').click()
    hub.wait_for_function(WITHOUT, timeout=5000)


def test_the_picture_returns_by_itself_and_stays_when_the_line_is_good_again(call):
    line, town, hub = call
    line.spoil(rate=64_000, delay=0.15)
    for page in (town, hub):
        page.wait_for_function(WITHOUT, timeout=GIVEN_UP * SPARE * 1000)
    hub.wait_for_timeout(20_000)  # long enough that the reports of the picture are of long ago

    line.reset()
    good = time.monotonic()
    for page in (town, hub):
        expect(page.locator("html")).to_have_attribute(
            "data-call-rung", "video", timeout=RETURNS * SPARE * 1000
        )
    left = max(RETURNS * SPARE - (time.monotonic() - good), 1)
    for page in (town, hub):
        await_media(page, left, count(page))
    measured(3, f"by itself the picture is back after {time.monotonic() - good:.1f} s")
    hub.wait_for_timeout(STAYS * 1000)
    for page in (town, hub):
        assert page.evaluate("() => document.documentElement.dataset.callRung") == "video"
