"""Bookings when several come at once."""

from datetime import timedelta

import time_machine

from scheduling.appointments import services
from scheduling.appointments.models import LIVE, Appointment, Status
from scheduling.availability import services as availability
from telemed.core import clocks
from telemed.core.intentions import System, intention
from tests.factories.people import PatientFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, places_of
from tests.marks import committed
from tests.racing import race

pytestmark = committed


def resident():
    return PatientFactory(user=UserFactory()).user


def book(actor, period):
    def call():
        with intention(actor, door="test"):
            services.book(actor=actor, patient=actor.patient, period_id=period.pk)

    return call


def test_twelve_people_race_for_five_places_and_get_five_tickets():
    period = PeriodFactory(public=5)
    ended = race([book(resident(), period) for _ in range(12)])
    assert ended == {"won": 5, "PeriodFull": 7}
    tickets = Appointment.objects.filter(period=period).order_by("ticket")
    assert list(tickets.values_list("ticket", flat=True)) == [1, 2, 3, 4, 5]


def test_one_person_in_eight_windows_books_once_a_department_and_day():
    actor, session = resident(), SessionFactory()
    periods = [
        PeriodFactory(session=session, starts_at=session.starts_at + timedelta(minutes=30 * n))
        for n in range(8)
    ]
    assert race([book(actor, period) for period in periods]) == {"won": 1, "Conflict": 7}
    assert sum(places_of(period)["public"][0] for period in periods) == 1


def test_a_hold_is_confirmed_or_ends_and_never_both():
    actor, period = resident(), PeriodFactory(public=1)
    with intention(actor, door="test"):
        held = services.hold(actor=actor, patient=actor.patient, period_id=period.pk)

    def confirm():
        with intention(actor, door="test"):
            services.confirm(actor=actor, appointment_id=held.pk)

    with time_machine.travel(held.held_until + timedelta(seconds=1)):
        race([confirm, clocks.fire_due, clocks.fire_due])
    held.refresh_from_db()
    assert (held.status, places_of(period)) == (Status.EXPIRED, {"public": (0, 1)})


def test_moving_and_cancelling_take_turns():
    actor, first = resident(), PeriodFactory(public=1)
    second = PeriodFactory(
        session=first.session, starts_at=first.starts_at + timedelta(minutes=30), public=1
    )
    with intention(actor, door="test"):
        booked = services.book(actor=actor, patient=actor.patient, period_id=first.pk)

    def move():
        with intention(actor, door="test"):
            services.move(actor=actor, appointment_id=booked.pk, period_id=second.pk)

    def cancel():
        with intention(actor, door="test"):
            services.cancel(actor=actor, appointment_id=booked.pk)

    race([move, cancel] * 3)
    booked.refresh_from_db()
    # A cancelling that met a move is told to look again; then it still stands.
    assert booked.status in (Status.CANCELLED, Status.BOOKED)
    taken = places_of(first)["public"][0] + places_of(second)["public"][0]
    assert taken == 1 == Appointment.objects.filter(pk=booked.pk, holds_place=True).count()


def test_booking_and_returning_and_closing_end_with_every_place_counted():
    period = PeriodFactory(public=2, family_doctor=3)

    def turn(service):
        def call():
            with intention(System("test"), door="test"):
                service(organisation_id=period.organisation_id)

        return call

    people = [book(resident(), period) for _ in range(6)]
    with time_machine.travel(period.closes_at - timedelta(milliseconds=300), tick=True):
        race([*people, turn(availability.return_due), turn(availability.close_due)])
    counts = places_of(period)
    assert sum(places for _taken, places in counts.values()) == 5
    live = Appointment.objects.filter(period=period, status__in=LIVE).count()
    assert live == sum(taken for taken, _places in counts.values())
