"""A village doctor's day without a line: taken along, written on the device, sent once."""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from scheduling.duties.models import Code, Duty, Visit
from scheduling.duties.services import Findings
from scheduling.registration.models import Group
from tests.browser import chromium
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.conftest import sign_in
from tests.browser.hands import Keys
from tests.browser.test_first_journey import sign_on
from tests.factories.duties import due, serve
from tests.factories.people import AgreementFactory
from tests.factories.registration import TeamFactory, join, resident_of
from tests.marks import committed

pytestmark = committed
DAY = "/family-doctor/duties/"
PHONE = 390
NAMES = ("石美凤", "吴阿英", "龙晓梅")


@pytest.fixture
def team():
    team = TeamFactory()
    hospital = AgreementFactory(asking=team.organisation).asked
    hospital.phone = "0851-8722-0120"
    hospital.save()
    team.colleague = join(team)
    return team


@pytest.fixture
def duties(team):
    return [
        due(team, patient=resident_of(team, name=name, birth_date="1970-01-01")) for name in NAMES
    ]


def take_along(page):
    expect(page.locator("[data-take][data-state=here]")).to_be_visible(timeout=30_000)


def visit(hand, duty, systolic, diastolic):
    """From the list to the list."""
    hand.do(f"td a[href='{DAY}{duty.pk}/']")
    hand.page.locator("[data-drawn=yes] [data-serve]").wait_for()
    hand.type("[name=systolic]", systolic)
    hand.type("[name=diastolic]", diastolic)
    hand.do("[data-done]")


def badge(page, duty):
    return page.locator(f"[data-badge='{duty.pk}']")


def test_an_offline_day(hand_of, team, duties):
    fine, high, double = duties
    hand = hand_of(team.leader, DAY, width=PHONE)
    page = hand.page
    hand.do("[data-take-now]")
    take_along(page)
    hand.sees("township-6-taken")
    page.context.set_offline(True)

    hand.clicks = 0
    visit(hand, fine, "138", "84")
    expect(badge(page, fine)).to_be_visible()
    hand.arrived("township doctor 6")
    hand.sees("township-6-kept")

    hand.clicks = 0
    visit(hand, high, "184", "96")
    expect(page.locator("[data-stop]")).to_be_visible()
    expect(page.locator("[data-phones] a[href='tel:0851-8722-0120']")).to_be_visible()
    hand.sees("township-6-warning")
    hand.do("[data-back]")
    expect(badge(page, high)).to_be_visible()
    assert isinstance(hand, Keys) or hand.clicks <= 4

    visit(hand, double, "142", "88")
    expect(badge(page, double)).to_be_visible()
    assert set(Duty.objects.values_list("status", flat=True)) == {"due"}
    serve(double, team.colleague, Findings(mode="face_to_face", systolic=150, diastolic=90))

    page.context.set_offline(False)
    both = page.locator("[data-both]:not([hidden])")
    expect(both).to_be_visible(timeout=60_000)
    expect(both.locator("[data-of=pressure] [data-theirs]")).to_have_text("150/90")
    expect(both.locator("[data-of=pressure] [data-mine]")).to_have_text("142/88")
    for duty in duties:
        duty.refresh_from_db()
    assert (fine.status, fine.systolic, fine.served_by) == ("done", 138, team.leader)
    assert (high.status, high.is_warned, high.systolic) == ("due", True, 184)
    assert Duty.objects.filter(rule=Code.RECHECK, recheck_of=high).count() == 1
    assert double.systolic == 150
    hand.sees("township-6-conflict")

    hand.type("[data-both]:not([hidden]) input", "两人都到了病人家里")
    hand.do("[data-both]:not([hidden]) form .btn--p")
    expect(page.locator("[data-visits]")).to_be_hidden()
    further = Visit.objects.get()
    assert (further.duty, further.systolic, further.served_by) == (double, 142, team.leader)


def write(page, duty, systolic="138", diastolic="84"):
    page.goto(f"{DAY}{duty.pk}/")
    page.fill("[name=systolic]", systolic)
    page.fill("[name=diastolic]", diastolic)
    page.locator("[data-done]").click()


def test_the_resident_signs_on_the_phone_without_a_line(page_as, team, duties):
    page = taken(page_as, team, width=PHONE)
    page.context.set_offline(True)
    page.goto(f"{DAY}{duties[0].pk}/")
    page.fill("[name=systolic]", "138")
    page.fill("[name=diastolic]", "84")
    page.locator("[data-sign-here] summary").click()
    sign_on(page, "[data-pad]")
    assert_accessible(page)
    assert_fits(page)
    page.locator("[data-done]").click()
    expect(badge(page, duties[0])).to_be_visible()
    with page.expect_response(went, timeout=60_000):
        page.context.set_offline(False)
    duty = Duty.objects.get(pk=duties[0].pk)
    assert (duty.status, duty.answered) == ("confirmed", "signed")


def test_a_self_care_score_without_a_line(page_as, team):
    patient = resident_of(team, name="石美凤", birth_date="1950-01-01")
    score = due(team, Code.SELF_CARE, group=Group.ELDERLY, patient=patient)
    page = taken(page_as, team, width=PHONE)
    page.context.set_offline(True)
    page.goto(f"{DAY}{score.pk}/")
    expect(page.locator("[data-part]")).to_have_count(1)
    page.locator("[data-done]").click()
    expect(page.locator(".f--err #i-eating")).to_be_focused()
    for name in ("eating", "washing", "dressing", "toilet", "moving"):
        page.select_option(f"#i-{name}", "0")
    assert_accessible(page)
    assert_fits(page)
    page.locator("[data-done]").click()
    expect(badge(page, score)).to_be_visible()
    with page.expect_response(went, timeout=60_000):
        page.context.set_offline(False)
    score.refresh_from_db()
    assert (score.status, score.entries["item-eating"]) == ("done", "0")


# What the browser has on its disk: its key's owner, days, and visits with their names.
HELD = """async () => {
  const opened = indexedDB.open("telemed-account", 1);
  const box = await new Promise((done) => (opened.onsuccess = () => done(opened.result)));
  const all = (name) => new Promise((done) => {
    const asked = box.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => done(asked.result);
  });
  const [keys, taken, written] = await Promise.all(["keys", "taken", "written"].map(all));
  box.close();
  return {
    keys: keys.length,
    readable: keys.some((one) => one.key.extractable),
    taken: taken.length,
    written: written.map((one) => [...one.name].join("")),
    mark: localStorage.getItem("telemed-account"),
  };
}"""


def taken(page_as, team, **more):
    page = page_as(team.leader, **more)
    page.goto(DAY)
    page.locator("[data-take-now]").click()
    take_along(page)
    return page


def went(answer):
    return answer.url.endswith("/serve/") and answer.ok


def test_a_browser_that_is_killed_has_lost_nothing(served, browser, team, duties, tmp_path):
    def opened():
        return browser.browser_type.launch_persistent_context(
            tmp_path, executable_path=chromium.PATH, args=chromium.FLAGS, base_url=served.url
        )

    context = opened()
    sign_in(context, team.leader, served.url)
    page = context.pages[0]
    page.goto(DAY)
    page.locator("[data-take-now]").click()
    take_along(page)
    context.set_offline(True)
    write(page, duties[0])
    expect(badge(page, duties[0])).to_be_visible()
    cookies = context.cookies()
    for process in processes_of(tmp_path):
        os.kill(process, signal.SIGKILL)

    context = opened()
    context.add_cookies(cookies)
    page = context.pages[0]
    context.set_offline(True)
    page.goto(DAY)
    expect(badge(page, duties[0])).to_be_visible()
    assert Duty.objects.get(pk=duties[0].pk).status == "due"
    with page.expect_response(went, timeout=60_000):
        context.set_offline(False)
    expect(badge(page, duties[0])).to_have_class("chip chip--g chip--x")
    assert Duty.objects.get(pk=duties[0].pk).status == "done"
    context.close()


def processes_of(profile: Path) -> list[int]:
    """The browser's own, and no other's: it names the profile."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_text()
        except OSError:
            continue
        if f"--user-data-dir={profile}" in command and "--type=" not in command:
            found.append(int(folder.name))
    assert found
    return found


def test_signing_out_takes_the_day_and_the_key_and_leaves_what_waits(page_as, team, duties):
    page = taken(page_as, team, width=PHONE)
    assert page.evaluate(HELD)["taken"] == 1
    assert not page.evaluate(HELD)["readable"]
    page.context.set_offline(True)
    write(page, duties[0])
    expect(badge(page, duties[0])).to_be_visible()
    page.route("**/duties/*/serve/", lambda route: route.abort())  # the line is bad
    page.context.set_offline(False)
    take_along(page)  # the real page is back by itself
    page.goto("/")
    expect(page.locator("[data-visits-list] li")).to_have_count(1)
    page.locator("details.acct summary").click()
    page.locator("form[data-leaves] button").click()
    page.wait_for_url("**/accounts/**")
    held = page.evaluate(HELD)
    assert (held["keys"], held["taken"], held["mark"]) == (0, 0, None)
    assert held["written"] == [team.leader.name]

    sign_in(page.context, team.colleague, page.url.split("/accounts")[0])
    page.goto("/")
    expect(page.locator("[data-visits-others]")).to_contain_text(team.leader.name)
    expect(page.locator("[data-visits-list] li")).to_have_count(0)
    expect(page.locator("[data-visits]")).not_to_contain_text(NAMES[0])
    sign_in(page.context, team.leader, page.url.rstrip("/"))
    page.unroute("**/duties/*/serve/")
    with page.expect_response(went):
        page.goto("/")
    page.wait_for_function(f"({HELD})().then(held => !held.written.length)")
    expect(page.locator("[data-visits]")).to_be_hidden()
    assert Duty.objects.get(pk=duties[0].pk).status == "done"


def test_another_account_on_the_device_finds_no_day(page_as, team, duties):
    page = taken(page_as, team)
    sign_in(page.context, team.colleague, page.url.split(DAY)[0])  # nobody signed out
    page.goto("/")
    expect(page.locator("h1, h2").first).to_be_visible()
    page.wait_for_function("!localStorage.getItem('telemed-account')")
    assert page.evaluate(HELD)["taken"] == 0
    page.context.set_offline(True)
    page.goto(DAY)
    expect(page.locator("[data-drawn=yes]")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(NAMES[0])
    assert_accessible(page)
    assert_fits(page)


def test_a_day_is_kept_for_a_day(page_as, team, duties):
    page = taken(page_as, team)
    page.context.set_offline(True)
    page.clock.install()
    page.clock.fast_forward("25:00:00")
    page.goto(DAY)
    expect(page.locator("[data-drawn=yes]")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(NAMES[0])
    held = page.evaluate(HELD)
    assert (held["keys"], held["taken"]) == (0, 0)


def test_an_answer_that_is_lost_makes_no_second_service(page_as, team, duties):
    page = page_as(team.leader, service_workers="block")
    lost = []

    def lose(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    page.route("**/duties/*/serve/", lose)
    write(page, duties[0])
    expect(page.locator("[data-visits] .ban")).to_be_visible()
    assert lost[0].ok
    with page.expect_response(went):
        page.goto(DAY)
    page.wait_for_function(f"({HELD})().then(held => !held.written.length)")
    duty = Duty.objects.get(pk=duties[0].pk)
    assert (duty.status, duty.systolic) == ("done", 138)
    assert not Visit.objects.exists()


def test_one_who_is_quicker_than_the_key_of_the_device_loses_nothing(page_as, team, duties):
    page = page_as(team.leader, service_workers="block")
    held = []
    page.route("**/duties/seal/", lambda route: held.append(route))
    page.route("**/duties/*/serve/", lambda route: route.abort())  # the line is bad
    write(page, duties[0])
    expect(page.locator("[data-done]")).to_have_attribute("aria-busy", "true")
    page.unroute("**/duties/seal/")
    for one in held:
        one.continue_()
    expect(page.locator("[data-visits] .ban")).to_be_visible()
    assert page.evaluate(HELD)["written"] == [team.leader.name]


def test_a_device_that_keeps_nothing_sends_at_once_or_leaves_what_was_typed(page_as, team, duties):
    page = page_as(team.leader, service_workers="block")
    page.route("**/duties/seal/", lambda route: route.abort())
    page.route("**/duties/*/serve/", lambda route: route.abort())
    write(page, duties[0])
    said = page.locator("#wrong-note")
    expect(said).to_be_visible()
    expect(page.locator("[name=systolic]")).to_have_value("138")
    assert_accessible(page)
    page.unroute("**/duties/*/serve/")
    page.locator("[data-done]").click()
    page.wait_for_url(lambda url: "serve" not in url and str(duties[0].pk) not in url)
    duty = Duty.objects.get(pk=duties[0].pk)
    assert (duty.status, duty.systolic) == ("done", 138)
