"""Whom to ask: another specialty brings another order, and what a person chose stays chosen."""

from django.utils import timezone
from playwright.sync_api import expect

from consult.requests.models import Case
from telemed.organisations.models import Specialty
from telemed.people.models import Presence
from tests.browser.checks import assert_accessible, assert_fits
from tests.factories.consult import drafted_case
from tests.factories.people import (
    AgreementFactory,
    OrganisationFactory,
    PractitionerFactory,
    StaffFactory,
)
from tests.marks import committed

pytestmark = committed


def test_the_order_follows_the_specialty_and_a_choice_of_ones_own_says_why(page_as):
    scene = drafted_case()
    hearts = OrganisationFactory(phone="0851-55550177")
    AgreementFactory(asking=scene.clinic, asked=hearts)
    doctor = StaffFactory(organisation=hearts, role="specialist")
    PractitionerFactory(user=doctor, specialty=Specialty.CARDIOLOGY)
    Presence.objects.create(user=doctor, seen_at=timezone.now())
    page = page_as(scene.asker)
    page.goto(f"/cases/{scene.case.pk}/edit/")
    chosen = page.locator("label:has([name=asked]:checked)")
    why = page.locator("#route_reason")

    page.locator("label:has([name=specialty][value=cardiology])").click()
    expect(chosen).to_contain_text(hearts.name)
    expect(why).to_be_hidden()
    page.locator(".who", has_text=scene.hospital.name).click()
    page.locator("label:has([name=specialty][value=neurology])").click()
    expect(page.locator(".who").first).to_contain_text(scene.hospital.name)
    page.locator("label:has([name=specialty][value=cardiology])").click()
    expect(page.locator(".who").first).to_contain_text(hearts.name)
    expect(chosen).to_contain_text(scene.hospital.name)  # chosen by hand
    expect(why).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.locator("[data-send]").click()
    expect(page.locator("#refused a[href='#route_reason']")).to_be_visible()
    page.locator("[data-add-to=route_reason]").first.click()
    page.locator("[data-send]").click()
    page.wait_for_url(f"**/cases/{scene.case.pk}/")
    assert Case.objects.get().proposed == hearts

    page.goto("/cases/emergency/")
    page.locator("label:has(input[value=chest_pain])").click()
    expect(chosen).to_contain_text(hearts.name)
    expect(page.locator("[data-phone-link]")).to_contain_text("0851-55550177")
    page.locator("label:has(input[value=stroke])").click()
    expect(chosen).to_contain_text(scene.hospital.name)
