"""Sign in, choose how to see, sign out: on a phone and on a desk."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.checks import assert_accessible, assert_fits
from tests.factories.people import StaffFactory, UserFactory
from tests.marks import committed

pytestmark = committed
PASSWORD = "a long enough phrase"  # noqa: S105


@pytest.fixture
def doctor():
    doctor = StaffFactory(username="yang", name="杨文秀", language="en")
    doctor.set_password(PASSWORD)
    doctor.save()
    return doctor


@pytest.mark.parametrize("width", [390, 1440])
def test_a_doctor_signs_in_chooses_how_to_see_and_signs_out(page_as, doctor, width):
    page = page_as(width=width)
    page.goto("/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert_fits(page)
    assert_accessible(page)

    page.get_by_label("User name or phone number").fill("yang")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("The user name or the password is wrong.")
    assert_accessible(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("杨文秀").first).to_be_visible()

    page.goto("/inbox/")
    page.locator("summary.org").click()
    page.locator(".acct__m").get_by_role("button", name="Large").click()
    expect(page.locator("html")).to_have_attribute("data-care", "")
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-care", "")
    assert_fits(page)
    assert_accessible(page)

    page.locator("summary.org").click()
    assert_accessible(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_dark_theme_is_readable(page_as, doctor):
    page = page_as(doctor)
    page.goto("/inbox/")
    page.locator("summary.org").click()
    page.locator(".acct__m").get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Escape")
    expect(page.locator(".acct__m")).to_be_hidden()
    assert_accessible(page)


def test_a_slash_finds_and_letters_stay_letters_in_a_field(page_as, doctor):
    page = page_as(doctor)
    page.goto("/inbox/")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("jke/")
    expect(page.locator("#find")).to_have_value("jke/")


def test_a_resident_sees_large_plain_pages(page_as, db):
    page = page_as(UserFactory(name="石美凤", language="en"), width=390)
    for address in ["/inbox/", "/", "/no/such/page/"]:
        page.goto(address)
        assert_fits(page)
        assert_accessible(page)
        page.get_by_role("button", name="Large").click()


def test_pages_work_without_script(page_as, doctor):
    page = page_as(doctor, java_script_enabled=False)
    page.goto("/inbox/")
    page.locator("summary.org").click()
    page.locator(".acct__m").get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.url.endswith("/inbox/")


@pytest.mark.parametrize("width", [390, 1440])
def test_every_part_is_accessible_in_every_look(page_as, width):
    page = page_as(width=width)
    page.goto("/looks/")
    page.get_by_role("button", name="English").click()
    assert_fits(page)
    for switch in ["Dark", "Large", "Dark"]:
        assert_accessible(page)
        page.get_by_role("button", name=re.compile(switch)).click()
    assert_accessible(page)


def test_a_dialog_opens_by_key_and_closes_safely(page_as, doctor):
    page = page_as(doctor)
    page.goto("/inbox/")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
