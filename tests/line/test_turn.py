"""Two doctors who reach each other over a TURN server alone, as behind two hospitals' firewalls."""

import time
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page
from pytest_socket import enable_socket

from tests.browser import chromium
from tests.browser.conftest import sign_in
from tests.browser.room_server import WATCH, await_media, count, running
from tests.factories.rooms import scene
from tests.line import turn
from tests.marks import committed

ABLE = turn.PATH and chromium.PATH
pytestmark = [committed, pytest.mark.skipif(not ABLE, reason="Needs coturn and Chromium.")]

SECONDS = 8  # that credentials live here

# No way but over the relay.
RELAYED = """
  const relayed = (ways) => ({ ...ways, iceTransportPolicy: "relay" });
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(ways) { super(relayed(ways)); }
    setConfiguration(ways) { super.setConfiguration(relayed(ways)); }
  };
"""

# The kinds of both ends of the way that is in use.
WAY = """async () => {
  const call = window.calls.find((one) => one.connectionState === "connected");
  if (!call) return window.calls.map((one) => one.connectionState + one.iceConnectionState);
  const found = new Map();
  (await call.getStats()).forEach((one) => found.set(one.id, one));
  const transport = [...found.values()].find((one) => one.type === "transport");
  const pair = found.get(transport.selectedCandidatePairId);
  return [pair.localCandidateId, pair.remoteCandidateId].map((id) => found.get(id).candidateType);
}"""

NAMES = """() => window.calls.map((one) => one.getConfiguration().iceServers[0].username)"""


@pytest.fixture
def relayed(playwright, tmp_path, transactional_db):
    """coturn, and both doctors in the room: (server, one page, the other)."""
    enable_socket()
    who = scene()
    with ExitStack() as stack:
        relay = stack.enter_context(turn.relaying(tmp_path))
        given = {
            "TELEMED_TURN_URLS": relay.url,
            "TELEMED_TURN_SECRET": turn.SECRET,
            "TELEMED_TURN_SECONDS": str(SECONDS),
        }
        server = stack.enter_context(running(tmp_path, **given))
        browser = playwright.chromium.launch(executable_path=chromium.PATH, args=chromium.FLAGS)
        stack.callback(browser.close)
        pages = []
        for user in (who.asking, who.answering):
            context = browser.new_context(
                base_url=server.url, locale="zh-CN", permissions=["camera", "microphone"]
            )
            sign_in(context, user, server.url)
            page = context.new_page()
            page.add_init_script(RELAYED)
            page.add_init_script(WATCH)
            page.goto(f"/rooms/{who.room.case_id}/")
            page.locator('[data-room="enter"]').click()
            pages.append(page)
        yield relay, *pages


def dies_at(page: Page) -> int:
    """When the credentials of the call in this page die."""
    return int(page.evaluate(NAMES)[-1].split(":")[0])


def test_a_call_goes_over_the_relay_and_is_found_anew_after_its_credentials_died(relayed):
    relay, *pages = relayed
    for page in pages:
        await_media(page, 15)
        assert page.evaluate(WAY) == ["relay", "relay"]
    first = [dies_at(page) for page in pages]
    pages[0].wait_for_timeout(max(max(first) + 1 - time.time(), 0) * 1000)

    relay.stop()
    pages[0].wait_for_timeout(1000)  # what was on its way has come
    before = [count(page) for page in pages]
    relay.start()  # it knows nobody any more, and the first credentials are dead

    for page, then, died in zip(pages, before, first, strict=True):
        await_media(page, 20, then)
        assert page.evaluate(WAY) == ["relay", "relay"]
        assert dies_at(page) > died
