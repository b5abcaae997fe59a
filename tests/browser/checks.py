"""What must hold on every page: nothing sticks out, and axe finds nothing."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WIDTHS = [320, 390, 768, 1366]
# What lies over the end of the window: whatever it covers by chance is a scroll away, and no small
# target. What the bar at the top covers is not covered where nothing is scrolled.
BARS = ".rn, .gob"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def found_by_axe(page: Page, rules: list[str] = RULES) -> list[str]:
    """Violations of these rules, or sets of rules, each with its nodes."""
    # Evaluated by the debugger, so the content policy of the page stays as it is.
    page.evaluate(f"() => {{ if (!window.axe) {{ {AXE.read_text()} }} }}")
    return page.evaluate(
        "async rules => {"
        " window.scrollTo(0, 0);"
        f" const bars = document.querySelectorAll('{BARS}');"
        " bars.forEach(bar => (bar.style.position = 'static'));"
        " const options = {runOnly: rules, preload: false, resultTypes: ['violations']};"
        " const result = await axe.run(document, options);"
        " bars.forEach(bar => (bar.style.position = ''));"
        " return result.violations.map("
        " v => v.id + ': ' + v.help + '\\n  ' + v.nodes.map(n => n.html).join('\\n  ')); }",
        rules,
    )


def assert_accessible(page: Page) -> None:
    """No violation, as far as axe can see."""
    found = found_by_axe(page)
    assert not found, f"{page.url}\n" + "\n".join(found)


def assert_fits(page: Page, widths: list[int] = WIDTHS) -> None:
    """Nobody scrolls sideways at any width; the window is as it was afterwards."""
    before = page.viewport_size
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        inner, outer = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert inner <= outer, f"{page.url} is {inner} px wide in a window of {width}"
    if before:
        page.set_viewport_size(before)
