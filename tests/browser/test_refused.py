"""A refused form and Chromium's Back and reload: no warning, and nothing typed is lost."""

import pytest
from playwright.sync_api import Page, expect

from consult.requests.models import Case
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.test_first_journey import sign_on
from tests.factories.consult import LEGAL, drafted_case, sent_case, signed_case
from tests.marks import committed

pytestmark = committed
REASON = "咳嗽 3 周，没有写完"


@pytest.fixture(params=[True, False], ids=["script", "without"])
def script(request):
    return request.param


def assert_back_works(page: Page, held: str) -> None:
    """Elsewhere and back, and a reload: the page is there, with what was typed."""
    here = page.url
    page.goto("/inbox/")
    page.go_back()
    assert page.url == here
    expect(page.locator("#refused")).to_be_visible()
    assert held in page.content() or page.locator(f"text={held}").count()
    page.reload()
    expect(page.locator("#refused")).to_be_visible()
    assert held in page.content()


def test_a_request_that_is_not_complete(page_as, script):
    scene = drafted_case()
    Case.objects.update(aim="")
    page = page_as(scene.asker, java_script_enabled=script)
    page.goto(f"/cases/{scene.case.pk}/edit/")
    page.fill("#reason", REASON)
    page.locator("[data-send]").click()
    expect(page.locator("#refused a[href='#aim']")).to_be_visible()
    expect(page.locator("#reason")).to_have_value(REASON)
    assert_back_works(page, REASON)
    page.locator("#refused a[href='#aim']").click()
    if script:
        expect(page.locator("#aim")).to_be_focused()
        assert_accessible(page)
        assert_fits(page)


def test_an_emergency_keeps_its_signature(page_as):
    scene = drafted_case()
    page = page_as(scene.asker)
    page.goto(f"/cases/emergency/?patient={scene.patient.pk}")
    page.locator("label:has(input[value=stroke])").click()
    page.locator("label[for=consent]").click()
    sign_on(page, "[data-pad]")
    page.evaluate("document.querySelector('[name=asked]:checked').checked = false")
    page.locator(".er__s").click()
    expect(page.locator("#refused")).to_be_visible()
    page.wait_for_function(  # it is drawn again once the script has the picture
        "() => {const c = document.querySelector('[data-pad]');"
        "return [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
        ".filter((v, i) => i % 4 === 0 && v < 128).length > 200}"
    )
    assert_accessible(page)
    assert_fits(page)
    page.locator("label:has(input[name=asked]:not([disabled]))").click()
    page.locator(".er__s").click()
    page.wait_for_url("**/cases/*-*/")
    assert Case.objects.get(kind="emergency").consent.method == "drawn"


def test_a_receipt_without_its_reason(page_as, script):
    scene = signed_case()
    page = page_as(scene.asker, java_script_enabled=script)
    page.goto(f"/cases/{scene.case.pk}/")
    page.locator("label:has(input[value=partly])").click()
    page.fill("#receipt-reason", "短")
    page.locator("form[action$='/receipt/']").evaluate("form => form.noValidate = true")
    page.locator("form[action$='/receipt/'] [type=submit]").click()
    expect(page.locator("#receipt-reason")).to_have_value("短")
    expect(page.locator("input[value=partly]")).to_be_checked()
    assert_back_works(page, 'value="短"')


def test_a_case_that_somebody_else_took(page_as):
    scene = sent_case(specialists=2)
    page = page_as(scene.specialist)
    page.goto(f"/cases/{scene.case.pk}/")
    other = scene.case.offers.exclude(doctor=scene.specialist).get().doctor
    won = page_as(other)
    won.goto(f"/cases/{scene.case.pk}/")
    won.locator("button[data-key=a]").click()
    won.wait_for_url("**/rooms/*/")
    page.evaluate("document.querySelector('form[action$=\"/accept/\"]').submit()")
    expect(page.locator("#refused")).to_contain_text(other.name)
    assert_back_works(page, other.name)


def test_a_fully_typed_request_can_be_sent_after_it_was_refused(page_as):
    scene = drafted_case()
    Case.objects.update(aim="")
    page = page_as(scene.asker)
    page.goto(f"/cases/{scene.case.pk}/edit/")
    page.locator("[data-send]").click()
    page.locator("#refused a[href='#aim']").click()
    page.keyboard.type(LEGAL["aim"])
    page.locator("[data-send]").click()
    page.wait_for_url(f"**/cases/{scene.case.pk}/")
    page.go_back()
    page.reload()
    page.wait_for_url(f"**/cases/{scene.case.pk}/**")
    assert "/edit/" not in page.url  # what was sent is no form any more
