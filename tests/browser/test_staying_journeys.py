"""A stopped clinic on the phone: another day in three taps, or with the doctor, first in line."""

import pytest
from playwright.sync_api import expect

from scheduling.appointments import services
from scheduling.appointments.models import Status
from scheduling.availability import services as availability
from scheduling.availability.models import Stop
from telemed.core.intentions import intention
from tests.factories.people import ClinicFactory, PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days
from tests.marks import committed

pytestmark = committed
PHONE = 390


@pytest.fixture
def resident():
    return PatientFactory(
        user=UserFactory(), name="石美凤", managing_organisation=ClinicFactory()
    ).user


@pytest.fixture
def period():
    return PeriodFactory(public=1)


@pytest.fixture
def booked(resident, period):
    """Booked, and the clinic does not take place."""
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    with intention(resident, door="test"):
        booked = services.book(actor=resident, patient=resident.patient, period_id=period.pk)
    with intention(clerk, door="test"):
        stop = availability.stop_session(
            actor=clerk, session_id=period.session_id, reason="医生外出", plan=Stop.Plan.CANCEL
        )
        services.displace(stop=stop)
        services.await_answers(session_id=period.session_id)
    return booked


def test_another_day_is_chosen(hand_of, resident, period, booked):
    colleague = SessionFactory(department=period.department, day=in_days(9))
    later = PeriodFactory(session=colleague, public=1)
    hand = hand_of(resident, width=PHONE)
    hand.do(".next a[href^='/booking/']:first-child")
    hand.sees("resident-12-stopped")
    hand.do("a[href*='?move=']")
    hand.sees("resident-12-when")
    hand.do("main button.slot")
    expect(hand.page.locator(".tk__h .no")).to_have_text("1号")
    hand.arrived("resident 12")
    booked.refresh_from_db()
    assert (booked.status, booked.period_id) == (Status.BOOKED, later.pk)


def test_one_stays_with_the_doctor(hand_of, resident, period, booked):
    hand = hand_of(resident, width=PHONE)
    hand.do(".next a[href^='/booking/']:first-child")
    hand.do("form[action$='/stay/'] button")
    expect(hand.page.locator("#st ~ p b").first).to_contain_text(period.clinician.name)
    hand.arrived("resident 13")
    hand.sees("resident-13-stays")
    booked.refresh_from_db()
    assert (booked.status, booked.wait.stays) == (Status.DISPLACED, True)
