"""The green channel: opened in three clicks, acknowledged, stamped; both sides see one clock."""

import re

from playwright.sync_api import expect

from scheduling.greens.models import Green, Stamp, Status
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.limits import SPARE
from tests.factories.greens import acknowledged, arrived, opened
from tests.factories.people import DepartmentFactory
from tests.factories.referrals import road
from tests.factories.scheduling import doctor_of
from tests.marks import committed

pytestmark = committed
BOARD = "nav a[href='/green/']"
SAME = 2_000  # ms within which both sides see it
CLOCK = "[data-live] [data-elapsed]"


def heart(found):
    """The hospital's cardiology, and a doctor of it."""
    department = DepartmentFactory(
        organisation=found.hospital, specialty="cardiology", name="心内科"
    )
    return doctor_of(department)


def seconds(page):
    minutes, rest = page.locator(CLOCK).first.inner_text().split(":")[-2:]
    return int(minutes) * 60 + int(rest)


def test_a_green_channel_is_opened(hand_of):
    found = road(places=0)
    heart(found)
    hand = hand_of(found.sender)
    hand.do(BOARD)
    hand.sees("green-1-board")
    hand.do("a[href='/green/new/']")
    hand.sees("green-1-form")
    hand.do("button[name=kind][value=chest_pain]")
    expect(hand.page.locator("[data-station=contact] time")).to_be_visible()
    hand.arrived("green 1")
    hand.sees("green-1-open")
    assert Green.objects.get().referral.patient.is_temporary


def test_the_team_acknowledges(hand_of):
    scene = opened()
    hand = hand_of(scene.doctor)
    hand.do(BOARD)
    hand.sees("green-2-board")
    hand.do(".gb__a")
    hand.sees("green-2-called")
    hand.do("#acknowledge")
    expect(hand.page.locator("#acknowledge")).to_have_count(0)
    hand.arrived("green 2")
    assert scene.refresh().status == Status.ACKNOWLEDGED


def test_a_station_is_stamped(hand_of):
    scene = acknowledged()
    hand = hand_of(scene.clinic)
    hand.do(BOARD)
    hand.do(".gb__a")
    hand.do("#stamp-ecg")
    expect(hand.page.locator("[data-station=ecg] time")).to_be_visible()
    hand.arrived("green 3")
    hand.sees("green-3-stamped")


def test_it_ends_with_a_report(hand_of):
    scene = arrived()
    hand = hand_of(scene.doctor)
    hand.do(BOARD)
    hand.do(".gb__a")
    hand.do("details:has(#outcome) > summary")
    hand.do("form[action$='/end/'] button")
    expect(hand.page.locator("form[action$='/end/']")).to_have_count(0)
    hand.sees("green-4-ended")
    hand.do("a[href$='/report/']")
    expect(hand.page.locator("table tbody tr").first).to_be_visible()
    hand.arrived("green 4")
    hand.sees("green-4-report")
    assert scene.refresh().outcome == "treated"


def test_both_sides_see_the_same_clock_and_each_stamp_within_two_seconds(page_as):
    scene = opened()
    here, there = page_as(scene.clinic), page_as(scene.doctor)
    for page in (here, there):
        page.goto(f"/green/{scene.green.pk}/")
        expect(page.locator(CLOCK)).to_have_text(re.compile(r"^\d+:\d\d$"))
    assert abs(seconds(here) - seconds(there)) <= SAME / 1000
    there.locator("#acknowledge").click()
    expect(here.locator("[data-live] .chip--g")).to_be_visible(timeout=SAME * SPARE)
    here.locator("#stamp-ecg").click()
    expect(there.locator("[data-station=ecg] time")).to_be_visible(timeout=SAME * SPARE)
    there.locator("#stamp-read").click()
    expect(here.locator("[data-station=read] time")).to_be_visible(timeout=SAME * SPARE)
    here.locator("#stamp-depart").click()
    there.locator("#stamp-arrive").click()
    expect(here.locator("[data-station=arrive] time")).to_be_visible(timeout=SAME * SPARE)
    assert_accessible(here)
    assert_fits(here)


def test_a_tap_without_a_line_is_kept_with_its_moment_and_goes_once(page_as):
    scene = acknowledged()
    page = page_as(scene.clinic)
    page.goto(f"/green/{scene.green.pk}/")
    page.context.set_offline(True)
    page.locator("#stamp-ecg").click()
    expect(page.locator("[data-station=ecg] [data-kept]")).to_be_visible()
    expect(page.locator("[data-stamp-kept]")).to_be_visible()
    tapped = page.evaluate(
        "() => JSON.parse(Object.entries(localStorage)"
        ".find(([name]) => name.startsWith('telemed-green'))[1])[0].at"
    )
    assert not Stamp.objects.filter(station="ecg").exists()
    page.context.set_offline(False)
    expect(page.locator("[data-station=ecg] time")).to_be_visible()
    stamp = Stamp.objects.get(station="ecg")
    assert f"{stamp.at:%Y-%m-%dT%H:%M:%S}" == tapped[:19]
    assert "telemed-green" in page.evaluate("() => Object.keys(localStorage).join()")
    assert page.evaluate("() => Object.values(localStorage).every((one) => !one.includes('ecg'))")


def test_an_impossible_order_is_refused_with_a_sentence(page_as):
    scene = acknowledged()
    page = page_as(scene.doctor)
    page.goto(f"/green/{scene.green.pk}/")
    page.locator("#stamp-needle").click()
    expect(page.locator("[data-stamp-refused]")).to_be_visible()
    expect(page.locator("#stamp-needle")).to_be_visible()
    assert not Stamp.objects.filter(station="needle").exists()
