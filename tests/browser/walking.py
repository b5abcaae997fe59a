"""
Looks at pages in a process of its own: what a stuck browser holds up can be ended from outside.

Reads a `Walk` as JSON, and answers each page's name with what is wrong with it, a line each. A call
into a page has no time limit in Playwright, so a renderer that stands still would stand for ever.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any

from playwright.sync_api import BrowserContext, Error, Page

from tests.browser import chromium
from tests.browser.checks import RULES, found_by_axe
from tests.browser.pages import SHOTS, Shot
from tests.browser.photograph import reach

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 120.0  # seconds for one page; a quiet machine takes one or two
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


@dataclass(frozen=True)
class Walk:
    """Some of the pages, and the cookies of each role that they are seen in."""

    url: str
    cookies: dict[str, Any]
    names: list[str]


def faults_among(walk: Walk) -> list[str]:
    """Of every page of the walk. A page at which a browser stands still is tried once again."""
    wrong: list[str] = []
    left, stuck = list(walk.names), ""
    while left:
        for name, faults in _said(Walk(walk.url, walk.cookies, left)):
            left.remove(name)
            wrong += [f"{name} {fault}" for fault in faults]
        if left and left[0] == stuck:
            wrong.append(f"{left.pop(0)}: no browser gets past it in {PATIENCE:.0f} s")
        stuck = left[0] if left else ""
    return wrong


def _said(walk: Walk) -> Iterator[tuple[str, list[str]]]:
    """Until all is said, or nothing was for too long."""
    command = [sys.executable, "-m", "tests.browser.walking"]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(asdict(walk)))
        process.stdin.close()
        lines: Queue[str] = Queue()
        reader = threading.Thread(target=_heard, args=(process.stdout, lines))
        reader.start()
        try:
            while line := lines.get(timeout=PATIENCE):
                name, faults = json.loads(line)
                yield name, faults
        except Empty:
            pass
        finally:
            process.kill()  # the browser goes with the pipe to it
            reader.join()


def _heard(said: IO[str], lines: Queue[str]) -> None:
    """Every line, and an empty one at the end."""
    for line in said:
        lines.put(line)
    lines.put("")


def main() -> None:
    walk = Walk(**json.load(sys.stdin))
    with chromium.launched() as browser:
        for role, shots in _by_role(walk.names):
            context = browser.new_context(
                base_url=walk.url, locale="zh-CN", reduced_motion="reduce"
            )
            context.add_cookies(walk.cookies.get(role, []))
            for shot in shots:
                said = json.dumps([shot.name, list(faults_of(context, shot))])
                sys.stdout.write(f"{said}\n")
                sys.stdout.flush()
            context.close()


def _by_role(names: list[str]) -> Iterator[tuple[str, list[Shot]]]:
    """In the order of the names as long as one role follows another."""
    shots = {shot.name: shot for shot in SHOTS}
    role, together = "", list[Shot]()
    for shot in (shots[name] for name in names):
        if together and (shot.role or "") != role:
            yield role, together
            together = []
        role = shot.role or ""
        together.append(shot)
    if together:
        yield role, together


def faults_of(context: BrowserContext, shot: Shot) -> Iterator[str]:
    page, thrown = context.new_page(), list[str]()
    page.on("pageerror", lambda error: thrown.append(error.message))
    try:
        answer = reach(page, shot)
        assert answer
        page.wait_for_load_state("load")
        page.locator("h1:visible").first.wait_for(timeout=10_000)  # some draw themselves
        if answer.status >= 500:
            yield str(answer.status)
        for (width, height), theme, rules in LOOKS:
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(WEAR, theme)
            yield from (f"{width} {theme}: {fault}" for fault in looks_of(page, rules))
        yield from (f"a script threw: {one}" for one in thrown)
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


if __name__ == "__main__":
    main()
