"""Two hands that play the same journey: one clicks and counts, one has only a keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.journeys import journey

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
HELD = "s => document.activeElement.matches(s)"
# A key that is pressed also clicks, but no pointer goes down.
POINTER = "addEventListener('pointerdown', () => window.pointerUsed(), true)"
MARK = "window.acted = true"
LOST = """() => window.acted
  && (document.activeElement === null || document.activeElement === document.body)"""
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
FAR = 100  # presses of Tab, at most, to what one wants
PATIENCE = 10_000  # ms
LONG = 40  # options of a select


class Hand:
    """What both can do. `clicks` counts from the first page after signing in."""

    def __init__(self, page: Page, pictures: Path | None = None) -> None:
        self.page, self.pictures = page, pictures
        self.clicks = 0
        page.set_default_timeout(PATIENCE)

    def sees(self, name: str, there: str = "h1") -> None:
        """
        Stop and look at what is there: axe finds nothing, nothing sticks out.

        With --pictures, a photograph in both sizes.
        """
        expect(self.page.locator(there).locator("visible=true").first).to_be_visible()
        self.page.wait_for_load_state()
        assert_accessible(self.page)
        assert_fits(self.page)
        if self.pictures:
            self.photograph(self.pictures, name)

    def photograph(self, folder: Path, name: str) -> None:
        before = self.page.viewport_size
        for size, (width, height) in SIZES.items():
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.screenshot(path=folder / f"{name}-{size}.png", full_page=True)
        if before:
            self.page.set_viewport_size(before)

    def do(self, selector: str) -> None:
        """Press a button or summary, follow a link, choose a radio button, tick a box."""
        raise NotImplementedError

    def type(self, selector: str, text: str) -> None:
        raise NotImplementedError

    def choose(self, selector: str, value: str) -> None:
        """An option of a select."""
        raise NotImplementedError

    def attach(self, selector: str, path: Path) -> None:
        """A file, in the browser's own dialog."""
        raise NotImplementedError

    def arrived(self, key: str) -> None:
        """The end of a journey of docs/journeys.md."""
        raise NotImplementedError


class Mouse(Hand):
    """Counts as `docs/journeys.md` says; the words of a field are not counted."""

    def do(self, selector: str) -> None:
        self.clicks += 1
        self._first(selector).click()

    def type(self, selector: str, text: str) -> None:
        self._first(selector).fill(text)

    def choose(self, selector: str, value: str) -> None:
        self.clicks += 2  # it opens, and one of it is taken
        self._first(selector).select_option(value)

    def attach(self, selector: str, path: Path) -> None:
        self.clicks += 1
        self._first(selector).set_input_files(path)

    def arrived(self, key: str) -> None:
        row = journey(key)
        assert self.clicks <= row.limit, f"{self.clicks} clicks, no more than {row.limit}"
        assert self.clicks == row.clicks, "docs/journeys.md says another number of clicks"

    def _first(self, selector: str) -> Locator:
        """What a person sees of it: the label where the control itself is drawn by it."""
        labelled = f"label:has({selector}):not(:has(select, textarea, input.in))"
        found = self.page.locator(f":is({labelled}, {selector})")
        found.first.wait_for()
        return found.locator("visible=true").first


class Keys(Hand):
    """Tab, arrows, Enter, Space and letters; after each Tab the focus must be seen."""

    def __init__(self, page: Page, pictures: Path | None = None) -> None:
        super().__init__(page, pictures)
        self.keys = page.keyboard
        self.used: list[bool] = []
        page.expose_function("pointerUsed", lambda: self.used.append(True))
        page.add_init_script(POINTER)

    def to(self, selector: str, limit: int = FAR) -> None:
        """Tab until the focus is there; a radio group is one stop."""
        self.page.locator(selector).first.wait_for(state="attached")
        self.page.wait_for_load_state()
        assert not self.page.evaluate(LOST), f"the focus was lost on {self.page.url}"
        if self.page.evaluate(HELD, selector):
            return
        for _ in range(limit):
            self.keys.press("Tab")
            self.look()
            if self.page.evaluate(HELD, selector):
                return
        pytest.fail(f"Tab does not reach {selector} on {self.page.url}")

    def look(self) -> None:
        found = self.page.evaluate(FOCUS)
        if found is None:
            return  # in the browser's own bar, on its way round
        assert found["ring"], f"no ring on {found['what']}"
        assert found["inside"], f"out of sight: {found['what']}"
        assert found["seen"], f"under something else: {found['what']}"

    def do(self, selector: str) -> None:
        radio = self.page.locator(selector).first
        radio.wait_for(state="attached")
        kind = radio.evaluate("e => e.type || ''")
        if kind == "radio":
            name, value = radio.get_attribute("name"), radio.get_attribute("value")
            return self.pick(str(name), str(value))
        self.to(selector)
        self.page.evaluate(MARK)
        self.keys.press("Space" if kind == "checkbox" else "Enter")
        return None

    def type(self, selector: str, text: str) -> None:
        self.to(selector)
        self.keys.press("Control+a")
        kind = self.page.locator(selector).first.get_attribute("type")
        if kind in {"date", "time", "month", "datetime-local"}:
            # Typed part by part, in the order of the reader's own calendar.
            self.page.locator(selector).first.fill(text)
        else:
            self.keys.type(text)

    def choose(self, selector: str, value: str) -> None:
        self.to(selector)
        chosen = self.page.locator(selector).first
        self.keys.press("Home")
        for _ in range(LONG):
            if chosen.input_value() == value:
                self.keys.press("Enter")  # some selects act on it; the others stay as they are
                return
            self.keys.press("ArrowDown")
        pytest.fail(f"{selector} has no {value}")

    def pick(self, name: str, value: str, key: str = "ArrowDown") -> None:
        """From any radio button of a group, with the arrows, to the wanted one."""
        wanted = f"input[name='{name}'][value='{value}']"
        self.to(f"input[name='{name}']")
        for _ in range(LONG):
            if self.page.evaluate(HELD, wanted):
                break
            self.keys.press(key)
            self.look()
        self.page.evaluate(MARK)
        self.keys.press("Space")
        expect(self.page.locator(wanted)).to_be_checked()

    def attach(self, selector: str, path: Path) -> None:
        """The browser's own dialog is a keyboard's as much as a mouse's."""
        self.to(selector)
        for patience in (4_000, 8_000, 16_000):  # ms; who sees none open presses again
            try:
                with self.page.expect_file_chooser(timeout=patience) as opened:
                    self.keys.press("Space")
            except PlaywrightTimeout:
                continue
            opened.value.set_files(path)
            return
        pytest.fail(f"{selector} opens no file chooser")

    def arrived(self, key: str) -> None:
        assert not self.used, "a pointer went down"
        assert not self.page.evaluate(LOST), f"the focus was lost on {self.page.url}"
        assert journey(key)
