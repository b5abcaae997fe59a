"""A visit by video: booked on a phone, entered in two taps, finished by the doctor."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from consult.visits.models import Link
from consult.visits.secrets import path_of
from scheduling.appointments.models import Appointment, Mode, Status
from telemed.core import outbox
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.hands import Keys, Mouse
from tests.browser.room_server import WATCH, await_media
from tests.factories.people import PatientFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory
from tests.factories.visits import booked_visit, known, period_by_video
from tests.marks import committed

pytestmark = committed
PHONE = 390


@pytest.fixture
def patient(transactional_db):
    return PatientFactory(
        user=UserFactory(name="吴金花"),
        name="吴金花",
        birth_date=date(1960, 5, 1),
        phone="13900000001",
    )


def pictures(request):
    folder = request.config.getoption("--pictures")
    return Path(folder) if folder else None


def photograph(request, page, name):
    """What a window shows while the call goes on."""
    if folder := request.config.getoption("--pictures"):
        page.screenshot(path=f"{folder}/{name}.png")


def soon():
    return period_by_video(timezone.now() + timedelta(minutes=10))


def times(period):
    day = timezone.localdate(period.starts_at)
    return f"/booking/departments/{period.department_id}/?day={day:%Y-%m-%d}"


def test_a_visit_by_video_is_booked_entered_in_two_taps_and_finished(page_as, patient, request):
    # Given somebody who was seen in that department, and a doctor who takes visits by video
    period = soon()
    known(patient, period.department)

    # When the time is chosen on a phone
    phone = Mouse(page_as(patient.user, width=PHONE), pictures(request))
    phone.page.goto(times(period))
    expect(phone.page.locator("main .chip")).to_contain_text("视频")
    phone.sees("resident-7-when")
    phone.do("main button.slot:not([disabled])")
    phone.sees("resident-7-held")
    phone.do("main .btn--p")
    expect(phone.page.locator(".tk__h .no")).to_have_text("1号")
    phone.sees("resident-7-ticket")
    booked = Appointment.objects.get(mode=Mode.VIDEO)
    outbox.deliver_waiting()
    link = Link.objects.get(visit=booked)

    # And the message is opened on a phone that nobody is signed in to: two taps
    page = page_as(None, width=PHONE)
    page.add_init_script(WATCH)
    taps = Mouse(page, pictures(request))
    page.goto(path_of(link.pk))
    taps.clicks += 1  # the link in the message
    taps.sees("resident-7-door")
    taps.do("main form button")
    expect(page.locator("[data-waiting]")).to_be_visible()
    taps.arrived("resident 7")
    taps.sees("resident-7-waiting", "[data-waiting]")

    # And the doctor enters from the list of the day
    doctor = page_as(period.clinician)
    doctor.add_init_script(WATCH)
    doctor.goto("/")
    hand = Mouse(doctor, pictures(request))
    hand.do("nav a[href='/booking/day/']")
    hand.sees("specialist-6-day")
    hand.do(f"#a-{booked.pk} a[href^='/rooms/']")
    hand.do("[data-room=enter]")
    expect(doctor.locator("html")).to_have_attribute("data-connection", "open", timeout=10_000)

    # Then the phone goes on by itself, and both see moving pictures
    expect(page.locator("html")).to_have_attribute("data-connection", "open", timeout=15_000)
    for one in (page, doctor):
        await_media(one, 15.0)
        assert_accessible(one)
        assert_fits(one)
    photograph(request, page, "resident-7-room")
    photograph(request, doctor, "specialist-6-room")
    booked.refresh_from_db()
    assert booked.status == Status.IN_VISIT
    expect(page.locator("[data-room=room]")).not_to_contain_text("会诊")
    expect(doctor.locator("a[href^='tel:']").first).to_contain_text(patient.phone)

    # And what one writes, the other reads
    doctor.fill("[data-room=say] input", "把药盒拿到镜头前")
    doctor.keyboard.press("Enter")
    expect(page.locator("[data-room=log]")).to_contain_text("把药盒拿到镜头前")

    # When the doctor finishes, the phone is told so, and its link opens nothing any more
    hand.do("[data-opens=finish]")
    hand.do("#finish form button")
    expect(doctor.locator(f"#a-{booked.pk}")).to_be_visible()
    hand.arrived("specialist 6")
    expect(page.locator("[data-room=banner]")).to_be_visible(timeout=15_000)
    booked.refresh_from_db()
    assert booked.status == Status.FULFILLED
    page.goto(path_of(link.pk))
    expect(page.locator("main [role=alert]")).to_be_visible()
    taps.sees("resident-7-over", "main")


def test_a_first_visit_is_refused_by_video_and_had_in_person_in_one_tap(page_as, patient, request):
    period = soon()
    in_person = PeriodFactory(session=SessionFactory(department=period.department), public=1)
    phone = Mouse(page_as(patient.user, width=PHONE), pictures(request))
    phone.page.goto(times(period))
    expect(phone.page.locator("main [role=note]")).to_be_visible()
    expect(phone.page.locator(f"input[value='{period.pk}']")).to_have_count(0)
    phone.sees("resident-7-refused")
    phone.do("section[aria-labelledby=ip] button.slot")
    expect(phone.page.locator("form[action$='/confirm/']")).to_be_visible()
    assert Appointment.objects.get().period_id == in_person.pk


def test_a_second_phone_is_told_what_to_do(page_as, request):
    visit = booked_visit()
    first, second = page_as(None, width=PHONE), page_as(None, width=PHONE)
    first.goto(visit.path)
    first.locator("main form button").click()
    expect(first.locator("[data-waiting]")).to_be_visible()
    hand = Mouse(second, pictures(request))
    second.goto(visit.path)
    expect(second.locator("main [role=alert] a[href='/booking/mine/']")).to_be_visible()
    hand.sees("resident-7-elsewhere", "main")


def test_the_doctor_receives_and_finishes_without_a_mouse(page_as):
    visit = booked_visit()
    page, phone = page_as(visit.doctor), page_as(None, width=PHONE)
    phone.goto(visit.path)
    phone.locator("main form button").click()
    expect(phone.locator("[data-waiting]")).to_be_visible()
    hand = Keys(page)
    page.goto("/")
    hand.do("nav a[href='/booking/day/']")
    hand.do(f"#a-{visit.appointment.pk} a[href^='/rooms/']")
    hand.do("[data-room=enter]")
    expect(page.locator("html")).to_have_attribute("data-connection", "open", timeout=10_000)
    expect(phone.locator("html")).to_have_attribute("data-connection", "open", timeout=15_000)
    expect(page.locator("[data-room=count]")).to_have_text("2")
    hand.do("[data-opens=finish]")
    hand.do("#finish form button")
    expect(page.locator(f"#a-{visit.appointment.pk}")).to_be_visible()
    hand.arrived("specialist 6")
    visit.appointment.refresh_from_db()
    assert visit.appointment.status == Status.FULFILLED
