"""Residents on a phone: book a visit, cancel it; and the desk that books without a mouse."""

import pytest
from playwright.sync_api import expect

from records.consent.registration import register_and_treat
from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status
from telemed.core.intentions import intention
from tests.factories.people import ClinicFactory, PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, places_of
from tests.marks import committed

pytestmark = committed
PHONE = 390
NUMBER = "520121195804095511"


@pytest.fixture
def resident():
    return PatientFactory(
        user=UserFactory(), name="石美凤", managing_organisation=ClinicFactory()
    ).user


def test_a_visit_is_booked(hand_of, resident):
    period = PeriodFactory(public=3)
    hand = hand_of(resident, width=PHONE)
    hand.do(".tileb[href='/booking/']")
    hand.sees("resident-1-where")
    hand.do("main a.slot")
    hand.sees("resident-1-when")
    hand.do("main button.slot")
    hand.sees("resident-1-held")
    hand.do("main .btn--p")
    expect(hand.page.locator(".tk__h .no")).to_contain_text("1")
    hand.arrived("resident 1")
    hand.sees("resident-1-ticket")
    assert Appointment.objects.get().status == Status.BOOKED
    assert places_of(period) == {"public": (1, 3)}


def test_a_visit_is_cancelled(hand_of, resident):
    period = PeriodFactory(public=3)
    with intention(resident, door="test"):
        services.book(actor=resident, patient=resident.patient, period_id=period.pk)
    hand = hand_of(resident, width=PHONE)
    hand.sees("resident-3-home")
    hand.do(".next a[href^='/booking/']:first-child")
    hand.do("details.why > summary")
    hand.do("details.why form button")
    expect(hand.page.locator("form[action$='/undo/']")).to_be_visible()
    hand.arrived("resident 3")
    hand.sees("resident-3-cancelled")
    assert Appointment.objects.get().status == Status.CANCELLED


def test_the_desk_books_whoever_shows_a_card_with_the_keyboard(hand_of):
    period = PeriodFactory(public=3, walk_in=1)
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    doctor = StaffFactory()
    with intention(doctor, door="test"):
        register_and_treat(
            actor=doctor, name="王小明", organisation=doctor.organisation, id_card=NUMBER
        )
    hand = hand_of(clerk)
    hand.sees("desk-day")
    hand.type("#dn", NUMBER)
    hand.do("form[action$='/person/'] button")
    hand.sees("desk-whom")
    hand.do("main a.slot")
    hand.do("main button.slot")
    hand.do("main .btn--p")
    expect(hand.page.locator(".tk__h .no")).to_contain_text("1")
    assert Appointment.objects.get().pool == "walk_in"
