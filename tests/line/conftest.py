"""A town on a line that a test may spoil, a hospital on a good one, a server that both reach."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from pytest_socket import enable_socket

from telemed.people.models import User
from tests.browser import chromium
from tests.browser.conftest import quiet, sign_in
from tests.browser.limits import SPARE
from tests.browser.room_server import WATCH, Server, await_media, running
from tests.factories.rooms import Scene, scene
from tests.line.wire import HUB, SPACE, Line, stretched

__all__ = ["quiet"]  # the tables are emptied when the server is at rest
JOINING = 15  # seconds until both see and hear each other
MADE_UP = 0.12  # of the sound, at most


@dataclass(frozen=True)
class Country:
    """Where the two browsers run, and what is between them."""

    line: Line
    server: Server
    town: Browser
    hub: Browser


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """One for all of them: it keeps a loop in this thread, and there is room for one."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as started:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield started
        connections.close_all()  # those of Playwright's loop, while it runs


@pytest.fixture(scope="package")
def country(playwright: Playwright, django_db_setup, tmp_path_factory) -> Iterator[Country]:
    enable_socket()
    folder = tmp_path_factory.mktemp("country")
    wrapper = folder / "chromium-in-town"
    wrapper.write_text(f'#!/bin/sh\nexec ip netns exec {SPACE} {chromium.PATH} "$@"\n')
    wrapper.chmod(0o755)
    with ExitStack() as stack:
        line = stack.enter_context(stretched())
        server = stack.enter_context(running(folder, HUB))
        flags = [*chromium.FLAGS, f"--unsafely-treat-insecure-origin-as-secure={server.url}"]
        browsers = []
        for path in (str(wrapper), chromium.PATH):
            browsers.append(playwright.chromium.launch(executable_path=path, args=flags))
            stack.callback(browsers[-1].close)
        yield Country(line, server, *browsers)


@pytest.fixture
def line(country: Country, transactional_db) -> Iterator[Line]:
    """A good one, until the test changes it; and again when the test is over."""
    enable_socket()
    country.line.reset()
    yield country.line
    country.line.reset()


@pytest.fixture
def window(country: Country, line: Line) -> Iterator[Callable[..., Page]]:
    """window(browser, user): somebody's own, in town or at the hub."""
    with ExitStack() as contexts:

        def open_window(browser: Browser, user: User) -> Page:
            context = browser.new_context(
                base_url=country.server.url, locale="zh-CN", permissions=["camera", "microphone"]
            )
            contexts.callback(context.close)
            sign_in(context, user, country.server.url)
            page = context.new_page()
            page.add_init_script(WATCH)
            return page

        yield open_window


@pytest.fixture
def who(line: Line) -> Scene:
    return scene()


def meet(who: Scene, *pages: Page) -> None:
    """They go in; returns when all see and hear somebody."""
    for page in pages:
        page.goto(f"/rooms/{who.room.case_id}/")
        page.locator('[data-room="enter"]').click()
    for page in pages:
        await_media(page, JOINING * SPARE)


@pytest.fixture
def call(country: Country, line: Line, window, who: Scene) -> tuple[Line, Page, Page]:
    """Both doctors in the room with picture and sound: (line, town, hub)."""
    town, hub = window(country.town, who.asking), window(country.hub, who.answering)
    meet(who, town, hub)
    return line, town, hub
