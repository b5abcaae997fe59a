"""A township on a bad line and a hospital on a good one, in one room."""

import os
import shutil
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Page, expect, sync_playwright
from pytest_socket import enable_socket

from consult.rooms.models import RoomEvent
from tests.browser import chromium
from tests.browser.conftest import sign_in
from tests.browser.room_server import WATCH, await_media, count, running
from tests.factories.rooms import scene
from tests.line.wire import HUB, SPACE, stretched
from tests.marks import committed

ABLE = os.geteuid() == 0 and Path("/dev/net/tun").exists() and shutil.which("ip") and chromium.PATH
pytestmark = [committed, pytest.mark.skipif(not ABLE, reason="Needs root, ip, TUN and Chromium.")]


@pytest.fixture
def call(tmp_path, transactional_db, monkeypatch):
    """The line, and both doctors in the room with picture and sound: (line, town, hub)."""
    enable_socket()
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    wrapper = tmp_path / "chromium-in-town"
    wrapper.write_text(f'#!/bin/sh\nexec ip netns exec {SPACE} {chromium.PATH} "$@"\n')
    wrapper.chmod(0o755)
    who = scene()
    with ExitStack() as stack:
        line = stack.enter_context(stretched())
        server = stack.enter_context(running(tmp_path, HUB))
        playwright = stack.enter_context(sync_playwright())
        stack.callback(connections.close_all)  # those of Playwright's loop, while it runs
        flags = [*chromium.FLAGS, f"--unsafely-treat-insecure-origin-as-secure={server.url}"]
        pages = []
        for path, user in ((str(wrapper), who.asking), (chromium.PATH, who.answering)):
            browser = playwright.chromium.launch(executable_path=path, args=flags)
            stack.callback(browser.close)
            context = browser.new_context(
                base_url=server.url, locale="zh-CN", permissions=["camera", "microphone"]
            )
            sign_in(context, user, server.url)
            page = context.new_page()
            page.add_init_script(WATCH)
            page.goto(f"/rooms/{who.room.case_id}/")
            page.locator('[data-room="enter"]').click()
            pages.append(page)
        for page in pages:
            await_media(page, 15)
        yield line, *pages


def say(page: Page, text: str) -> None:
    page.locator('[data-room="say"] input').fill(text)
    page.locator('[data-room="say"] button').click()


def said(page: Page) -> list[str]:
    return page.locator('[data-room="log"] .msg:not([data-waiting]) p').all_inner_texts()


def test_a_line_that_is_cut_for_thirty_seconds_loses_nothing_and_media_return(call):
    line, town, hub = call
    line.down = True
    began = time.monotonic()
    for number in range(3):
        say(town, f"town {number}")
        say(hub, f"hub {number}")
        hub.wait_for_timeout(5000)
    expect(town.locator("[data-waiting]")).to_have_count(3)
    expect(town.locator('[data-room="banner"]')).to_be_visible()
    hub.wait_for_timeout(max(30 - (time.monotonic() - began), 0) * 1000)

    before = [count(page) for page in (town, hub)]
    line.down, back = False, time.monotonic()
    await_media(town, 10, fresh(town, before[0]))
    await_media(hub, max(10 - (time.monotonic() - back), 0.1), fresh(hub, before[1]))

    for page in (town, hub):
        everything = page.locator('[data-room="log"] .msg:not([data-waiting])')
        expect(everything).to_have_count(6, timeout=5000)
    expect(town.locator("[data-waiting]")).to_have_count(0)
    kept = RoomEvent.objects.filter(kind="chat.posted").order_by("seq")
    order = [event.body["text"] for event in kept]
    assert said(town) == said(hub) == order
    for side in ("town", "hub"):
        assert [t for t in order if t.startswith(side)] == [f"{side} {n}" for n in range(3)]


def fresh(page: Page, before: dict) -> dict:
    """The count to compare with: a call that was built anew counts from nothing."""
    now = count(page)
    return before if now["packets"] >= before["packets"] else {"frames": 0, "packets": 0}


def test_at_64_kbit_the_picture_goes_by_itself_and_the_sound_stays(call):
    line, town, hub = call
    for page in (town, hub):
        expect(page.locator("html")).to_have_attribute("data-call-rung", "video", timeout=10_000)
    line.rate, line.delay = 64_000, 0.15
    for page in (town, hub):
        page.wait_for_function(
            "() => ['still', 'audio', 'text'].includes(document.documentElement.dataset.callRung)",
            timeout=15_000,
        )
    hub.wait_for_timeout(5000)  # what was queued on the line runs out

    before = {page: count(page) for page in (town, hub)}
    hub.wait_for_timeout(10_000)
    drained = {page: count(page)["frames"] for page in (town, hub)}
    hub.wait_for_timeout(10_000)

    for page, then in before.items():
        now = count(page)
        samples = now["samples"] - then["samples"]
        share = (now["concealed"] - then["concealed"]) / samples
        assert samples > 20 * 48_000 * 0.8
        assert share <= 0.15, share
        # Pictures sent before the change may still come; after them there is none.
        assert now["frames"] - drained[page] < 10, "less than one a second is no picture"
