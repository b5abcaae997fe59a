"""Who of a batch would get which time."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
import time_machine

from scheduling.appointments import gates, services, signed
from scheduling.appointments.models import Block
from telemed.core import moments
from telemed.core.errors import Conflict
from tests.factories.scheduling import PeriodFactory
from tests.scheduling.appointments.batches.sending import (
    opened,
    periods_in,
    planned,
    sent,
    times,
    wish_of,
)

pytestmark = pytest.mark.django_db


def test_everybody_in_order_at_the_first_place_that_is_free(by, doctor, villagers, session):
    periods_in(session, 2, 1, 5)
    found = planned(by, doctor, villagers(4), wish_of(session))
    assert times(found) == ["08:00", "08:00", "08:30", "09:00"]


def test_near_each_other_comes_before_early(by, doctor, villagers, session):
    periods_in(session, 1, 0, 0, 0, 0, 3)
    found = planned(by, doctor, villagers(3), wish_of(session))
    assert times(found) == ["10:30", "10:30", "10:30"]


def test_within_an_hour_the_early_ones_are_near_enough(by, doctor, villagers, session):
    periods_in(session, 1, 1, 1, 0, 0, 3)
    found = planned(by, doctor, villagers(3), wish_of(session))
    assert times(found) == ["08:00", "08:30", "09:00"]


def test_as_many_as_possible_comes_before_near(by, doctor, villagers, session):
    periods_in(session, 1, 0, 0, 0, 0, 2)
    found = planned(by, doctor, villagers(4), wish_of(session))
    assert times(found) == ["08:00", "10:30", "10:30", None]
    assert found[3].why_not == "No place is left for this person in these hours."


def test_between_hours_and_with_a_doctor(by, doctor, villagers, session):
    periods_in(session, 1, 1, 1, 1)
    between = wish_of(session, earliest=time(8, 30), latest=time(9))
    assert times(planned(by, doctor, villagers(3), between)) == ["08:30", "09:00", None]
    own = wish_of(session, doctor=session.clinician_id)
    assert times(planned(by, doctor, villagers(1), own)) == ["08:00"]
    another = wish_of(session, doctor=uuid4())
    assert times(planned(by, doctor, villagers(1), another)) == [None]


def test_what_is_in_the_way_of_each_is_said_at_once(by, doctor, villagers, session):
    (period, *_rest) = periods_in(session, 9, 9)
    free, there, dead, elsewhere, points = villagers(5)
    opened_row = sent(by, doctor, opened(by, doctor, period, [there]))[0]
    dead.deceased_on = date(2026, 1, 1)
    dead.save()
    other = PeriodFactory(public=1)
    with by(doctor):
        services.book(actor=doctor, patient=elsewhere, period_id=other.pk)
    Block.objects.create(
        person_key=points.pk,
        patient=points,
        organisation=session.organisation,
        kind=Block.Kind.POINTS,
        ends_at=moments.now() + timedelta(days=9),
    )
    found = planned(by, doctor, [free, there, dead, elsewhere, points], wish_of(session))
    # Elsewhere at the same hour: the next half hour is theirs.
    assert times(found) == ["08:00", None, None, "08:30", None]
    assert found[1].why_not == "Already booked in this department that day."
    assert found[1].coming == opened_row.appointment
    assert found[2].why_not == "This person has died."
    assert found[4].why_not.startswith("Online booking is limited until")


def test_a_family_doctors_place_is_for_who_is_signed(by, doctor, villagers, session, monkeypatch):
    PeriodFactory(session=session, family_doctor=1, referral=3)
    signed_up, other = villagers(2)
    monkeypatch.setattr(signed, "_known", [lambda _actor, person, _there: person == signed_up])
    found = planned(by, doctor, [other, signed_up], wish_of(session))
    assert times(found) == [None, "08:00"]
    assert found[1].by_family_doctor
    assert found[0].why_not == "What is left in these hours is kept for others (Referral)."


def test_a_day_on_which_booking_has_ended(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    people = villagers(1)
    with time_machine.travel(period.closes_at + timedelta(minutes=1)):
        found = planned(by, doctor, people, wish_of(session))
    assert found[0].why_not == "Nothing can be booked in these hours any more."


def test_a_place_that_is_being_held_is_no_booking(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    (person,) = villagers(1)
    with by(doctor):
        services.hold(actor=doctor, patient=person, period_id=period.pk)
    found = planned(by, doctor, [person], wish_of(session))
    assert found[0].why_not.startswith("A place is kept for this person there already")
    assert found[0].coming is None


def test_in_the_opening_minute_public_places_wait_for_a_turn(
    by, doctor, villagers, session, monkeypatch
):
    periods_in(session, 3)
    shut = gates.Gate(
        stand=lambda _actor, _there: Conflict("In the queue."),
        notice=lambda _there: None,
        pause=lambda _there: None,
    )
    monkeypatch.setattr(gates, "_gates", [shut])
    found = planned(by, doctor, villagers(1), wish_of(session))
    assert (times(found), found[0].why_not) == ([None], "In the queue.")
