"""Two phones at the last place: who comes second reads what is free next, and waits in one tap."""

import pytest
from playwright.sync_api import expect

from scheduling.appointments.models import Appointment, Status
from tests.factories.people import ClinicFactory, PatientFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days, places_of
from tests.marks import committed

pytestmark = committed
PHONE = 390


def resident(name):
    return PatientFactory(user=UserFactory(), name=name, managing_organisation=ClinicFactory()).user


@pytest.fixture
def last():
    """One place that day; another doctor of the department is there two days later."""
    period = PeriodFactory(public=1)
    PeriodFactory(session=SessionFactory(department=period.department, day=in_days(9)), public=3)
    return period


@pytest.fixture
def lost(hand_of, page_as, last):
    """Both look at it; the other phone is quicker."""
    times = f"/booking/departments/{last.department_id}/?day={last.session.day}"
    hand = hand_of(resident("石美凤"), times, width=PHONE)
    expect(hand.page.locator("main button.slot")).to_have_count(1)
    other = page_as(resident("王桂芳"), width=PHONE)
    other.goto(times)
    other.locator("main button.slot").click()
    other.locator("main .btn--p").click()
    expect(other.locator(".tk__h .no")).to_have_text("1号")
    hand.do("main button.slot")
    expect(hand.page.locator("[role=alert]").first).to_contain_text("刚被约走")
    hand.clicks = 0
    return hand


def test_who_comes_second_takes_what_is_free_next_in_one_tap(lost, last):
    lost.sees("resident-11-lost")
    expect(lost.page.locator("[role=alert]").first).to_contain_text("08:00")
    lost.do("section[aria-labelledby=fd] button.slot")
    lost.page.wait_for_url("**/booking/held/")
    assert lost.clicks <= 1
    assert places_of(last) == {"public": (1, 1)}
    held = Appointment.objects.get(status=Status.HELD)
    assert held.day == in_days(9)


def test_who_comes_second_joins_the_waitlist_in_one_tap(lost, last):
    lost.do("form[action$='/wait/'] button")
    expect(lost.page.locator(".tk__h .no")).to_have_text("1")
    lost.sees("resident-11-waits")
    lost.arrived("resident 11")
    assert Appointment.objects.get(status=Status.WAITLISTED).day == last.session.day
    assert places_of(last) == {"public": (1, 1)}
