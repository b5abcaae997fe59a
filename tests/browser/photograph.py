"""
Photographs of a running demonstration, to be looked at.

python -m tests.browser.photograph --base http://127.0.0.1:8000 --out shots [--role R] [--page GLOB]
"""

import argparse
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error

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
        for said in photograph_all(browser, wanted.base, wanted.out, shots, wanted.look):
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
    return parser.parse_args()


def photograph_all(
    browser: Browser, base: str, out: Path, shots: list[Shot], looks: list[str] | None
) -> Iterator[str]:
    """Each page in each look and size; says what it made, with ! before what went wrong."""
    for size, (width, height) in SIZES.items():
        for look in looks or LOOKS:
            for role in dict.fromkeys(shot.role for shot in shots):
                context = browser.new_context(
                    viewport={"width": width, "height": height}, base_url=base, locale="zh-CN"
                )
                cookies = LOOKS[look].items()
                context.add_cookies([{"name": n, "value": v, "url": base} for n, v in cookies])
                try:
                    sign_in(context, role)
                    for shot in shots:
                        if shot.role == role:
                            yield take(context, shot, out / f"{shot.name}-{size}-{look}.png")
                except Error as error:
                    yield f"! {role} {size} {look}: {error.message}"
                finally:
                    context.close()


def sign_in(context: BrowserContext, role: str | None) -> None:
    """By the one-tap button of the sign-in page."""
    if role is None:
        return
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator(f'button[data-role="{role}"]').first.click(timeout=5_000)
    page.wait_for_load_state()
    page.close()


def take(context: BrowserContext, shot: Shot, path: Path) -> str:
    page = context.new_page()
    try:
        answer = page.goto(shot.path)
        for click in shot.clicks:
            page.locator(click).first.click(timeout=5_000)
            page.wait_for_load_state()
        page.wait_for_timeout(200)  # the clocks have ticked
        page.screenshot(path=path)
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
