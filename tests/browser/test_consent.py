"""The consent on the page: which hospital and fee it names, when it ends, that it is refused."""

from playwright.sync_api import expect

from consult.requests.models import Case, Status
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.test_first_journey import sign_on
from tests.factories.consult import drafted_case
from tests.factories.people import AgreementFactory, OrganisationFactory
from tests.marks import committed

pytestmark = committed


def test_another_hospital_names_its_fee_and_is_signed_for_anew(page_as):
    scene = drafted_case()
    other = OrganisationFactory()
    AgreementFactory(asking=scene.clinic, asked=other, price=8000)
    page = page_as(scene.asker)
    page.goto(f"/cases/{scene.case.pk}/edit/")
    explained, signed = page.locator("b[data-explained]"), page.locator("[data-consent-state]")
    expect(explained).to_contain_text("120")
    expect(signed).not_to_be_empty()

    page.locator(".who", has_text=other.name).click()
    expect(explained).to_contain_text(other.name)
    expect(explained).to_contain_text("80")
    expect(signed).to_be_empty()
    expect(page.locator("[data-consent-error]")).to_contain_text(other.name)
    page.locator("label[for=consent]").click()
    sign_on(page, "[data-pad]")
    page.locator("[data-pad-confirm]").click()
    expect(signed).not_to_be_empty()
    assert_accessible(page)
    assert_fits(page)
    page.locator("#route_reason").fill("病人要求")
    page.locator("[data-send]").click()
    page.wait_for_url(f"**/cases/{scene.case.pk}/")
    case = Case.objects.get()
    assert (case.asked, case.consent.asked, case.consent.fee_shown) == (other, other, 8000)


def test_a_refusal_is_kept_from_the_page(page_as):
    scene = drafted_case()
    Case.objects.update(consent=None)
    page = page_as(scene.asker, width=390)
    page.goto(f"/cases/{scene.case.pk}/edit/")
    page.locator("#f-consent details.fold summary").click()
    page.locator("[name=why_refused]").fill("想先观察")
    page.locator("#reason").fill("咳嗽 3 周")
    page.locator("[data-refuse]").click()
    expect(page.locator("[data-refused]")).to_be_visible()
    expect(page.locator("#f-consent .ban")).to_contain_text("想先观察")
    page.evaluate("scrollTo(0, 0)")  # it opened at the consent, with half a field under the bar
    assert_accessible(page)
    assert_fits(page)
    case = Case.objects.get()
    assert (case.reason, case.consent.reason) == ("咳嗽 3 周", "想先观察")
    page.locator("[data-send]").click()
    expect(page.locator("#refused a[href='#consent']")).to_be_visible()
    assert scene.refresh().status == Status.DRAFT
