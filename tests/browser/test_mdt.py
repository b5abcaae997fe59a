"""A coordinator calls several doctors together: in six clicks at most, and by keys."""

from playwright.sync_api import expect

from consult.requests.models import HalfHour, Offer, Status
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.hands import Keys, Mouse
from tests.factories.consult import joint_sent
from tests.factories.people import PractitionerFactory, StaffFactory
from tests.marks import committed

pytestmark = committed


def test_the_coordinator_sets_up_a_joint_consult_and_replaces_who_declines(page_as):
    scene = joint_sent()
    other = StaffFactory(role="specialist", organisation=scene.hospital, name="韦正义")
    PractitionerFactory(user=other, specialty="respiratory")
    page = page_as(scene.coordinator)
    hand = Mouse(page)
    page.goto("/")
    hand.do("article a[href$='/mdt/']")
    expect(page.locator("[data-plan] fieldset")).to_have_count(4)

    hand.do(".opt:has([name=specialties][value=respiratory])")  # one more specialty
    expect(page.locator("[name='doctor-respiratory']")).to_have_count(2)
    expect(page.locator("[name=specialties][value=respiratory]")).to_be_focused()
    hand.do(".opt:has([name=chair][value=cardiology])")
    hand.do(f".who:has([value='{scene.lungs.pk}'])")
    expect(page.locator("[name=chair][value=cardiology]")).to_be_checked()  # kept by the look-up
    expect(page.locator("[name=starts_at]:checked")).to_have_count(1)  # the first that all have
    assert_accessible(page)
    assert_fits(page)
    hand.do("button[data-key=a]")
    page.wait_for_url(f"**/cases/{scene.case.pk}/")
    hand.arrived("coordinator 2")

    assert scene.refresh().status == Status.ROUTED
    lead = scene.case.offers.get(role=Offer.Role.LEAD)
    assert (lead.doctor, scene.case.offers.count()) == (scene.heart, 3)
    assert HalfHour.objects.count() == 4

    expert = page_as(scene.lungs, width=390)
    expert.goto(f"/cases/{scene.case.pk}/")
    expert.locator("summary[data-key=r]").click()
    expert.locator(".opt:has([value=time])").click()
    assert_fits(expert)
    expert.locator("form[action$='/decline/'] button").first.click()
    expert.wait_for_url("**/")

    page.goto(f"/cases/{scene.case.pk}/")
    seat = page.locator(".seat", has_text=scene.lungs.name)
    expect(seat).to_contain_text(other.name)
    assert_accessible(page)
    seat.locator("button").click()
    expect(page.locator(".seat", has_text=other.name).locator("form")).to_have_count(0)
    assert scene.case.offers.get(doctor=other).status == Offer.Status.OFFERED
    held = set(HalfHour.objects.values_list("person", flat=True))
    assert held == {scene.asker.pk, scene.specialist.pk, scene.heart.pk, other.pk}


def test_the_same_from_the_keyboard_alone(page_as):
    scene = joint_sent()
    page = page_as(scene.coordinator, width=390)
    hand = Keys(page)
    page.goto(f"/cases/{scene.case.pk}/mdt/")
    assert_accessible(page)
    assert_fits(page)
    expect(page.locator("[name=starts_at]:checked")).to_have_count(1)
    page.keyboard.press("a")  # the whole plan is proposed: sending it is one key
    page.wait_for_url(f"**/cases/{scene.case.pk}/")
    hand.arrived("coordinator 2")
    assert scene.refresh().status == Status.ROUTED
    assert_accessible(page)
    assert_fits(page)
