"""The path from the keyboard alone: ask, accept, sign, receipt. No pointer is used anywhere."""

import pytest
from PIL import Image
from playwright.sync_api import expect

from consult.requests.models import Case, Status
from tests.browser.checks import assert_accessible
from tests.browser.hands import Keys
from tests.browser.test_first_journey import PIN, People
from tests.marks import committed

pytestmark = committed


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
    doctor = Keys(township)
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
    doctor.attach("input[name=photo]", paper)
    expect(township.locator("[data-photo-state]")).to_have_text("照片已附上")
    doctor.to("[data-pad-confirm]")
    doctor.keys.press("Enter")
    expect(township.locator("[data-consent-state]")).to_contain_text("已签")
    doctor.to("[data-send]")
    doctor.keys.press("Enter")
    township.wait_for_url("**/cases/*-*/", wait_until="commit")
    expect(township.locator("h1")).to_contain_text("咳嗽 3 周")
    doctor.arrived("township doctor 2")
    case = Case.objects.get()
    assert (case.status, case.consent.method) == (Status.ROUTED, "paper")

    # When the specialist accepts, enters the room, writes and signs
    expert = Keys(specialist)
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
    expert.arrived("specialist 3")

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
