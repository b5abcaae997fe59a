"""A message where the line is gone: kept on the device, shown as waiting, sent once."""

import pytest
from playwright.sync_api import Page, expect

from consult.requests.models import Message
from tests.browser.checks import assert_accessible, assert_fits
from tests.factories.consult import accepted_case
from tests.marks import committed

pytestmark = committed
TEXT = "血钾 3.1，已口服补钾"


@pytest.fixture(params=[390, 1440])
def width(request):
    return request.param


@pytest.fixture
def scene():
    return accepted_case()


def opened(page: Page, scene) -> Page:
    page.goto(f"/cases/{scene.case.pk}/")
    return page


def write(page: Page, text: str) -> None:
    page.fill("#message", text)
    page.locator("form[data-write] [type=submit]").click()


def said() -> list[str]:
    return list(Message.objects.order_by("at").values_list("text", flat=True))


def test_what_is_written_without_a_line_waits_and_goes_once(page_as, scene, width):
    page = opened(page_as(scene.asker, width=width, service_workers="block"), scene)
    page.context.set_offline(True)
    write(page, TEXT)
    write(page, "心电图已上传")
    waiting = page.locator("[data-waiting] li")
    expect(waiting).to_have_count(2)
    expect(waiting.first).to_contain_text(TEXT)
    expect(page.locator("#message")).to_have_value("")
    assert_accessible(page)
    assert_fits(page)
    assert said() == []

    page.context.set_offline(False)
    expect(page.locator("ol.thread li")).to_have_count(2)
    expect(waiting).to_have_count(0)
    assert said() == [TEXT, "心电图已上传"]


def test_it_goes_after_a_restart_and_an_answer_that_is_lost_says_it_once(page_as, scene):
    page = opened(page_as(scene.asker, service_workers="block"), scene)
    page.context.set_offline(True)
    write(page, TEXT)
    expect(page.locator("[data-waiting] li")).to_have_count(1)
    page.close()
    page = page.context.new_page()
    page.context.set_offline(False)
    lost = []

    def lose(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    page.route("**/messages/", lose)
    opened(page, scene)
    expect(page.locator("ol.thread li")).to_have_count(1)
    expect(page.locator("[data-waiting] li")).to_have_count(0)
    assert lost[0].ok
    assert said() == [TEXT]


def test_what_was_typed_and_not_sent_is_there_again(page_as, scene):
    page = opened(page_as(scene.asker, service_workers="block"), scene)
    page.fill("#message", TEXT)
    page.wait_for_function(
        "async () => (await indexedDB.databases()).some(one => one.name === 'telemed-thread')"
    )
    page.wait_for_timeout(300)
    opened(page, scene)
    expect(page.locator("#message")).to_have_value(TEXT)
    assert said() == []


def test_what_the_server_refuses_goes_back_into_the_form(page_as, scene):
    page = opened(page_as(scene.asker, service_workers="block"), scene)
    page.context.set_offline(True)
    write(page, TEXT)
    expect(page.locator("[data-waiting] li")).to_have_count(1)
    page.evaluate("document.querySelector('#message').removeAttribute('maxlength')")
    scene.case.status = "cancelled"
    scene.case.cancel_reason = "病人已转院"
    scene.case.save()
    page.context.set_offline(False)
    expect(page.locator("[data-waiting] .ink-red")).to_be_visible()
    page.locator("[data-back]").click()
    expect(page.locator("#message")).to_have_value(TEXT)
    expect(page.locator("[data-waiting] li")).to_have_count(0)
