"""
Photographs of a running demonstration, to be looked at.

python -m tests.browser.photograph --base http://127.0.0.1:8000 --out shots [--role R] [--page GLOB]

Signs in once for each role: sign-in takes no more than thirty a minute from one address.
"""

import argparse
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page, Response, StorageState

from tests.browser import chromium
from tests.browser.pages import SHOTS, Shot

SIZES = {"phone": (390, 844), "desk": (1440, 900)}
LOOKS = {
    "zh": {"language": "zh-hans"},
    "en": {"language": "en"},
    "care": {"language": "zh-hans", "large_type": "1"},
    "dark": {"language": "zh-hans", "theme": "dark"},
}


def main() -> int:
    wanted = parse()
    wanted.out.mkdir(parents=True, exist_ok=True)
    shots = [
        shot
        for shot in SHOTS
        if fnmatch(shot.name, wanted.page) and wanted.role in {None, shot.role}
    ]
    failed = 0
    with chromium.launched() as browser:
        for said in photograph_all(browser, wanted, shots):
            failed += said.startswith("!")
            sys.stdout.write(f"{said}\n")
    return 1 if failed else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True, help="the address that `up` printed")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--role", help="only the pages of one role")
    parser.add_argument("--page", default="*", help="only pages whose name matches")
    parser.add_argument("--look", choices=LOOKS, action="append", help="only these looks")
    parser.add_argument("--size", choices=SIZES, action="append", help="only these sizes")
    parser.add_argument("--whole", action="store_true", help="the whole page, not its first screen")
    return parser.parse_args()


def photograph_all(
    browser: Browser, wanted: argparse.Namespace, shots: list[Shot]
) -> Iterator[str]:
    """Each page in each look and size; says what it made, with ! before what went wrong."""
    for role in dict.fromkeys(shot.role for shot in shots):
        try:
            signed_in = sign_in(browser, wanted.base, role)
        except Error as error:
            yield f"! {role}: {error.message}"
            continue
        for size in wanted.size or SIZES:
            for look in wanted.look or LOOKS:
                context = window(browser, wanted.base, size, look, signed_in)
                for shot in shots:
                    if shot.role == role:
                        path = wanted.out / f"{shot.name}-{size}-{look}.png"
                        yield take(context, shot, path, whole=wanted.whole)
                context.close()


def window(
    browser: Browser, base: str, size: str, look: str, signed_in: StorageState | None
) -> BrowserContext:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        base_url=base,
        locale="zh-CN",
        storage_state=signed_in,
    )
    cookies = LOOKS[look].items()
    context.add_cookies([{"name": n, "value": v, "url": base} for n, v in cookies])
    return context


def sign_in(browser: Browser, base: str, role: str | None) -> StorageState | None:
    """By the one-tap button of the sign-in page; what the browser keeps of it."""
    if role is None:
        return None
    context = browser.new_context(base_url=base, locale="zh-CN")
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator(f'button[data-role="{role}"], button[value="{role}"]').first.click(timeout=5_000)
    page.wait_for_load_state()
    kept = context.storage_state()
    context.close()
    return kept


def reach(page: Page, shot: Shot) -> Response | None:
    """Go where the page is, as a hand would."""
    answer = page.goto(shot.path)
    for step in shot.steps:
        if isinstance(step, tuple):
            page.locator(step[0]).first.fill(step[1], timeout=5_000)
        else:
            page.locator(step).first.click(timeout=5_000)
            page.wait_for_load_state()
    return answer


def take(context: BrowserContext, shot: Shot, path: Path, *, whole: bool = False) -> str:
    page = context.new_page()
    try:
        answer = reach(page, shot)
        page.wait_for_timeout(200)  # the clocks have ticked
        page.screenshot(path=path, full_page=whole)
        size = page.viewport_size or {"width": 0}
        wide = page.evaluate("document.documentElement.scrollWidth") - size["width"]
    except Error as error:
        return f"! {path.name}: {error.message}"
    finally:
        page.close()
    if wide > 0:
        return f"! {path.name}: {wide} px too wide"
    if answer and answer.status >= 500:
        return f"! {path.name}: {answer.status}"
    return path.name


if __name__ == "__main__":
    sys.exit(main())
