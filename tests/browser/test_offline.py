"""An emergency where the line is gone: written on the device, sent once when it is back."""

import pytest
from playwright.sync_api import Page, expect

from consult.requests.models import Case
from tests.browser.checks import assert_accessible, assert_fits
from tests.factories.consult import drafted_case
from tests.marks import committed

pytestmark = committed
KEPT = "indexedDB.databases().then(all => all.some(one => one.name === 'telemed-kept'))"
READY = """async () => {
  await navigator.serviceWorker.ready;
  for (let n = 0; n < 100; n++) {
    const kept = await caches.match("/cases/emergency/kit/");
    if (kept && navigator.serviceWorker.controller) return true;
    await new Promise(done => setTimeout(done, 100));
  }
  return false;
}"""


@pytest.fixture(params=[390, 1440])
def width(request):
    return request.param


def fill(page: Page, what: str = "stroke") -> None:
    page.locator(f"label:has(input[value={what}])").click()
    page.locator("label[for=consent-later]").click()


def emergencies() -> list[Case]:
    return list(Case.objects.filter(kind="emergency"))


def test_a_line_that_goes_while_the_form_is_open(page_as, width):
    scene = drafted_case()
    scene.hospital.phone = "0851-8722-0120"
    scene.hospital.save()
    page = page_as(scene.asker, width=width)
    page.goto(f"/cases/emergency/?patient={scene.patient.pk}")
    fill(page)
    page.context.set_offline(True)
    page.locator(".er__s").click()
    kept = page.locator("[data-kept-list] li")
    expect(kept).to_have_count(1)
    expect(kept.locator("a[href='tel:0851-8722-0120']")).to_be_visible()
    assert not emergencies()
    assert_accessible(page)
    assert_fits(page)

    page.context.set_offline(False)
    page.wait_for_url("**/cases/*-*/")
    (case,) = emergencies()
    assert (case.status, case.patient) == ("routed", scene.patient)
    page.goto("/")
    expect(page.locator("[data-kept]")).to_be_hidden()


def test_what_was_kept_goes_from_any_page_after_a_restart(page_as):
    scene = drafted_case()
    page = page_as(scene.asker)
    page.goto(f"/cases/emergency/?patient={scene.patient.pk}")
    fill(page)
    page.context.set_offline(True)
    page.locator(".er__s").click()
    expect(page.locator("[data-kept-list] li")).to_have_count(1)
    page.close()

    page = page.context.new_page()
    page.context.set_offline(False)
    page.goto("/")
    expect(page.locator("[data-toasts]")).to_be_visible()
    assert len(emergencies()) == 1
    expect(page.locator("[data-kept]")).to_be_hidden()


def test_an_answer_that_is_lost_makes_no_second_case(page_as):
    scene = drafted_case()
    page = page_as(scene.asker, service_workers="block")
    page.goto(f"/cases/emergency/?patient={scene.patient.pk}")
    fill(page)
    lost = []

    def lose(route):
        if route.request.method != "POST" or lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    page.route("**/cases/emergency/", lose)
    page.locator(".er__s").click()
    page.wait_for_url("**/cases/*-*/")
    assert lost[0].ok
    assert len(emergencies()) == 1


def test_letters_typed_before_the_script_is_there_find_the_patient(page_as):
    scene = drafted_case()
    page = page_as(scene.asker, service_workers="block")
    held = []
    page.route("**/web/finder*.js", lambda route: held.append(route))
    with page.expect_request("**/web/finder*.js"):
        page.goto("/cases/emergency/", wait_until="commit")
    page.fill("#patient", "zsf")
    held[0].continue_()
    expect(page.locator(f"input[name=patient][value='{scene.patient.pk}']")).to_be_attached()


def test_a_refused_one_says_why_and_still_stands_there(page_as):
    scene = drafted_case()
    page = page_as(scene.asker)
    page.goto(f"/cases/emergency/?patient={scene.patient.pk}")
    fill(page)
    scene.hospital.active = False
    scene.hospital.save()
    page.locator(".er__s").click()
    expect(page.locator("#refused")).to_be_visible()
    expect(page.locator("input[value=stroke]")).to_be_checked()
    assert not emergencies()
    expect(page.locator("[data-drop]")).to_be_visible()
    page.locator("[data-drop]").click()
    page.locator("[data-drop]").click()
    expect(page.locator("[data-kept]")).to_be_hidden()


def test_a_colleague_sees_that_one_waits_and_does_not_send_it(page_as):
    scene = drafted_case()
    page = page_as(scene.asker)
    page.goto(f"/cases/emergency/?patient={scene.patient.pk}")
    fill(page)
    page.context.set_offline(True)
    page.locator(".er__s").click()
    expect(page.locator("[data-kept-list] li")).to_have_count(1)
    page.close()
    page = page.context.new_page()
    page.add_init_script(
        "new MutationObserver(() => {const k = document.querySelector('[data-kept]');"
        "if (k) k.dataset.user = 'another'}).observe(document, {childList: true, subtree: true})"
    )
    page.context.set_offline(False)
    page.goto("/")
    expect(page.locator("[data-kept-list] li")).to_contain_text(scene.asker.name)
    expect(page.locator("[data-send-now]")).to_be_hidden()
    assert not emergencies()


def test_the_page_is_there_without_a_line_and_asks_under_a_temporary_number(page_as, width):
    scene = drafted_case()
    page = page_as(scene.asker, width=width)
    page.goto("/")
    assert page.evaluate(READY)
    page.context.set_offline(True)
    page.goto("/patients/")
    expect(page.locator("[data-kept-said]")).to_be_visible()
    page.fill("[name=name]", "杨秀英")
    page.fill("[name=age]", "60")
    fill(page, "chest_pain")
    assert_accessible(page)
    assert_fits(page)
    page.locator(".er__s").click()
    expect(page.locator("[data-kept-list] li")).to_have_count(1)
    page.context.set_offline(False)
    page.wait_for_url("**/cases/*-*/", timeout=60_000)
    (case,) = emergencies()
    assert case.patient.is_temporary
    assert case.patient.name == "杨秀英"
    assert "60" in case.reason
