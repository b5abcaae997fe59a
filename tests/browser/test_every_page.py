"""
Every photographed page: axe finds nothing, nothing sticks out and no script throws, in both sizes
and themes.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from playwright.sync_api import Page

from telemed.demo import seeding
from telemed.demo.accounts import ACCOUNTS
from telemed.demo.tasks import lay_referrals_task
from telemed.people.models import User
from tests.browser import life
from tests.browser.conftest import sign_in, signed_in
from tests.browser.hands import FOCUS
from tests.browser.pages import SHOTS
from tests.browser.photograph import reach
from tests.browser.walking import Walk, faults_among
from tests.marks import committed

pytestmark = committed
BROWSERS = 2  # as many as the machine has cores
STOPS = 60  # of Tab on one page; long lists go on


@pytest.fixture
def province(transactional_db, served):
    """The demonstration as `up` lays it, with a little life in it."""
    seeding.seed(lambda said: None)
    lay_referrals_task()
    with life.Town(int(served.url.rpartition(":")[2])) as town:
        life.live(town)


def test_every_page_is_accessible_and_fits_in_both_sizes_and_themes(province, served):
    cookies = {
        role: [signed_in(account(role), served.url)]
        for role in {shot.role for shot in SHOTS if shot.role}
    }
    shots = sorted((shot for shot in SHOTS if not shot.by_worker), key=lambda shot: shot.role or "")
    names = [shot.name for shot in shots]
    walks = [Walk(served.url, cookies, names[number::BROWSERS]) for number in range(BROWSERS)]

    with ThreadPoolExecutor(BROWSERS) as pool:
        wrong = [fault for faults in pool.map(faults_among, walks) for fault in faults]

    assert not wrong, "\n".join(wrong)


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
