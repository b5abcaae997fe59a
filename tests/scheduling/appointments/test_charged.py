"""A risk signal: bookings at another fee than the hospital's of that day."""

from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from scheduling.appointments import charged, fees, services
from scheduling.appointments.models import Appointment
from telemed.core import policies
from telemed.core.intentions import System, intention
from telemed.oversight.indicators import Period
from telemed.oversight.models import Signal
from telemed.oversight.rules import OFF_BY
from telemed.oversight.services import raise_signals
from telemed.people.models import Role
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory
from tests.ruling import lay
from tests.telemed.oversight.reading import page_of, says

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-10-14 10:00+08:00", tick=False) as clock:
        yield clock


@pytest.fixture
def place():
    return PeriodFactory(public=4)


def book(by, place):
    patient = PatientFactory(user=UserFactory())
    with by(patient.user):
        return services.book(actor=patient.user, patient=patient, period_id=place.pk)


def charge(booked, yuan):
    Appointment.objects.filter(pk=booked.pk).update(fee=Decimal(yuan))


def found(place):
    month = Period.month(timezone.localdate().replace(month=10, day=1))
    return charged._off(month).get(place.session.organisation_id)


def test_the_fee_of_the_hospital_is_none(by, place):
    book(by, place)
    assert found(place) is None


def test_another_fee_is_a_signal_above_the_bound(by, place):
    book(by, place)
    charge(book(by, place), "11.50")
    assert found(place) == {"n": 1, "of": 2, "limit": 0}
    lay(OFF_BY, 149)
    assert found(place)["n"] == 1
    lay(OFF_BY, 150)
    assert found(place) is None


def test_who_pays_nothing_is_not_held_to_the_fee(by, place):
    booked = book(by, place)
    facts = {"fee": 0, "fee_basis": "low_income", "fee_reason": "subsistence"}
    Appointment.objects.filter(pk=booked.pk).update(**facts)
    assert found(place) is None


def test_a_booking_keeps_its_fee_and_a_later_one_has_the_new(by, place, clock):
    before = book(by, place)
    clock.move_to("2026-10-16 10:00+08:00")
    lay(fees.FEE, 2_000)
    assert found(place) is None
    after = book(by, place)
    assert after.fee == Decimal("20.00")
    charge(after, before.fee)  # the fee that held before it was booked
    assert found(place) == {"n": 1, "of": 2, "limit": 0}
    charge(after, "20.00")
    charge(before, "20.00")  # it was moved since
    assert found(place) is None


def test_each_hospital_is_held_to_its_own_changes_in_one_question(
    by, place, clock, django_assert_num_queries
):
    other = PeriodFactory(public=4)
    for one in (place, other):
        book(by, one)
    clock.move_to("2026-10-16 10:00+08:00")
    lay(fees.FEE, 2_000, organisation_id=other.session.organisation_id)
    charge(book(by, place), "20.00")  # the other's
    charge(book(by, other), "10.00")  # their own of before
    month = Period.month(timezone.localdate().replace(month=10, day=1))
    with by(System("test")):
        assert not policies.moments_of(fees.FEE, month.end, month.end)  # they are read
        with django_assert_num_queries(1):
            signals = charged._off(month)
    assert set(signals) == {place.session.organisation_id, other.session.organisation_id}
    assert all(facts == {"n": 1, "of": 2, "limit": 0} for facts in signals.values())


def test_the_month_raises_it_and_the_page_says_it(client, by, place, clock):
    charge(book(by, place), "12.00")
    clock.move_to("2026-11-03 08:00+08:00")
    with intention(System("test"), door="test"):
        raise_signals(month=timezone.localdate().replace(month=10, day=1))
    signal = Signal.objects.get(rule="fee_off")
    office = StaffFactory(role=Role.MEDICAL_OFFICE, organisation=place.session.organisation)
    says(client, office, signal)
    assert "visit fee by more than 0 yuan: 1 of 1." in page_of(
        client, office, path="/oversight/signals/"
    )
