"""A real server on the test database, and a browser window for anybody."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, connections
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_socket import enable_socket

from telemed.people.models import User
from tests.browser import chromium
from tests.browser.hands import Hand, Keys, Mouse
from tests.factories.rooms import scene

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 90.0  # seconds; never a measurement
CALM = 3  # looks in a row at which the server did nothing: a closed socket acts a moment later


def pytest_collection_modifyitems(items):
    if chromium.PATH:
        return
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.skip(reason=chromium.MISSING))


@pytest.fixture(autouse=True)
def to_our_own_server():
    """Other tests may not use the network; these talk to 127.0.0.1."""
    enable_socket()


@pytest.fixture(autouse=True)
def quiet(transactional_db):
    """The tables are emptied only when the server has done what the closed windows asked for."""
    yield
    calm = 0
    with connection.cursor() as cursor:
        for _ in range(100):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            calm = calm + 1 if cursor.fetchone() == (0,) else 0
            if calm == CALM:
                return
            time.sleep(0.1)


@dataclass(frozen=True)
class Server:
    url: str
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="package")
def served(django_db_setup, tmp_path_factory) -> Iterator[Server]:
    """Daphne as in production, in a process of its own, on the test database and Valkey."""
    enable_socket()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("daphne") / "log"
    command = ["/usr/bin/env", "DJANGO_SETTINGS_MODULE=tests.settings", *addresses()]
    command += [sys.executable, "-m", "telemed.serve", "-b", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "tests.browser.asgi:application"],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, process, log)
        yield Server(url, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def addresses() -> list[str]:
    """The servers of this test run, as the process finds them; the page of parts is shown."""
    shown = {"dbname", "user", "password", "host", "port"}
    found = [
        "TELEMED_DEMO=true",
        f"TELEMED_REDIS_URL={settings.REDIS_URL}",
        f"TELEMED_BROKER_URL={settings.CELERY_BROKER_URL}",
    ]
    for name, alias in [("DATABASE_URL", "default"), ("OWNER_DATABASE_URL", "owner")]:
        facts = connections[alias].get_connection_params()
        parts = " ".join(f"{k}={v}" for k, v in facts.items() if k in shown and v)
        found.append(f"TELEMED_{name}={parts}")
    return found


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/accounts/login/", timeout=PATIENCE)  # noqa: S310
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"The server did not come up:\n{log.read_text()}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for the package, and no longer: Playwright keeps an event loop in this thread."""
    with pytest.MonkeyPatch.context() as patch, chromium.launched() as browser:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # ... which Django takes for async code
        yield browser


@pytest.fixture
def page_as(served: Server, browser: Browser, transactional_db) -> Iterator[Callable[..., Page]]:
    """
    page_as(user, width=390): a window in which somebody is signed in; None is nobody.

    The test needs `tests.marks.committed`. A script error or a breach of the content policy in
    any window fails the test.
    """
    with ExitStack() as windows:
        errors: list[str] = []

        def open_as(user: User | None = None, *, width: int = 1440, **more: object) -> Page:
            height = 844 if width < 768 else 900
            size = {"width": width, "height": height}
            context = browser.new_context(
                viewport=size,
                base_url=served.url,
                locale="zh-CN",
                reduced_motion="reduce",  # nothing is caught half-way between two colours
                permissions=["camera", "microphone"],
                **more,
            )
            windows.callback(context.close)
            if user:
                sign_in(context, user, served.url)
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on("console", lambda said: said.type == "error" and errors.append(said.text))
            return page

        yield open_as
        complaints = [e for e in errors if "Failed to load resource" not in e]
        assert not complaints, complaints


@pytest.fixture(params=[Mouse, Keys], ids=["clicks", "keys"])
def hand_of(request, page_as) -> Callable[..., Hand]:
    """hand_of(user, "/"): a window after signing in; each journey is clicked, and typed."""
    folder = request.config.getoption("--pictures")
    pictures = Path(folder) if folder and request.param is Mouse else None

    def open_as(user: User, path: str = "/", *, width: int = 1440) -> Hand:
        hand = request.param(page_as(user, width=width), pictures)
        hand.page.goto(path)
        return hand

    return open_as


def sign_in(context: BrowserContext, user: User, url: str) -> None:
    """As after the sign-in page, without its keystrokes."""
    context.add_cookies([signed_in(user, url)])


def signed_in(user: User, url: str) -> dict[str, str]:
    """The cookie of a new session, for any browser."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": session.session_key or "", "url": url}


@pytest.fixture
def who(transactional_db):
    """A consult in its room, whose people read English."""
    made = scene()
    for user in (made.asking, made.answering, made.coordinator):
        user.language = "en"
        user.save()
    return made
