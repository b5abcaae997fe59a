"""Two records that become one, with bookings, waits and points on either."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone, translation
from django.utils.formats import date_format

from records.mpi import merge_checks
from scheduling.appointments import merging, services
from scheduling.appointments.models import MOST_WAITS, Appointment, Block, Status, Strike, Wait
from tests.factories.people import DepartmentFactory, PatientFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days

pytestmark = pytest.mark.django_db


def resident():
    return PatientFactory(user=UserFactory()).user


@pytest.fixture
def one():
    return resident()


@pytest.fixture
def two():
    return resident()


def on(days, name="心内科"):
    """Half an hour of a department of that name, so many days ahead."""
    return PeriodFactory(
        session=SessionFactory(department=DepartmentFactory(name=name), day=in_days(days)),
        public=1,
    )


@pytest.fixture
def book(by):
    def book(actor, period):
        with by(actor):
            return services.book(actor=actor, patient=actor.patient, period_id=period.pk)

    return book


@pytest.fixture
def wait(by, book):
    """In line for a day that is full."""

    def wait(actor, period):
        book(resident(), period)
        with by(actor):
            return services.join(
                actor=actor,
                patient=actor.patient,
                department_id=period.department_id,
                day=period.session.day,
            )

    return wait


def blockers(one, two):
    with translation.override("en"):
        return merge_checks.blockers(one.patient, two.patient)


def ranks(person):
    return sorted(
        Wait.objects.filter(person_key=person.pk, rank__isnull=False).values_list("rank", flat=True)
    )


def keys():
    return dict(Appointment.objects.values_list("pk", "person_key"))


def test_bookings_of_both_on_one_day_stand_in_the_way_and_say_where(one, two, book):
    period = on(7)
    book(one, period)
    book(two, on(7, "骨科"))
    with translation.override("en"):
        day = date_format(period.session.day, "MONTH_DAY_FORMAT")
    assert blockers(one, two) == [f"both are booked on {day} (心内科)"]
    assert blockers(two, one) == [f"both are booked on {day} (骨科)"]


def test_a_wait_stands_in_the_way_of_a_booking_that_day(one, two, book, wait):
    book(two, on(7, "骨科"))
    wait(one, on(7))
    [said] = blockers(one, two)
    assert said.startswith("both are booked on")
    assert said.endswith("(心内科)")


def test_days_apart_and_what_is_over_stand_in_nobodys_way(by, one, two, book):
    book(one, on(7))
    book(two, on(8))
    gone = book(two, on(7, "骨科"))
    with by(two):
        services.cancel(actor=two, appointment_id=gone.pk)
    assert blockers(one, two) == []


def test_bookings_and_points_count_for_who_stays_and_come_back(one, two, book):
    mine, other = book(one, on(7)), book(two, on(8))
    facts = {"patient": one.patient, "person_key": one.patient.pk}
    strike = Strike.objects.create(
        appointment=mine,
        organisation=mine.organisation,
        kind=Strike.Kind.MISSED,
        points=2,
        day=mine.day,
        **facts,
    )
    merging.repoint(one.patient, two.patient)
    assert keys() == {mine.pk: two.patient.pk, other.pk: two.patient.pk}
    strike.refresh_from_db()
    assert strike.person_key == two.patient.pk
    mine.refresh_from_db()
    assert mine.patient_id == one.patient.pk  # whose row it is stays
    merging.part(one.patient, two.patient)
    assert keys() == {mine.pk: one.patient.pk, other.pk: two.patient.pk}
    strike.refresh_from_db()
    assert strike.person_key == one.patient.pk


def test_after_the_merge_the_constraints_see_one_person(one, two, book):
    book(one, on(7))
    merging.repoint(one.patient, two.patient)
    other = book(two, on(9))
    same = Appointment.objects.get(patient=one.patient)
    with pytest.raises(IntegrityError, match="two_live_bookings_a_day"):
        Appointment.objects.filter(pk=other.pk).update(day=same.day)


def test_each_keeps_its_place_in_line_and_those_beyond_three_are_not_counted(one, two, wait):
    first = [wait(one, on(day)) for day in (3, 4)]
    second = [wait(two, on(day)) for day in (5, 6)]
    since = dict(Wait.objects.values_list("pk", "since"))
    assert (ranks(one.patient), ranks(two.patient)) == ([1, 2], [1, 2])
    merging.repoint(one.patient, two.patient)
    assert (ranks(one.patient), ranks(two.patient)) == ([], list(range(1, MOST_WAITS + 1)))
    uncounted = Wait.objects.get(person_key=two.patient.pk, rank=None)
    assert uncounted.pk == first[1].pk
    assert dict(Wait.objects.values_list("pk", "since")) == since
    waiting = Appointment.objects.filter(status=Status.WAITLISTED)
    assert {one.pk for one in waiting} == {one.pk for one in (*first, *second)}
    merging.part(one.patient, two.patient)
    assert set(Wait.objects.filter(person_key=one.patient.pk).values_list("pk", flat=True)) == {
        entry.pk for entry in first
    }


def test_a_wait_that_is_over_takes_no_place_of_the_line(by, one, two, wait):
    left = wait(one, on(3))
    with by(one):
        services.leave(actor=one, appointment_id=left.pk)
    wait(one, on(4))
    for day in (5, 6):
        wait(two, on(day))
    merging.repoint(one.patient, two.patient)
    assert ranks(two.patient) == [1, 2, 3]
    assert Wait.objects.get(pk=left.pk).rank is None


def test_a_block_goes_along(one, two):
    block = Block.objects.create(
        patient=one.patient,
        person_key=one.patient.pk,
        organisation=on(7).organisation,
        kind=Block.Kind.POINTS,
        ends_at=timezone.now() + timedelta(days=30),
    )
    merging.repoint(one.patient, two.patient)
    block.refresh_from_db()
    assert block.person_key == two.patient.pk
    merging.part(one.patient, two.patient)
    block.refresh_from_db()
    assert block.person_key == one.patient.pk
