"""Every photographed page: axe finds nothing and nothing sticks out, in both sizes and themes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page

from telemed.demo import seeding
from telemed.demo.accounts import ACCOUNTS
from telemed.demo.tasks import lay_referrals_task
from telemed.people.models import User
from tests.browser import chromium, life
from tests.browser.checks import RULES, found_by_axe
from tests.browser.conftest import sign_in, signed_in
from tests.browser.hands import FOCUS
from tests.browser.pages import SHOTS, Shot
from tests.browser.photograph import reach
from tests.marks import committed

pytestmark = committed
BROWSERS = 2  # as many as the machine has cores
STOPS = 60  # of Tab on one page; long lists go on
# Each size with one theme: every rule sees both sizes and both themes.
# A phone without an end: nothing is half under the bars that stick to its edges.
# There only the rules are asked again that see size or theme.
SEEN = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"]
LOOKS = [((1440, 900), "light", RULES), ((390, 3000), "dark", SEEN)]
# Where a page has a theme of its own (paper, room, viewer) it keeps it.
WEAR = """theme => {
  const viewing = document.querySelector("[data-viewer], [data-desk]") ? " own" : "";
  if (!OWN.test(document.body.className + viewing))
    document.documentElement.dataset.theme = theme;
}""".replace("OWN", r"/\b(pr|staff-x|own)\b/")


@pytest.fixture
def province(transactional_db, served):
    """The demonstration as `up` lays it, with a little life in it."""
    seeding.seed(lambda said: None)
    lay_referrals_task()
    with life.Town(int(served.url.rpartition(":")[2])) as town:
        life.live(town)


def test_every_page_is_accessible_and_fits_in_both_sizes_and_themes(province, served):
    cookies = {
        role: [signed_in(account(role), served.url)] if role else []
        for role in {shot.role for shot in SHOTS}
    }
    walk = partial(faults_among, served.url, cookies)
    shots = [shot for shot in SHOTS if not shot.by_worker]
    parts = [shots[number::BROWSERS] for number in range(BROWSERS)]

    with ThreadPoolExecutor(BROWSERS) as pool:
        wrong = [fault for faults in pool.map(walk, parts) for fault in faults]

    assert not wrong, "\n".join(wrong)


def faults_among(url: str, cookies: dict[str | None, Any], shots: list[Shot]) -> list[str]:
    """In a browser of its own: Playwright stays in the thread that started it."""
    wrong = []
    with chromium.launched() as browser:
        for role in dict.fromkeys(shot.role for shot in shots):
            context = browser.new_context(base_url=url, locale="zh-CN", reduced_motion="reduce")
            context.add_cookies(cookies[role])
            for shot in shots:
                if shot.role == role:
                    wrong += [f"{shot.name} {fault}" for fault in faults_of(context, shot)]
            context.close()
    return wrong


BY_KEYBOARD = [
    *("agreements-admin", "agreement-renew", "statement", "rota-draft", "rota-cell", "swap"),
    *("staff", "staff-person", "staff-close", "phrases", "pair", "reach-staff", "rule"),
    *("home-auditor", "home-hospital-admin", "case-held", "case-to-decide", "register-newborn"),
]


def test_the_keyboard_walks_the_pages_in_order_and_its_focus_is_seen(province, browser, served):
    wrong = []
    for name, width in product(BY_KEYBOARD, (1440, 390)):
        (shot,) = (one for one in SHOTS if one.name == name)
        context = browser.new_context(
            base_url=served.url,
            locale="zh-CN",
            reduced_motion="reduce",
            viewport={"width": width, "height": 844},
        )
        sign_in(context, account(shot.role or ""), served.url)
        page = context.new_page()
        reach(page, shot)
        wrong += [f"{name} {width}: {fault}" for fault in walked(page)]
        context.close()
    assert not wrong, "\n".join(wrong)


def walked(page: Page) -> Iterator[str]:
    """Tab through the page once: every stop is seen, and the main part is reached in time."""
    page.evaluate("document.activeElement && document.activeElement.blur()")
    stops = 0
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found is None:
            break
        stops += 1
        seen = found["seen"] or found["what"].startswith("<textarea")  # taller than the window
        if not (found["ring"] and found["inside"] and seen):
            yield f"{found}"
    if not stops:
        yield "nothing takes the focus"
    if not page.evaluate("document.querySelector('a.skip') !== null"):
        yield "no way past the bars"


def account(role: str) -> User:
    names = [one.username for one in ACCOUNTS if role in (one.role, one.username)]
    return User.objects.get(username=names[0])


def faults_of(context: BrowserContext, shot: Shot) -> Iterator[str]:
    page = context.new_page()
    try:
        answer = reach(page, shot)
        assert answer
        page.wait_for_load_state("load")
        if answer.status >= 500:
            yield str(answer.status)
        for (width, height), theme, rules in LOOKS:
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(WEAR, theme)
            yield from (f"{width} {theme}: {fault}" for fault in looks_of(page, rules))
    except Error as error:
        yield error.message
    finally:
        page.close()


def looks_of(page: Page, rules: list[str]) -> Iterator[str]:
    yield from found_by_axe(page, rules)
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if wide > 0:
        yield f"{wide} px too wide"
    headings = page.locator("h1:visible").count()
    if not page.title().strip() or headings != 1:
        yield f"title {page.title()!r}, {headings} headings of the page"
