"""A risk signal: places that one account held on a day and let run out."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from scheduling.appointments import services, signals
from telemed.core import clocks
from telemed.oversight.indicators import Period
from tests.factories.people import PatientFactory, UserFactory
from tests.factories.scheduling import PeriodFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel("2026-10-14 08:00+08:00", tick=False) as clock:
        yield clock


@pytest.fixture
def place(clock):
    return PeriodFactory(public=2)


@pytest.fixture
def resident():
    return PatientFactory(user=UserFactory()).user


def hold(by, resident, place):
    with by(resident):
        return services.hold(actor=resident, patient=resident.patient, period_id=place.pk)


def lapse(by, resident, place, clock, times):
    for _n in range(times):
        held = hold(by, resident, place)
        clock.move_to(held.held_until + timedelta(seconds=1))
        clocks.fire_due()
        clock.shift(timedelta(minutes=61))  # whatever pause there is before it is free again
        clocks.fire_due()


def found(place):
    return signals._hoarded(Period.month(timezone.localdate())).get(place.session.organisation_id)


@pytest.mark.parametrize(("times", "facts"), [(4, None), (5, {"n": 1, "most": 5, "limit": 5})])
def test_five_places_on_a_day_are_a_signal(by, resident, place, clock, times, facts):
    lapse(by, resident, place, clock, times)
    assert found(place) == facts


def test_two_accounts_are_not_added_up(by, resident, place, clock):
    other = PatientFactory(user=UserFactory()).user
    lapse(by, resident, place, clock, 3)
    lapse(by, other, place, clock, 3)
    assert found(place) is None


def test_what_was_given_back_in_time_is_none(by, resident, place, clock):
    for _n in range(5):
        held = hold(by, resident, place)
        with by(resident):
            services.give_up_hold(actor=resident, appointment_id=held.pk)
        clock.shift(timedelta(minutes=61))
        clocks.fire_due()
    assert found(place) is None


def test_its_sentence():
    with translation.override("en"):
        said = signals._say({"n": 2, "most": 7, "limit": 5})
    assert said == (
        "Days on which one account held 5 places or more and let them run out: 2; at most 7 places."
    )
