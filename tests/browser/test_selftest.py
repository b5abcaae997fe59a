"""The test before one enters: the line in words, one's own voice, and what the host reads of it."""

from dataclasses import asdict

import pytest
from playwright.sync_api import expect

from consult.rooms.lines import LIMITS, bears
from consult.rooms.models import RoomEvent
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.test_room import enter, prepare
from tests.factories.rooms import scene
from tests.marks import committed

pytestmark = committed
READY = '[data-room="ready"]'
TOOK = 20_000  # ms for five seconds of line and twice three of voice, on a busy machine

# The relay that a server would name; nobody is there, so that a direct way must do.
RELAYS = {"servers": [{"urls": ["turn:127.0.0.1:9"], "username": "u", "credential": "p"}]}

PLAYED = """() => {
  window.played = [];
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    if (this.src.startsWith("blob:")) window.played.push(this);
    return play.call(this);
  };
}"""
NO_LINE = """() => {
  window.fetch = () => Promise.reject(new TypeError("no line"));
  window.RTCPeerConnection.prototype.createOffer = () => Promise.reject(new Error("no line"));
}"""
# What a line bears, as the host and as its person read it. A busy machine has a line of its own.
SAYS = {
    "video": ("Tested: good for video", "Good for video"),
    "sound": ("Tested: sound and stills", "Good for sound; the picture will be stills"),
    "text": ("Tested: text only", "Text only: have the phone ready"),
}

BEARS = """async ([limits, lines]) => {
  const { bears } = await import("/static/rooms/lines.js");
  return lines.map((line) => bears(limits, line));
}"""


@pytest.fixture
def who(transactional_db):
    who = scene()
    for user in (who.asking, who.answering):
        user.language = "en"
        user.save()
    return who


def at_the_door(page, who):
    page.goto(f"/rooms/{who.room.case_id}/")
    expect(page.locator(f"{READY} [data-check=check]")).to_be_visible()
    expect(page.locator('[data-room="ready-mic"] .chip')).to_have_text("Good")
    return page


def test_one_hears_oneself_reads_what_the_line_bears_and_the_host_reads_it_too(page_as, who):
    hub = enter(prepare(page_as(who.answering)), who)
    page = at_the_door(prepare(page_as(who.asking)), who)
    page.evaluate(PLAYED)

    page.locator(f"{READY} [data-check=check]").click()
    said = page.locator(f"{READY} [data-check=said]")
    expect(said).to_contain_text("Say something", timeout=TOOK)
    expect(said).to_contain_text("Did you hear yourself?", timeout=TOOK)
    page.wait_for_function("() => window.played[0]?.duration > 0 || window.played[0]?.ended")
    page.locator(f"{READY} [data-echo=heard]").click()
    expect(said).to_contain_text("work")
    page.wait_for_function(f"() => !document.querySelector('{READY} [aria-busy]')", timeout=TOOK)
    expect(page.locator(f"{READY} [data-check=line]")).to_contain_text("Up ")

    chip = page.locator(f"{READY} [data-check=chip]").text_content()
    assert_accessible(page)
    assert_fits(page)

    page.locator('[data-room="enter"]').click()
    tile = hub.locator(f'.tile[data-user="{who.asking.pk}"] [data-tile="ready"]')
    expect(tile).to_contain_text("Tested", timeout=10_000)
    noted = RoomEvent.objects.get(kind="ready.checked", sender=who.asking)
    expect(tile).to_have_text(SAYS[noted.body["bears"]][0])
    assert chip == SAYS[noted.body["bears"]][1]
    assert (noted.body["way"], noted.body["echo"]) == ("direct", "heard")
    assert noted.body["up_kbit_s"] > 0
    assert noted.body["down_kbit_s"] > 0
    hub.reload()  # the log tells it again
    expect(tile).to_have_text(SAYS[noted.body["bears"]][0], timeout=10_000)


def test_a_thin_line_is_said_before_one_enters(page_as, who):
    page = prepare(page_as(who.asking))

    def slowly(route):
        page.wait_for_timeout(900)
        route.continue_()

    page.route("**/measure/", slowly)
    at_the_door(page, who)
    page.locator(f"{READY} [data-check=check]").click()
    chip = page.locator(f"{READY} [data-check=chip]")
    expect(chip).to_have_text("Good for sound; the picture will be stills", timeout=TOOK)


def test_without_a_way_to_the_server_it_is_text_and_the_phone(page_as, who):
    page = prepare(page_as(who.asking))
    at_the_door(page, who)
    page.evaluate(NO_LINE)
    page.locator(f"{READY} [data-check=check]").click()
    expect(page.locator(f"{READY} [data-check=chip]")).to_have_text(
        "Text only: have the phone ready", timeout=TOOK
    )
    expect(page.locator(f"{READY} [data-check=said]")).to_contain_text("no way", timeout=TOOK)
    expect(page.locator('[data-room="enter"]')).to_be_enabled()  # nobody is stopped


def test_a_relay_is_tried_first_and_a_dead_one_costs_seconds_only(page_as, who):
    page = prepare(page_as(who.asking))
    page.route("**/relays/", lambda route: route.fulfill(json=RELAYS))
    at_the_door(page, who)
    page.locator(f"{READY} [data-check=check]").click()
    said = page.locator(f"{READY} [data-check=said]")
    expect(said).to_contain_text("Did you hear yourself?", timeout=TOOK)
    expect(said).not_to_contain_text("relay")
    policies = page.evaluate("window.calls.map((one) => one.getConfiguration().iceTransportPolicy)")
    assert policies == ["relay", "relay", "all", "all"]


def test_who_does_not_wait_for_it_goes_in_and_nothing_is_noted(page_as, who):
    page = prepare(page_as(who.asking))
    page.route("**/measure/", lambda route: None)  # it hangs
    at_the_door(page, who)
    page.locator(f"{READY} [data-check=check]").click()
    page.locator('[data-room="enter"]').click()
    expect(page.locator("html")).to_have_attribute("data-connection", "open", timeout=10_000)
    page.locator('[data-room="say"] input').fill("here")
    page.locator('[data-room="say"] button').click()
    expect(page.locator('[data-room="log"] .msg p')).to_have_text("here")
    assert not RoomEvent.objects.filter(kind="ready.checked").exists()


def test_the_page_judges_as_the_server_does(page_as):
    page = page_as(None)
    page.goto("/accounts/login/")
    limits = {what: asdict(limit) for what, limit in LIMITS.items()}
    edges = [
        {"up_kbit_s": up, "down_kbit_s": 900, "rtt_ms": rtt, "loss": loss}
        for up in (0, 39, 40, 199, 200)
        for rtt in (0, 800, 801, 2000, 2001)
        for loss in (0, 0.05, 0.051, 0.2, 0.21)
    ]
    assert page.evaluate(BEARS, [limits, edges]) == [bears(**line) for line in edges]
