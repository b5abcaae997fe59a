"""The waiting room: scanned at the desk, called by the doctor, shown on the screen."""

from datetime import datetime
from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from playwright.sync_api import expect

from scheduling.appointments import codes, services
from scheduling.appointments.boards import token_of
from scheduling.appointments.models import Appointment, Status
from telemed.core.intentions import intention
from tests.browser.checks import assert_accessible, assert_fits
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, at
from tests.marks import committed

pytestmark = committed


@pytest.fixture
def period(transactional_db):
    """The half hour of now, in a session of the whole day."""
    today = timezone.localdate()
    session = SessionFactory(
        day=today, room="3 诊室", during=DateTimeTZRange(at(today, 0), at(today, 23, 59))
    )
    return PeriodFactory(session=session, starts_at=begins(), closes_at=at(today, 23, 58), public=4)


def begins() -> datetime:
    now = timezone.localtime()
    return now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)


def book(clerk, period, name):
    patient = PatientFactory(user=UserFactory(), name=name, id_card_tail="5511")
    # Whose place it was is no matter here: the half hour has begun.
    period.pools.update(pool="walk_in")
    with intention(clerk, door="test"):
        return services.book(actor=clerk, patient=patient, period_id=period.pk)


def test_a_ticket_is_scanned_called_and_on_the_screen(page_as, period, request):
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    rows = [book(clerk, period, name) for name in ("吴金花", "王小明")]
    with intention(clerk, door="test"):
        board = services.open_board(actor=clerk, department_id=None)
    screen = page_as(None)
    screen.goto(f"/booking/board/{token_of(board.pk)}/")
    expect(screen.locator("html")).to_have_attribute("data-bell", "open")

    # The desk: a scanner types the address and Enter, wherever the focus was; then one Enter
    desk = page_as(clerk)
    for row in rows:
        desk.goto("/booking/day/")
        desk.locator("h1").click()
        desk.evaluate("document.activeElement.blur()")
        desk.keyboard.type(f"http://x/booking/in/{codes.code_of(row)}/")
        desk.keyboard.press("Enter")
        expect(desk.locator(".tk")).to_contain_text(row.patient.name)
        assert_accessible(desk)
        assert_fits(desk)
        keep(request, desk, "desk-1-scanned")
        desk.keyboard.press("Enter")
        expect(desk.locator("[data-scan]")).to_be_focused()
    keep(request, desk, "desk-1-day")
    assert set(Appointment.objects.values_list("status", flat=True)) == {Status.ARRIVED}

    # The doctor calls, and the screen shows it within two seconds
    doctor = page_as(period.clinician)
    doctor.goto("/booking/day/")
    keep(request, doctor, "desk-1-doctor")
    doctor.locator("form[action='/booking/day/next/'] button").click()
    expect(doctor.locator(f"#a-{rows[0].pk} form")).not_to_have_count(0)
    expect(screen.locator("[data-call] b")).to_have_text("1", timeout=10_000)
    expect(screen.locator(".bd__q dd").last).to_contain_text("2")
    expect(screen.locator("body")).not_to_contain_text("吴金花")
    for theme in ("light", "dark"):
        screen.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        assert_accessible(screen)
        assert_fits(screen)
        keep(request, screen, f"desk-1-screen-{theme}")

    # A line that is lost is said
    screen.context.set_offline(True)
    expect(screen.locator("[data-lost]")).to_be_visible()
    keep(request, screen, "desk-1-lost")


def keep(request, page, name):
    if folder := request.config.getoption("--pictures"):
        for width, height in ((1440, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png")
        page.set_viewport_size({"width": 1440, "height": 900})


def test_a_ticket_is_checked_in(hand_of, period):
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    booked = book(clerk, period, "吴金花")
    hand = hand_of(clerk)
    hand.type("[data-scan]", codes.code_of(booked))
    hand.page.keyboard.press("Enter")
    hand.sees("desk-1-card")
    hand.do("main form .btn--p")
    expect(hand.page.locator(f"#a-{booked.pk}")).to_be_visible()
    hand.arrived("desk 1")
    assert Appointment.objects.get().status == Status.ARRIVED


def test_the_ticket_is_shown_and_printed_with_its_code(page_as, period, request):
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    booked = book(clerk, period, "吴金花")
    page = page_as(booked.patient.user)
    page.goto(f"/booking/{booked.pk}/")
    expect(page.locator("svg.qr")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    keep(request, page, "desk-1-ticket")
    page.emulate_media(media="print")
    expect(page.locator("svg.qr")).to_be_visible()
    expect(page.locator("nav.rn")).to_be_hidden()
    keep(request, page, "desk-1-paper")
