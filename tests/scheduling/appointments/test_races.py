"""Bookings when several come at once."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from scheduling.appointments import codes, services
from scheduling.appointments.models import LIVE, Appointment, Arrival, Status, Wait
from scheduling.availability import services as availability
from telemed.core import clocks, outbox
from telemed.core.errors import DomainError
from telemed.core.intentions import System, intention
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import (
    PeriodFactory,
    SessionFactory,
    at,
    in_days,
    places_of,
)
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


def test_sixteen_doors_with_a_hundred_people_each_fill_twenty_places_once():
    period = PeriodFactory(public=20)
    people = [resident() for _ in range(16 * 100)]
    ended, lock = Counter[str](), threading.Lock()

    def door(mine):
        """One after the other, as a door serves them; every refusal is told apart by its type."""

        def run():
            for actor in mine:
                try:
                    book(actor, period)()
                    outcome = "won"
                except DomainError as error:
                    outcome = type(error).__name__
                with lock:
                    ended[outcome] += 1

        return run

    assert race([door(people[n::16]) for n in range(16)]) == {"won": 16}
    assert ended == {"won": 20, "PeriodFull": 1_580}
    booked = Appointment.objects.filter(period=period, status__in=LIVE)
    assert sorted(booked.values_list("ticket", flat=True)) == list(range(1, 21))
    assert booked.values("person_key").distinct().count() == 20
    assert Appointment.objects.filter(period=period).count() == 20  # who was refused left nothing
    counted(period)


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


@pytest.fixture
def by_day():
    """Nobody is asked in the night."""
    with time_machine.travel(at(timezone.localdate(), 10)):
        yield


def full(*periods):
    """Who booked each of these periods, which have one place each."""
    booked = []
    for period in periods:
        actor = resident()
        book(actor, period)()
        booked.append(Appointment.objects.get(patient=actor.patient))
    return booked


def waiting(period):
    actor = resident()
    with intention(actor, door="test"):
        return services.join(
            actor=actor,
            patient=actor.patient,
            department_id=period.department_id,
            day=period.session.day,
        )


def do(service, entry, actor=None):
    actor = actor or entry.booked_by

    def call():
        with intention(actor, door="test"):
            service(actor=actor, appointment_id=entry.pk)

    return call


def counted(*periods):
    """Every place that is taken has its row, and the other way round."""
    for period in periods:
        taken = sum(taken for taken, _places in places_of(period).values())
        assert Appointment.objects.filter(period=period, holds_place=True).count() == taken


def offer(period):
    """One who booked cancels, and the first in line is asked."""
    [booked] = full(period)
    entry = waiting(period)
    do(services.cancel, booked)()
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        clocks.fire_due()
    entry.refresh_from_db()
    assert entry.status == Status.OFFERED
    return entry


def test_an_offer_is_taken_or_lapses_and_never_both(by_day):
    period = PeriodFactory(public=1)
    entry = offer(period)
    with time_machine.travel(entry.held_until - timedelta(milliseconds=150), tick=True):
        race([do(services.accept, entry), clocks.fire_due, do(services.decline, entry)] * 2)
        entry.refresh_from_db()
    # Nobody is left behind: a ticket, or a place on the list and the place given on.
    assert entry.status in (Status.BOOKED, Status.WAITLISTED)
    assert (entry.ticket is not None) == (entry.status == Status.BOOKED) == entry.holds_place
    counted(period)


def test_two_freed_places_ask_one_who_waits_once(by_day):
    first = PeriodFactory(public=1)
    second = PeriodFactory(
        session=first.session, starts_at=first.starts_at + timedelta(minutes=30), public=1
    )
    one, other = full(first, second)
    entry = waiting(first)
    race([do(services.cancel, one), do(services.cancel, other)])
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        race([clocks.fire_due] * 4)
    entry.refresh_from_db()
    assert (entry.status, entry.wait.offers) == (Status.OFFERED, 1)
    assert sum(places_of(period)["public"][0] for period in (first, second)) == 1
    counted(first, second)


def test_sixty_four_who_would_book_directly_do_not_get_a_place_that_is_waited_for(by_day):
    period = PeriodFactory(public=1)
    [booked] = full(period)
    entry = waiting(period)
    do(services.cancel, booked)()
    others = [book(resident(), period) for _ in range(62)]
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        ended = race([*others, clocks.fire_due, clocks.fire_due])
    entry.refresh_from_db()
    assert entry.status == Status.OFFERED
    assert ended == {"won": 2, "PeriodFull": 62}
    counted(period)


def test_somebody_who_books_just_then_is_not_asked_and_nothing_is_lost(by_day):
    first = PeriodFactory(public=1)
    elsewhere = PeriodFactory(session=SessionFactory(day=first.session.day), public=1)
    [booked] = full(first)
    entry = waiting(first)
    do(services.cancel, booked)()
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        race([book(entry.booked_by, elsewhere), clocks.fire_due, clocks.fire_due])
        clocks.fire_due()
    live = Appointment.objects.filter(person_key=entry.person_key, status__in=LIVE)
    assert live.count() == 1  # at that time, whichever came first
    assert Wait.objects.get(pk=entry.pk).offers == (live.get().pk == entry.pk)
    counted(first, elsewhere)


def stopped(first, later):
    """Booked in the first, which stops; a place in the later one is kept."""
    actor = resident()
    book(actor, first)()
    booked = Appointment.objects.get(patient=actor.patient)
    clerk = StaffFactory(role="desk", organisation=first.organisation)
    with intention(clerk, door="test"):
        stop = availability.stop_session(
            actor=clerk, session_id=first.session_id, reason="医生外出", plan="another_day"
        )
        services.displace(stop=stop)
    booked.refresh_from_db()
    assert booked.plan_period_id == later.pk
    return booked, clerk


def test_a_kept_place_is_taken_or_freed_and_never_both():
    first = PeriodFactory(public=1)
    session = SessionFactory(department=first.department, clinician=first.clinician, day=in_days(9))
    later = PeriodFactory(session=session, public=1)
    booked, clerk = stopped(first, later)

    def restore():
        with intention(clerk, door="test"):
            availability.restore_session(actor=clerk, session_id=first.session_id)
        outbox.deliver_waiting()

    answers = [do(services.rebook, booked), do(services.cancel, booked)]
    ended = race([*answers, restore, *answers, restore])
    assert set(ended) <= {"won", "Conflict"}
    booked.refresh_from_db()
    assert (booked.status, booked.plan_period_id) in (("booked", None), ("cancelled", None))
    counted(later)
    assert places_of(later)["public"][0] == int(booked.period_id == later.pk)


def present(period, count):
    """So many who booked and may check in now."""
    rows = []
    for _ in range(count):
        actor = resident()
        book(actor, period)()
        rows.append(Appointment.objects.get(patient=actor.patient))
    return rows


def test_of_two_desks_that_scan_one_code_one_checks_in_and_one_is_told():
    period = PeriodFactory(public=1)
    [booked] = present(period, 1)
    code = codes.code_of(booked)

    def scan(clerk):
        def call():
            with intention(clerk, door="test"):
                services.check_in_by_code(actor=clerk, text=code)

        return call

    desks = [StaffFactory(role="desk", organisation=period.organisation) for _ in range(4)]
    with time_machine.travel(period.starts_at, tick=True):
        assert race([scan(clerk) for clerk in desks]) == {"won": 1, "Conflict": 3}
    assert Arrival.objects.get().checked_in_by in desks


def test_doctors_who_call_at_once_get_each_another_one_and_nobody_is_called_twice():
    period = PeriodFactory(public=3)
    period.clinician = None
    period.save()
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    where = {"organisation": period.organisation, "department": period.department}
    doctors = [StaffFactory(role="specialist", **where) for _ in range(4)]
    rows = present(period, 3)

    def call_next(doctor):
        def call():
            with intention(doctor, door="test"):
                services.call_next(actor=doctor)

        return call

    with time_machine.travel(period.starts_at, tick=True):
        for row in rows:
            do(services.check_in, row, clerk)()
        assert race([call_next(doctor) for doctor in doctors]) == {"won": 3, "Conflict": 1}
    assert set(Arrival.objects.values_list("calls", flat=True)) == {1}
    assert Arrival.objects.values("called_by").distinct().count() == 3
