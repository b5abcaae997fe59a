"""The week moved by hand: with the mouse, the finger and the keyboard, and taken back."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from scheduling.availability import services
from scheduling.availability.models import Session
from telemed.core.intentions import System, intention
from tests.factories.people import DepartmentFactory, StaffFactory
from tests.factories.scheduling import doctor_of
from tests.marks import committed
from tests.scheduling.availability.conftest import offer_of

pytestmark = committed
SAID = "[data-mv-said]"
MOVED = "[data-moved]"
QUARTER, HOUR = 7, 28  # px of the board


@pytest.fixture
def hospital():
    return DepartmentFactory(name="骨科")


@pytest.fixture
def clerk(hospital):
    return StaffFactory(role="desk", organisation=hospital.organisation)


@pytest.fixture
def monday():
    today = timezone.localdate()
    return today + timedelta(days=7 - today.weekday())


@pytest.fixture
def doctor(hospital):
    return doctor_of(hospital)


def plan(clerk, hospital, doctor, day, starts=8, ends=12):
    with intention(clerk, door="test"):
        offer = offer_of(hospital, doctor)
        hours = {"starts": time(starts), "ends": time(ends)}
        return services.plan_session(actor=clerk, offer=offer, day=day, **hours)


@pytest.fixture
def tuesday(clerk, hospital, doctor, monday):
    """Planned on Tuesday morning."""
    return plan(clerk, hospital, doctor, monday + timedelta(days=1))


@pytest.fixture
def thursday(clerk, hospital, doctor, monday):
    """The same doctor on Thursday morning."""
    return plan(clerk, hospital, doctor, monday + timedelta(days=3))


def week_of(page, monday: date):
    year, number, _day = monday.isocalendar()
    page.goto(f"/sessions/{year}/{number}/")
    return page


def hours_of(session: Session) -> tuple[date, str]:
    session.refresh_from_db()
    begin, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return session.day, f"{begin:%H:%M}–{end:%H:%M}"


def box_of(page, session):
    return page.locator(f"[data-session='{session.pk}']")


def take(page, spot, dx=0, dy=0, drop=True):
    """Press there, draw in steps, and let go."""
    x, y = spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2 + 4, steps=4)
    page.mouse.move(x + dx, y + dy, steps=4)
    if drop:
        page.mouse.up()


def column(page) -> float:
    """How far it is from one day to the next."""
    days = page.locator(".wk thead th")
    return days.nth(1).bounding_box()["x"] - days.nth(0).bounding_box()["x"]


def test_the_mouse_puts_it_on_another_day_and_one_tap_takes_it_back(
    page_as, clerk, monday, tuesday
):
    page = week_of(page_as(clerk), monday)
    take(page, box_of(page, tuesday).locator("b").bounding_box(), dx=column(page))
    page.locator(MOVED).wait_for()
    assert hours_of(tuesday) == (monday + timedelta(days=2), "08:00–12:00")
    page.locator(f"{MOVED} button").click()
    page.locator(MOVED).wait_for(state="detached")
    assert hours_of(tuesday) == (monday + timedelta(days=1), "08:00–12:00")


def test_the_mouse_puts_it_an_hour_later(page_as, clerk, monday, tuesday):
    page = week_of(page_as(clerk), monday)
    take(page, box_of(page, tuesday).locator("b").bounding_box(), dy=HOUR)
    page.locator(MOVED).wait_for()
    assert hours_of(tuesday) == (monday + timedelta(days=1), "09:00–13:00")


def test_its_lower_edge_makes_it_longer(page_as, clerk, monday, tuesday):
    page = week_of(page_as(clerk), monday)
    spot = box_of(page, tuesday).locator(".bx-s").bounding_box()
    edge = {**spot, "y": spot["y"] + spot["height"] - 6, "height": 6}
    take(page, edge, dy=2 * HOUR)
    page.locator(MOVED).wait_for()
    assert hours_of(tuesday) == (monday + timedelta(days=1), "08:00–14:00")


def test_over_another_session_it_is_red_and_says_why(page_as, clerk, monday, tuesday, thursday):
    page = week_of(page_as(clerk), monday)
    spot = box_of(page, tuesday).locator("b").bounding_box()
    with page.expect_response("**/where/**"):
        take(page, spot, dx=2 * column(page), drop=False)
    page.locator("[data-mv-block].is-no").wait_for()
    assert "骨科" in page.locator(SAID).inner_text()
    page.mouse.up()
    assert page.locator("[data-mv-put]").is_disabled()
    page.keyboard.press("Escape")
    assert page.locator("[data-mv]").is_hidden()
    assert hours_of(tuesday) == (monday + timedelta(days=1), "08:00–12:00")


def test_the_keyboard_does_the_same_and_says_where_it_would_land(page_as, clerk, monday, tuesday):
    page = week_of(page_as(clerk), monday)
    box_of(page, tuesday).locator(".bx-mv").focus()
    with page.expect_response("**/where/**"):
        page.keyboard.press("Enter")
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "Shift+ArrowUp"):
        page.keyboard.press(key)
    assert "08:30–12:15" in page.locator(SAID).inner_text()
    page.keyboard.press("Enter")
    page.locator(MOVED).wait_for()
    assert hours_of(tuesday) == (monday + timedelta(days=2), "08:30–12:15")


def test_escape_leaves_it_and_gives_the_focus_back(page_as, clerk, monday, tuesday):
    page = week_of(page_as(clerk), monday)
    box_of(page, tuesday).locator(".bx-mv").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className").startswith("bx-mv")
    assert hours_of(tuesday) == (monday + timedelta(days=1), "08:00–12:00")


def test_the_finger_moves_it_on_a_phone(page_as, clerk, monday, tuesday):
    page = week_of(page_as(clerk, width=390, has_touch=True), monday)
    with page.expect_response("**/where/**"):
        box_of(page, tuesday).locator(".bx-mv").tap()
    block = page.locator("[data-mv-block]").bounding_box()
    lane = page.locator("[data-lane]").first.bounding_box()["width"]
    finger = page.context.new_cdp_session(page)
    x, y = block["x"] + block["width"] / 2, block["y"] + 20

    def touch(kind, dx):
        points = [{"x": x + dx, "y": y}] if kind != "touchEnd" else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 0)
    for part in (0.3, 0.6, 1.0):
        touch("touchMove", lane * part)
    touch("touchEnd", 0)
    page.locator(MOVED).wait_for()
    assert hours_of(tuesday) == (monday + timedelta(days=2), "08:00–12:00")


def test_the_finger_draws_it_from_the_list(page_as, clerk, monday, tuesday):
    page = week_of(page_as(clerk, width=390, has_touch=True), monday)
    grip = box_of(page, tuesday).locator(".bx-mv")
    grip.scroll_into_view_if_needed()
    spot = grip.bounding_box()
    finger = page.context.new_cdp_session(page)
    x, y = spot["x"] + 22, spot["y"] + 22

    def touch(kind, dy):
        points = [{"x": x, "y": y + dy}] if kind != "touchEnd" else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 0)
    for part in (0.5, 1.0):
        touch("touchMove", -HOUR * part)
    touch("touchEnd", 0)
    page.locator(MOVED).wait_for()
    assert hours_of(tuesday) == (monday + timedelta(days=1), "07:00–11:00")


def test_where_somebody_is_booked_it_stays_and_leads_to_the_stop(page_as, clerk, monday, tuesday):
    with intention(clerk, door="test"):
        services.publish_session(actor=clerk, session_id=tuesday.pk)
    with intention(System("test"), door="test"):
        services.take_place(period_id=tuesday.periods.first().pk, pools=["public"])
    page = week_of(page_as(clerk), monday)
    take(page, box_of(page, tuesday).locator("b").bounding_box(), dx=column(page))
    told = page.locator("[role=alert][data-stays]")
    told.wait_for()
    assert hours_of(tuesday) == (monday + timedelta(days=1), "08:00–12:00")
    box_of(page, tuesday).locator(".bx-mv").click()
    page.wait_for_url("**/move/")
    page.locator("main .ban a.btn--p").click()
    page.locator("#stop").wait_for()


def test_without_script_the_page_of_its_own_does_it(page_as, clerk, monday, tuesday):
    page = week_of(page_as(clerk, java_script_enabled=False), monday)
    box_of(page, tuesday).locator(".bx-mv").click()
    page.fill("#day", f"{monday + timedelta(days=4)}")
    page.fill("#starts", "13:00")
    page.fill("#ends", "16:00")
    page.click("main form.card button.btn--p")
    assert hours_of(tuesday) == (monday + timedelta(days=4), "13:00–16:00")
    page.click(f"{MOVED} button")
    assert hours_of(tuesday) == (monday + timedelta(days=1), "08:00–12:00")


def test_of_two_clerks_the_second_is_told_where_it_is(page_as, clerk, monday, tuesday):
    page = week_of(page_as(clerk), monday)
    with intention(clerk, door="test"):
        to = services.Place(day=monday + timedelta(days=4), starts=time(8), ends=time(12))
        services.move_session(actor=clerk, session_id=tuesday.pk, to=to)
    take(page, box_of(page, tuesday).locator("b").bounding_box(), dx=column(page))
    page.wait_for_url("**/move/**")
    assert "08:00–12:00" in page.locator("main [role=alert]").first.inner_text()
    assert hours_of(tuesday)[0] == monday + timedelta(days=4)
