"""A resident books where the line comes and goes."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status
from telemed.core.intentions import intention
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.conftest import sign_in
from tests.factories.people import PatientFactory, UserFactory
from tests.factories.scheduling import PeriodFactory
from tests.marks import committed

pytestmark = committed
PHONE = 390


@pytest.fixture
def resident():
    return PatientFactory(name="龙晓梅", user=UserFactory()).user


@pytest.fixture
def period():
    return PeriodFactory(public=2)


def held_by(resident, period):
    with intention(resident, door="test"):
        return services.hold(actor=resident, patient=resident.patient, period_id=period.pk)


def booked_by(resident, period):
    with intention(resident, door="test"):
        return services.book(actor=resident, patient=resident.patient, period_id=period.pk)


def confirming(page_as, resident):
    page = page_as(resident, width=PHONE)
    page.goto("/booking/held/")
    page.fill("[name=reason]", "头晕三天")
    page.context.set_offline(True)
    page.locator("[data-confirm] button").click()
    expect(page.locator("[data-away]")).to_be_visible()
    return page


def test_confirmed_without_a_line_it_is_sent_once_when_the_line_is_back(page_as, resident, period):
    held = held_by(resident, period)
    page = confirming(page_as, resident)
    expect(page.locator("[name=reason]")).to_have_value("头晕三天")
    assert_accessible(page)
    assert_fits(page)
    assert Appointment.objects.get().status == Status.HELD
    page.context.set_offline(False)
    page.wait_for_url(f"**/booking/{held.pk}/", timeout=60_000)
    kept = Appointment.objects.get()
    assert (kept.status, kept.reason) == (Status.BOOKED, "头晕三天")


def test_an_answer_that_was_lost_is_asked_for_again(page_as, resident, period):
    held = held_by(resident, period)
    page = page_as(resident, width=PHONE)
    page.goto("/booking/held/")
    lost = []

    def lose(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    page.route("**/confirm/", lose)
    page.locator("[data-confirm] button").click()
    page.wait_for_url(f"**/booking/{held.pk}/", timeout=60_000)
    assert lost == [200]
    assert Appointment.objects.get().status == Status.BOOKED


def test_after_the_hold_it_says_so_and_what_is_free_next(page_as, resident, period):
    held = held_by(resident, period)
    PeriodFactory(session=period.session, starts_at=period.ends_at, public=1)
    Appointment.objects.filter(pk=held.pk).update(held_until=timezone.now() + timedelta(seconds=12))
    page = confirming(page_as, resident)
    expect(page.locator("[data-said]")).to_contain_text("08:30", timeout=30_000)
    assert_accessible(page)
    page.context.set_offline(False)
    page.wait_for_url(f"**/booking/held/{held.pk}/over/", timeout=60_000)
    expect(page.locator("main .slot b")).to_contain_text(re.compile("08:30"))
    assert_accessible(page)
    assert_fits(page)
    assert not Appointment.objects.filter(status=Status.BOOKED).exists()
    page.locator("main .slot").click()
    page.wait_for_url("**/booking/held/")


def test_looking_for_a_place_without_a_line_sends_nothing(page_as, resident, period):
    page = page_as(resident, width=PHONE)
    page.goto(f"/booking/departments/{period.department_id}/")
    page.context.set_offline(True)
    expect(page.locator("[data-no-line]")).to_be_visible()
    page.locator("main form .slot").first.click()
    expect(page.locator("[data-no-line]")).to_be_focused()
    assert_accessible(page)
    assert not Appointment.objects.exists()
    page.context.set_offline(False)
    expect(page.locator("[data-no-line]")).to_be_hidden()
    page.locator("main form .slot").first.click()
    page.wait_for_url("**/booking/held/")


def kept_ticket(page_as, resident, booked):
    page = page_as(resident, width=PHONE)
    page.goto(f"/booking/{booked.pk}/")
    page.locator("[data-keep-now]").click()
    expect(page.locator("[data-keep][data-state=here]")).to_be_visible(timeout=30_000)
    return page


def test_a_ticket_is_shown_without_a_line(page_as, resident, period):
    booked = booked_by(resident, period)
    page = kept_ticket(page_as, resident, booked)
    assert_accessible(page)
    code = page.locator(".tk svg.qr path").nth(1).get_attribute("d")
    page.context.set_offline(True)
    page.goto(f"/booking/{booked.pk}/")
    page.locator("[data-drawn=yes]").wait_for()
    expect(page.locator(".tk")).to_contain_text("08:00–08:30")
    expect(page.locator(".tk")).to_contain_text("龙晓梅")
    assert page.locator(".tk svg.qr path").nth(1).get_attribute("d") == code
    assert_accessible(page)
    assert_fits(page)
    page.goto("/booking/mine/")
    expect(page.locator(".tk")).to_have_count(1)
    page.context.set_offline(False)
    expect(page.locator("[data-tickets]")).to_have_count(0, timeout=60_000)  # the real one is back


def test_a_cancelled_ticket_is_not_shown_any_more(page_as, resident, period):
    booked = booked_by(resident, period)
    page = kept_ticket(page_as, resident, booked)
    with intention(resident, door="test"):
        services.cancel(actor=resident, appointment_id=booked.pk)
    page.reload()
    expect(page.locator("[data-keep][data-state=away]")).to_be_attached()
    page.context.set_offline(True)
    page.goto(f"/booking/{booked.pk}/")
    page.locator("[data-drawn=yes]").wait_for()
    expect(page.locator(".tk")).to_have_count(0)


def test_another_account_on_the_phone_finds_no_ticket(page_as, resident, period):
    booked = booked_by(resident, period)
    page = kept_ticket(page_as, resident, booked)
    sign_in(page.context, PatientFactory(user=UserFactory()).user, page.url.split("/booking")[0])
    page.goto("/booking/")
    page.wait_for_function("!localStorage.getItem('telemed-account')")
    page.context.set_offline(True)
    page.goto(f"/booking/{booked.pk}/")
    page.locator("[data-drawn=yes]").wait_for()
    expect(page.locator(".tk")).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("龙晓梅")


def test_taken_off_the_phone_it_is_gone(page_as, resident, period):
    booked = booked_by(resident, period)
    page = kept_ticket(page_as, resident, booked)
    page.locator("[data-keep-drop]").click()
    expect(page.locator("[data-keep][data-state=away]")).to_be_visible()
    page.reload()
    expect(page.locator("[data-keep][data-state=away]")).to_be_visible()
