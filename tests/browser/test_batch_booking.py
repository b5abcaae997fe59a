"""A village doctor on a phone books for several people at once; and hears who lost a place."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, BatchRow
from telemed.core.intentions import intention
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.conftest import sign_in
from tests.factories.people import PatientFactory, StaffFactory, treated
from tests.factories.scheduling import PeriodFactory, places_of
from tests.marks import committed

pytestmark = committed
PHONE = 390
TWELVE_POINT = 16  # px
SMALLEST = """() => Math.min(...[...document.querySelectorAll(".slip, .slip *")].map(
  (one) => parseFloat(getComputedStyle(one).fontSize)))"""


@pytest.fixture
def doctor(transactional_db):
    return StaffFactory()


@pytest.fixture
def people(doctor):
    return [
        treated(PatientFactory(name=name), doctor.organisation)
        for name in ("石美凤", "石大勇", "吴金花")
    ]


@pytest.fixture
def period(transactional_db):
    return PeriodFactory(public=2)


@pytest.fixture
def later(period):
    return PeriodFactory(
        session=period.session, starts_at=period.starts_at + timedelta(minutes=30), public=2
    )


def add(one):
    return f"button[name=who][value='{one.pk}']"


def test_three_people_are_booked_at_once(hand_of, doctor, people, period, later):
    hand = hand_of(doctor, width=PHONE)
    hand.do("details[data-menu] > summary")
    hand.do(".acct__m a[href='/booking/day/']")
    hand.do("main a[href='/booking/batch/']")
    hand.sees("township-7-where")
    hand.do("main a.slot")
    hand.type("#bf", "zsf")
    for one in people:
        hand.do(add(one))
        expect(hand.page.locator(f"input[name=who][value='{one.pk}']")).to_be_attached()
        # Whoever types on finds the field where it was.
        expect(hand.page.locator("#bf")).to_be_focused()
    hand.sees("township-7-who")
    hand.do(".bt__go .btn--p")
    expect(hand.page.locator(".bt__r li[data-state=booked]")).to_have_count(3)
    hand.arrived("township doctor 7")
    hand.sees("township-7-booked")
    assert Appointment.objects.count() == 3
    assert (places_of(period), places_of(later)) == ({"public": (2, 2)}, {"public": (1, 2)})

    hand.do("main a[href$='/slips/']")
    hand.sees("township-7-slips", ".slip")
    expect(hand.page.locator(".slip .slip__q")).to_have_count(3)
    assert hand.page.evaluate(SMALLEST) >= TWELVE_POINT


def test_the_order_is_changed_and_who_lost_a_place_takes_the_next(
    hand_of, doctor, people, period, later
):
    first, second, _third = people
    asked = f"department={period.department_id}&who={first.pk}&who={second.pk}"
    hand = hand_of(doctor, f"/booking/batch/?{asked}", width=PHONE)
    page = hand.page
    # Up, and the focus stays with the person who was moved.
    hand.do(f"button[name=up][value='{second.pk}']")
    expect(page.locator(".bt__o li").first).to_contain_text(second.name)
    expect(page.locator(f"button[name=down][value='{second.pk}']")).to_be_focused()

    # Meanwhile somebody else takes one of the two places.
    with intention(doctor, door="test"):
        other = treated(PatientFactory(), doctor.organisation)
        services.book(actor=doctor, patient=other, period_id=period.pk)
    hand.do(".bt__go .btn--p")
    expect(page.locator("li[data-state=refused]")).to_contain_text(first.name)
    hand.sees("batch-lost")
    hand.do("form[action$='/take/'] button")
    expect(page.locator(".bt__r li[data-state=booked]")).to_have_count(2)
    row = BatchRow.objects.get(patient=first)
    expect(page.locator(f"[id='r-{row.pk}']")).to_be_focused()
    assert row.appointment.period == later

    # And one is cancelled, and it is undone.
    hand.do(f"[id='r-{row.pk}'] details.why > summary")
    hand.do(f"[id='r-{row.pk}'] details.why button")
    expect(page.locator("form[action$='/undo/']")).to_be_visible()
    hand.sees("batch-cancelled")
    hand.do("form[action$='/undo/'] button")
    expect(page.locator(".bt__r .is-on")).to_contain_text("08:30")


def test_without_script_and_sent_twice_by_the_back_button(
    browser, served, doctor, people, period, later
):
    context = browser.new_context(
        viewport={"width": PHONE, "height": 844},
        base_url=served.url,
        locale="zh-CN",
        java_script_enabled=False,
    )
    sign_in(context, doctor, served.url)
    page = context.new_page()
    page.goto("/booking/batch/")
    page.locator("main a.slot").first.click()
    page.locator("#bf").fill("zsf")
    page.locator("#bf").press("Enter")
    for one in people[:2]:
        page.locator(add(one)).click()
    page.locator(".bt__go .btn--p").click()
    expect(page.locator(".bt__r li[data-state=booked]")).to_have_count(2)
    result = page.url
    page.go_back()
    assert page.url == result  # the list was sent: its page leads to what became of it
    assert Appointment.objects.count() == 2
    context.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1366])
def test_a_full_list_fits_and_is_accessible(page_as, doctor, period, width):
    people = [treated(PatientFactory(name=f"欧阳春兰{n}"), doctor.organisation) for n in range(20)]
    who = "&".join(f"who={one.pk}" for one in people)
    page = page_as(doctor, width=width)
    page.goto(f"/booking/batch/?department={period.department_id}&{who}&q=zsf")
    expect(page.locator(".bt__o li")).to_have_count(20)
    assert_fits(page)
    assert_accessible(page)
