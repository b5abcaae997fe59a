"""Two doctors in a room: real browsers, real sockets, real media from fake devices."""

import time
from contextlib import ExitStack
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from consult.rooms import services
from consult.rooms.models import RoomEvent
from telemed.core.intentions import intention
from tests.browser.conftest import sign_in
from tests.browser.limits import SPARE
from tests.browser.room_server import WATCH, await_media, count, measured, running
from tests.factories.people import StaffFactory
from tests.factories.rooms import scene
from tests.marks import committed

pytestmark = committed

JOINING = 5.0  # seconds to picture and sound both ways

# A viewer as the room needs one: it keeps what it was shown.
VIEWER = """
export class Desk extends EventTarget {
  constructor(host, { studies }) {
    super();
    this.studies = studies; this.state = { series: "s1", slice: 0, centre: 40, width: 400 };
    this.marks = new Map(); this.pointers = new Map(); window.viewer = this;
  }
  show(state) { this.state = state; }
  addMark(mark, facts) { this.marks.set(mark.id, { mark, ...facts }); window.markAt = Date.now(); }
  removeMark(id) { this.marks.delete(id); }
  showPointer(at) { this.pointers.set(at.label, at); window.pointerAt = Date.now(); }
  hidePointer(label) { this.pointers.delete(label); }
  addStudy() {}
  addKeyImage() {}
  removeKeyImage() {}
  act(name, detail) {
    if (detail.state) this.state = detail.state;
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
"""


# One study in the room's data, whatever the case has.
STUDY = """
  const parse = JSON.parse;
  JSON.parse = (...args) => {
    const value = parse(...args);
    const study = { id: "x", name: "CT", manifest: "/images/studies/x/series.json" };
    if (value && value.viewer && value.socket) value.viewer.studies = [study];
    return value;
  };
"""


def prepare(page: Page) -> Page:
    """Count media, and put a viewer with one study into the room's page."""
    page.add_init_script(WATCH)
    page.add_init_script(STUDY)
    script = {"body": VIEWER, "content_type": "text/javascript"}
    page.route("**/imaging/desk*.js", lambda route: route.fulfill(**script))
    page.route("**/images/studies/x/*", lambda route: route.fulfill(json={"series": []}))
    return page


def enter(page: Page, who, *, base: str = "") -> Page:
    """Through the ready check into the room; returns when the socket is open."""
    page.goto(f"{base}/rooms/{who.room.case_id}/")
    page.locator('[data-room="enter"]').click()
    expect(page.locator("html")).to_have_attribute("data-connection", "open", timeout=10_000)
    return page


@pytest.fixture
def who(transactional_db):
    return scene()


@pytest.fixture
def window(browser):
    """window(url, user): like page_as, for tests in which lines break and the browser says so."""
    with ExitStack() as contexts:

        def open_window(url, user):
            context = browser.new_context(
                base_url=url, locale="zh-CN", permissions=["camera", "microphone"]
            )
            contexts.callback(context.close)
            sign_in(context, user, url)
            return prepare(context.new_page())

        yield open_window


@pytest.fixture
def english(who):
    """Where a test reads the words of the page."""
    who.asking.language = "en"
    who.asking.save()


@pytest.fixture
def both(page_as, who):
    """The asking and the answering doctor, in the room."""
    a = enter(prepare(page_as(who.asking)), who)
    b = enter(prepare(page_as(who.answering)), who)
    return a, b


def say(page: Page, text: str) -> None:
    page.locator('[data-room="say"] input').fill(text)
    page.locator('[data-room="say"] button').click()


def messages(page: Page) -> list[str]:
    return page.locator('[data-room="log"] .msg:not([data-waiting]) p').all_inner_texts()


def test_picture_and_sound_move_both_ways_within_five_seconds(page_as, who):
    a = enter(prepare(page_as(who.asking)), who)
    b = prepare(page_as(who.answering))
    b.goto(f"/rooms/{who.room.case_id}/")
    b.locator('[data-room="enter"]').click()
    joined = time.monotonic()

    await_media(b, JOINING * SPARE)
    await_media(a, max(JOINING * SPARE - (time.monotonic() - joined), 0.1))
    measured(1, f"on a clean line after {time.monotonic() - joined:.1f} s")


@pytest.mark.usefixtures("english")
def test_the_ready_check_speaks_in_words_and_nobody_is_stopped(page_as, who):
    page = page_as(who.asking)
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('no', 'NotAllowedError'));"
    )
    page.goto(f"/rooms/{who.room.case_id}/")
    words = page.locator('[data-room="ready-camera"] [data-words]')
    expect(words).to_contain_text("permission")

    page.locator('[data-room="enter"]').click()
    expect(page.locator("html")).to_have_attribute("data-connection", "open", timeout=10_000)
    say(page, "no devices, still here")

    expect(page.locator('[data-room="log"] .msg p')).to_have_text("no devices, still here")
    expect(page.locator('[data-room="mic"]')).to_have_attribute("aria-disabled", "true")


def test_what_was_said_survives_a_reload_once_and_in_order(both):
    a, b = both
    for number in range(3):
        say(a, f"a{number}")
        say(b, f"b{number}")
    expect(b.locator('[data-room="log"] .msg:not([data-waiting])')).to_have_count(6)
    before = messages(b)

    b.reload()
    expect(b.locator('[data-room="log"] .msg:not([data-waiting])')).to_have_count(6)

    assert messages(b) == before == messages(a)
    await_media(b, 10)


def test_what_is_typed_without_a_line_is_kept_over_a_reload_and_sent_once(window, served, who):
    a, b = (enter(window(served.url, user), who) for user in (who.asking, who.answering))
    b.evaluate("localStorage.setItem('no-line', '1'); window.sockets.forEach((s) => s.close())")
    expect(b.locator('[data-room="banner"]')).to_be_visible()
    say(b, "typed in the dark")
    expect(b.locator('[data-room="log"] [data-waiting]')).to_have_count(1)

    b.reload()
    expect(b.locator('[data-room="log"] [data-waiting]')).to_have_count(1)
    b.evaluate("localStorage.removeItem('no-line')")

    expect(a.locator('[data-room="log"] .msg p')).to_have_text("typed in the dark")
    expect(b.locator('[data-room="log"] [data-waiting]')).to_have_count(0)
    assert RoomEvent.objects.filter(kind="chat.posted").count() == 1


def test_media_lives_while_its_socket_dies_and_nothing_said_is_lost(both):
    a, b = both
    await_media(b, 10)
    call = b.evaluate("window.calls.length")
    before = count(b)
    b.evaluate("window.sockets[window.sockets.length - 1].close()")
    say(a, "while you were gone")

    await_media(b, 5, before)
    expect(b.locator('[data-room="log"] .msg p')).to_have_text("while you were gone", timeout=5000)
    assert b.evaluate("window.calls.length") == call
    assert messages(b) == ["while you were gone"]


def test_the_leader_moves_the_others_view_and_marks_and_pointers_arrive_at_once(both):
    a, b = both
    for page in both:
        page.wait_for_function("() => !!window.viewer")
    a.locator('[data-room="lead"]').click()
    expect(b.locator('[data-room="leading"]')).to_contain_text("杨文秀")

    view = {"state": {"series": "s1", "slice": 142, "centre": -600, "width": 1500}}
    a.evaluate("(detail) => viewer.act('view', detail)", {**view, "settled": True})
    b.wait_for_function("() => viewer.state.slice === 142")

    mark = {"id": "m1", "kind": "length", "series": "s1", "slice": 142}
    mark |= {"points": [[1, 2], [3, 4]], "value": 8.4, "unit": "mm", "extra": None}
    sent = a.evaluate("(mark) => { viewer.act('mark', { mark }); return Date.now(); }", mark)
    b.wait_for_function("() => viewer.marks.has('m1')")
    assert b.evaluate("window.markAt") - sent <= 300

    pointer = {"series": "s1", "slice": 142, "x": 0.4, "y": 0.6}
    sent = a.evaluate("(at) => { viewer.act('pointer', at); return Date.now(); }", pointer)
    b.wait_for_function("() => viewer.pointers.has('杨文秀')")
    assert b.evaluate("window.pointerAt") - sent <= 300


def test_who_comes_later_sees_the_same_view_and_marks(page_as, who):
    a = enter(prepare(page_as(who.asking)), who)
    a.wait_for_function("() => !!window.viewer")
    a.locator('[data-room="lead"]').click()
    state = {"series": "s1", "slice": 7}
    a.evaluate("(state) => viewer.act('view', { state, settled: true })", state)
    mark = {"id": "m1", "kind": "length", "series": "s1", "slice": 7, "points": [[1, 2], [3, 4]]}
    a.evaluate("(mark) => viewer.act('mark', { mark })", mark)

    b = enter(prepare(page_as(who.answering)), who)

    b.wait_for_function("() => window.viewer?.state.slice === 7 && viewer.marks.has('m1')")


def test_the_switch_wins_and_the_other_is_told(both):
    a, b = both
    await_media(b, 10)
    a.locator('[data-rung="audio"] button').click()
    expect(b.locator("html")).to_have_attribute("data-call-rung", "audio", timeout=5000)
    frames = count(b)["frames"]
    sound = count(b)["packets"]
    b.wait_for_timeout(2000)
    assert count(b)["frames"] - frames <= 2
    assert count(b)["packets"] > sound + 20

    a.locator('[data-room="auto"]').click()
    await_media(b, 10, count(b))


def test_hanging_up_lets_go_of_the_devices_and_leaves_the_case(both, who):
    a, b = both
    await_media(b, 10)
    a.locator('[data-room="leave"]').click()

    expect(b.locator(".tile")).to_have_count(1, timeout=3000)
    who.room.case.refresh_from_db()
    assert who.room.case.status == "in_progress"


def test_the_second_window_takes_over(page_as, both, who):
    a, b = both
    second = b.context.new_page()
    prepare(second)
    enter(second, who)

    expect(b.locator("html")).to_have_attribute("data-connection", "replaced")
    await_media(second, 10)
    expect(a.locator(".tile")).to_have_count(2)


def test_the_room_survives_a_restart_of_the_server(window, who, tmp_path):
    guest = StaffFactory(organisation=who.room.case.asked, name="潘译")
    mark = {"id": "m1", "kind": "length", "series": "s1", "slice": 7, "points": [[1, 2], [3, 4]]}
    knocks = '[data-room="guests"] [data-door=admit]'
    with running(tmp_path) as server:
        pages = [enter(window(server.url, user), who) for user in (who.asking, who.answering)]
        a, b = pages
        them = {"actor": who.asking, "room_id": who.room.pk, "user_id": guest.pk}
        with intention(who.asking, door="test"):
            services.invite_guest(**them, role="interpreter")
        waiting = window(server.url, guest)
        waiting.goto(f"/rooms/{who.room.case_id}/")
        await_media(b, 10)
        say(a, "before")
        a.wait_for_function("() => !!window.viewer")
        a.evaluate("(mark) => viewer.act('mark', { mark })", mark)
        for page in pages:
            expect(page.locator(knocks)).to_have_count(1)
            page.wait_for_function("() => window.viewer?.marks.has('m1')")
        expect(b.locator('[data-room="log"] .msg p')).to_have_text("before")
        server.stop()
        expect(a.locator('[data-room="banner"]')).to_be_visible()
        say(a, "between")
        server.start()
        up = time.monotonic()

        for page in pages:
            expect(page.locator("html")).to_have_attribute(
                "data-connection", "open", timeout=20_000
            )
            said = page.locator('[data-room="log"] .msg:not([data-waiting])')
            expect(said).to_have_count(2, timeout=5000)
            assert messages(page) == ["before", "between"]
        measured(8, f"both are back after {time.monotonic() - up:.1f} s")
        await_media(b, 5, count(b))
        b.reload()  # what it shows now comes from the server alone
        b.wait_for_function("() => window.viewer?.marks.has('m1')", timeout=10_000)
        for page in pages:
            expect(page.locator(knocks)).to_have_count(1)
            assert messages(page) == ["before", "between"]
        a.locator(knocks).click()
        expect(waiting.locator('[data-room="enter"]')).to_be_enabled(timeout=10_000)


LADDER = """async (samples) => {
  const { start, step } = await import("/static/rooms/ladder.js");
  let state = start(0);
  return samples.map((sample) => (state = step(state, sample)).rung);
}"""


def line(seconds: int, since: int, **facts) -> list[dict]:
    """A sample a second of one kind of line."""
    good = {"loss": 0, "rtt": 60, "available": 800_000, "concealed": 0}
    return [{"at": (since + n) * 1000, **good, **facts} for n in range(1, seconds + 1)]


@pytest.mark.parametrize(
    "facts",
    [
        {"available": 48_000, "rtt": 2500, "concealed": 0.3},
        {"loss": 0.2},
        {"rtt": 1800},
        {"concealed": 0.2},
    ],
)
def test_the_ladder_gives_up_the_picture_within_seconds(page_as, facts):
    page = page_as(None)
    page.goto("/accounts/login/")
    rungs = page.evaluate(LADDER, line(10, 0) + line(10, 10, **facts))
    assert rungs[9] == "video"
    assert "video" not in rungs[14:]


def test_the_ladder_does_not_take_one_broken_second_for_a_bad_line(page_as):
    page = page_as(None)
    page.goto("/accounts/login/")
    rungs = page.evaluate(LADDER, line(10, 0) + line(1, 10, concealed=0.9) + line(10, 11))
    assert set(rungs[9:]) == {"video"}


def test_the_ladder_tries_a_picture_on_a_line_that_loses_a_little(page_as):
    page = page_as(None)
    page.goto("/accounts/login/")
    lossy = [
        s for n in range(5) for s in line(1, n, loss=0.08 if n % 2 else 0.03, available=60_000)
    ]
    assert page.evaluate(LADDER, lossy)[2] == "video"


def test_the_ladder_returns_only_after_twenty_good_seconds_and_does_not_flap(page_as):
    page = page_as(None)
    page.goto("/accounts/login/")
    bad = {"loss": 0.2, "rtt": 1500, "concealed": 0.2}
    samples = line(10, 0) + line(6, 10, **bad) + line(60, 16)
    rungs = page.evaluate(LADDER, samples)
    back = next(n for n in range(20, len(rungs)) if rungs[n] == "video")
    assert back + 1 - 16 >= 20  # the first sample is of the first second

    unsteady: list[dict] = []
    while len(unsteady) < 600:
        unsteady += line(22, len(unsteady)) + line(4, len(unsteady) + 22, **bad)
    rungs = page.evaluate(LADDER, unsteady)
    flips = sum(1 for before, after in pairwise(rungs) if before != after)
    assert flips <= 10  # in ten minutes


def test_what_was_lost_while_the_line_was_cut_costs_no_picture_afterwards(page_as):
    page = page_as(None)
    page.goto("/accounts/login/")
    told_late = line(2, 20, loss=0.9)  # the first report after the cut tells of the cut
    rungs = page.evaluate(LADDER, line(12, 0) + told_late + line(10, 22))
    assert set(rungs[10:]) == {"video"}

    cut_twice = line(12, 0) + told_late + line(3, 22) + line(4, 33, loss=0.9)
    assert page.evaluate(LADDER, cut_twice)[-1] != "video"
    assert page.evaluate(LADDER, line(12, 0) + line(9, 20, loss=0.9))[-1] != "video"
