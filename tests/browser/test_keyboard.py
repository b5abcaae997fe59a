"""The path from the keyboard alone: ask, accept, sign, receipt. No pointer is used anywhere."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from consult.requests.models import Case, Status
from tests.browser.checks import assert_accessible
from tests.browser.test_first_journey import PIN, People
from tests.marks import committed

pytestmark = committed

# Where the focus is: whether it can be seen, and what a screen reader would call it.
FOCUS = """() => {
  const held = document.activeElement;
  if (!held || held === document.body) return null;
  const box = held.getBoundingClientRect();
  const middle = [box.left + box.width / 2, box.top + box.height / 2];
  const above = document.elementFromPoint(...middle);
  const style = getComputedStyle(held), around = getComputedStyle(held.parentElement);
  return {
    what: held.outerHTML.slice(0, 160),
    seen: !above || above === held || held.contains(above) || above.contains(held),
    inside: box.bottom > 0 && box.top < innerHeight,
    ring: [style, around].some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0),
  };
}"""


class Hands:
    """Tab, arrows, Enter, Space and letters; after each Tab the focus must be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = page.keyboard

    def to(self, selector: str, limit: int = 60) -> None:
        """Tab until the focus is there; a radio group is one stop."""
        for _ in range(limit):
            self.keys.press("Tab")
            self.look()
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        pytest.fail(f"Tab does not reach {selector} on {self.page.url}")

    def look(self) -> None:
        found = self.page.evaluate(FOCUS)
        if found is None:
            return  # in the browser's own bar, on its way round
        assert found["ring"], f"no ring on {found['what']}"
        assert found["inside"], f"out of sight: {found['what']}"
        assert found["seen"], f"under something else: {found['what']}"

    def pick(self, name: str, value: str, key: str = "ArrowDown") -> None:
        """From any radio button of a group, with the arrows, to the wanted one."""
        wanted = f"input[name={name}][value={value}]"
        self.to(f"input[name={name}]")
        for _ in range(12):
            if self.page.evaluate("s => document.activeElement.matches(s)", wanted):
                break
            self.keys.press(key)
            self.look()
        self.keys.press("Space")
        expect(self.page.locator(wanted)).to_be_checked()

    def choose(self, selector: str, path: Path) -> None:
        """The browser's own dialog is a keyboard's as much as a mouse's."""
        self.to(selector)
        with self.page.expect_file_chooser() as opened:
            self.keys.press("Space")
        opened.value.set_files(path)


@pytest.fixture
def people(transactional_db):
    return People()


@pytest.fixture
def paper(tmp_path):
    path = tmp_path / "paper.jpg"
    Image.new("RGB", (1200, 800), "white").save(path)
    return path


@pytest.mark.parametrize("width", [1440, 390])
def test_ask_accept_sign_and_act_from_the_keyboard(page_as, people, paper, width):
    # Given a township doctor who types a request; the patient signs on paper
    township, specialist = page_as(people.township, width=width), page_as(people.specialist)
    doctor = Hands(township)
    township.goto("/patients/?q=wjh")
    doctor.to("main .pt a")
    doctor.keys.press("Enter")
    township.wait_for_url("**/patients/*/")
    doctor.to("button[data-key=n]")
    doctor.keys.press("Enter")
    township.wait_for_url("**/edit/")
    assert township.evaluate("document.activeElement.id") == "reason"
    doctor.keys.type("咳嗽 3 周，CT 见右肺结节")
    doctor.to("#aim")
    doctor.keys.type("定性质，下一步检查")
    doctor.pick("wanted_time", "now")
    doctor.pick("specialty", "respiratory")
    doctor.pick("way", "paper")
    doctor.choose("input[name=photo]", paper)
    expect(township.locator("[data-photo-state]")).to_have_text("照片已附上")
    doctor.to("[data-pad-confirm]")
    doctor.keys.press("Enter")
    expect(township.locator("[data-consent-state]")).to_contain_text("已签")
    doctor.to("[data-send]")
    doctor.keys.press("Enter")
    township.wait_for_url("**/cases/*-*/", wait_until="commit")
    expect(township.locator("h1")).to_contain_text("咳嗽 3 周")
    case = Case.objects.get()
    assert (case.status, case.consent.method) == (Status.ROUTED, "paper")

    # When the specialist accepts, enters the room, writes and signs
    expert = Hands(specialist)
    specialist.goto("/")
    expert.to(".now a.btn")
    expert.keys.press("Enter")
    specialist.wait_for_url("**/cases/*/")
    expert.to(f"form[action='/cases/{case.pk}/accept/'] button")
    expert.keys.press("Enter")
    specialist.wait_for_url("**/rooms/*/")
    expert.to("[data-room=enter]")
    expert.keys.press("Enter")
    expect(specialist.locator("[data-room=title]")).to_be_focused(timeout=10_000)
    expert.to("#op-conclusion")
    expert.keys.type("右肺上叶结节，建议 3 月后复查 CT")
    expert.to("#op-pin")
    expert.keys.type(PIN)
    expert.keys.press("Enter")
    expect(specialist.locator("[data-done] a")).to_be_focused(timeout=10_000)

    # Then the township doctor finds the opinion and gives the receipt
    township.goto(f"/cases/{case.pk}/")
    assert_accessible(township)
    doctor.pick("decision", "partly")
    doctor.to("#receipt-reason")
    doctor.keys.type("CT 由县医院复查")
    doctor.to("form[action$='/receipt/'] [type=submit]")
    doctor.keys.press("Enter")
    expect(township.locator("form[action$='/receipt/']")).to_have_count(0)
    case.refresh_from_db()
    assert case.status == Status.CLOSED


def test_a_ring_does_not_take_the_focus_away(page_as, people):
    page = page_as(people.township)
    page.goto("/")
    page.locator("main a[href='/cases/']").focus()
    page.evaluate("document.querySelector('[data-live]').prepend('old ')")
    page.evaluate("document.dispatchEvent(new CustomEvent('inbox', {detail: {count: 1}}))")
    expect(page.locator("[data-live]")).not_to_contain_text("old")
    expect(page.locator("main a[href='/cases/']")).to_be_focused()
