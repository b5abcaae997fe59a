"""A leader at the hospital turns the pages of a CT, and the township follows on a thin line."""

from statistics import median

from tests.browser.limits import SPARE
from tests.browser.room_server import measured
from tests.browser.test_desk import COUNT, DESK, laid, thorax
from tests.line.needs import pytestmark

__all__ = ["pytestmark"]
DELAY = 0.15  # seconds one way
LATE = 2 * DELAY + 0.3  # seconds from the leader's hand to the other's screen
TURNS = 24
EVERY = 700  # ms between two of them

ALL_HERE = f"() => {DESK}?.board?.frames?.kept.size === {COUNT}"

# Each picture that comes onto this screen, and when; both browsers have this machine's clock.
WATCH_PICTURES = f"""() => {{
  window.seen = [];
  let last = {DESK}.board.pictureName;
  const look = () => {{
    const {{ board }} = {DESK};
    if (board.pictureName !== last) window.seen.push([(last = board.pictureName), Date.now()]);
    requestAnimationFrame(look);
  }};
  look();
}}"""

# From one end of the stack to the other and back, a picture at a time.
TURN = f"""async ([turns, every]) => {{
  const {{ board }} = {DESK};
  const told = [];
  let way = 1;
  while (told.length < turns) {{
    if (board.view.slice + way < 0 || board.view.slice + way >= board.count) way = -way;
    board.scrollBy(way);
    told.push([board.pictureName, Date.now()]);
    await new Promise((done) => setTimeout(done, every));
  }}
  return told;
}}"""


def test_a_leaders_scroll_is_on_the_others_screen_soon_on_a_thin_line(call, who, country, window):
    line, town, hub = call
    case = who.room.case
    case.studies.add(laid(case.patient, who.asking, "scroll", thorax(case.patient, "scroll")))
    for page in (town, hub):
        page.reload()  # who was in is in again
        page.wait_for_function(ALL_HERE, timeout=60_000)
    hub.locator('[data-room="lead"]').click()
    town.wait_for_function(f"() => {DESK}.state.series === {DESK}.board.view.series")

    line.spoil(rate=256_000, delay=DELAY)
    hub.wait_for_timeout(10_000)  # the call finds its size
    town.evaluate(WATCH_PICTURES)
    told = hub.evaluate(TURN, [TURNS, EVERY])
    hub.wait_for_timeout(3000)

    late = lateness(told, town.evaluate("() => window.seen"))
    assert len(late) == TURNS, "each was on the screen"
    worst = sorted(late)[-1]
    measured(12, f"a leader's scroll at 256 kbit/s beside the call: {median(late):.2f} s late")
    measured(12, f"the latest of {TURNS}: {worst:.2f} s")
    assert median(late) <= LATE * SPARE


def lateness(told: list, seen: list) -> list[float]:
    """Seconds after which each of these pictures came onto the other screen, in their order."""
    late, rest = [], iter(seen)
    for picture, at in told:
        came = next((moment for name, moment in rest if name == picture), None)
        if came is not None:
            late.append((came - at) / 1000)
    return late
