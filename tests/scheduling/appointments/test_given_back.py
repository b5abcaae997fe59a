"""A cancelled place is for others for half an hour: not for the account or device that gave it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from scheduling.appointments import services
from scheduling.appointments.models import Appointment
from telemed.core import clocks
from telemed.core.errors import Conflict
from telemed.core.models import Clock
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def resident():
    return PatientFactory(user=UserFactory()).user


@pytest.fixture
def period():
    return PeriodFactory(public=1, walk_in=1)


def book(by, actor, period):
    with by(actor):
        return services.book(actor=actor, patient=actor.patient, period_id=period.pk)


def given_back(by, actor, period):
    """Cancelled, and the place has come back; the moment it did."""
    booked = book(by, actor, period)
    with by(actor):
        services.cancel(actor=actor, appointment_id=booked.pk)
    due = Clock.objects.get(about=booked.pk, kind="place.return").due_at
    with time_machine.travel(due):
        clocks.fire_due()
    booked.refresh_from_db()
    assert booked.returned_at is not None
    return booked.returned_at


def test_who_gave_a_place_back_does_not_get_it_again_for_half_an_hour(by, resident, period):
    back = given_back(by, resident, period)
    early = time_machine.travel(back + timedelta(minutes=29))
    with early, pytest.raises(Conflict, match="it is for others"):
        book(by, resident, period)
    assert not Appointment.objects.filter(status="booked").exists()
    with time_machine.travel(back + timedelta(minutes=31)):
        assert book(by, resident, period).ticket == 1


def test_another_account_gets_it_at_once(by, resident, period):
    other = PatientFactory(user=UserFactory()).user
    with time_machine.travel(given_back(by, resident, period) + timedelta(minutes=1)):
        assert book(by, other, period).ticket == 1


def test_a_place_beside_it_that_nobody_gave_back_can_be_had(by, resident):
    period = PeriodFactory(public=2)
    with time_machine.travel(given_back(by, resident, period) + timedelta(minutes=1)):
        assert book(by, resident, period).ticket == 1


def test_the_desk_gives_out_what_it_has(by, resident, period):
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    with time_machine.travel(given_back(by, resident, period) + timedelta(minutes=1)), by(clerk):
        services.book(actor=clerk, patient=resident.patient, period_id=period.pk)


def test_another_account_on_the_same_device_does_not_get_it_either(client, by, resident, period):
    other = PatientFactory(user=UserFactory()).user
    client.force_login(resident)
    client.post(reverse("booking:hold"), {"period": period.pk})
    held = Appointment.objects.get()
    assert len(held.device) == 43
    client.post(reverse("booking:confirm", args=[held.pk]))
    with by(resident):
        services.cancel(actor=resident, appointment_id=held.pk)
    due = Clock.objects.get(about=held.pk, kind="place.return").due_at
    with time_machine.travel(due):
        clocks.fire_due()
        client.force_login(other)
        client.post(reverse("booking:hold"), {"period": period.pk})
        assert not Appointment.objects.filter(booked_by=other).exists()
        client.cookies.pop("booking_device")
        client.post(reverse("booking:hold"), {"period": period.pk})
        assert Appointment.objects.filter(booked_by=other, status="held").exists()
