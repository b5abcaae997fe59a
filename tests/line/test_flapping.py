"""Ten minutes of picture and sound on a line that comes and goes: the picture does not flap."""

import time
from itertools import cycle

import pytest

from tests.browser.room_server import concealed, count, measured
from tests.line.needs import pytestmark

__all__ = ["pytestmark"]
MINUTES = 10
CHANGES = 10  # of mode, on either page
GOOD, THIN = 24, 8  # seconds
RATE = 64_000  # bit/s while it is thin

WATCH_MODE = """() => {
  const root = document.documentElement;
  window.modes = [[root.dataset.callRung, Date.now()]];
  new MutationObserver(() => {
    const [last] = window.modes[window.modes.length - 1];
    if (root.dataset.callRung !== last) window.modes.push([root.dataset.callRung, Date.now()]);
  }).observe(root, { attributes: true, attributeFilter: ["data-call-rung"] });
}"""


@pytest.mark.long
def test_ten_minutes_of_a_line_that_comes_and_goes_change_the_mode_seldom(call):
    line, town, hub = call
    pages = {"town": town, "hub": hub}
    for page in pages.values():
        page.evaluate(WATCH_MODE)
    before = {name: count(page) for name, page in pages.items()}
    until, thin = time.monotonic() + MINUTES * 60, cycle([True, False])
    while time.monotonic() < until:
        if next(thin):
            line.spoil(rate=RATE, delay=0.15)
            hub.wait_for_timeout(THIN * 1000)
        else:
            line.reset()
            hub.wait_for_timeout(GOOD * 1000)

    for name, page in pages.items():
        modes = [mode for mode, _at in page.evaluate("() => window.modes")]
        made_up = concealed(page, before[name])
        measured(3, f"{name}: {len(modes) - 1} changes in {MINUTES} minutes: {' '.join(modes)}")
        measured(3, f"{name}: {made_up:.1%} of the sound was made up")
        assert len(modes) - 1 <= CHANGES
