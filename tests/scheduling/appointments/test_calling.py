"""Whose turn it is: calling, calling again, not there."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Arrival, Status
from scheduling.appointments.queries import waiting_for
from telemed.core.errors import Conflict, Forbidden
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def period():
    return PeriodFactory(public=9)


@pytest.fixture
def doctor(period):
    return period.clinician


@pytest.fixture
def clerk(period):
    return StaffFactory(role="desk", organisation=period.organisation)


@pytest.fixture
def clock(period):
    with (
        translation.override("en"),
        time_machine.travel(period.starts_at - timedelta(minutes=10), tick=False) as clock,
    ):
        yield clock


@pytest.fixture
def arrive(by, clerk, period):
    def arrive(where=period):
        actor = PatientFactory(user=UserFactory()).user
        with time_machine.travel(period.starts_at - timedelta(days=2)), by(actor):
            return services.book(actor=actor, patient=actor.patient, period_id=where.pk)

    return arrive


def check_in(by, clerk, one):
    with by(clerk):
        services.check_in(actor=clerk, appointment_id=one.pk)
    return one


def do(by, actor, service, one):
    with by(actor):
        return service(actor=actor, appointment_id=one.pk)


def line(doctor, period):
    return waiting_for(doctor, period.session.day)


def test_by_ticket_whoever_came_first_and_who_came_late_behind(
    by, clerk, doctor, period, arrive, clock
):
    second = PeriodFactory(
        session=period.session, starts_at=period.starts_at + timedelta(minutes=30), public=2
    )
    one, two, late, after = arrive(), arrive(), arrive(), arrive(second)
    last = arrive(second)
    for each in (after, two, one):
        check_in(by, clerk, each)
    clock.move_to(period.ends_at + timedelta(minutes=5))
    check_in(by, clerk, late)
    check_in(by, clerk, last)
    # Behind the tickets that are due by the time they came, before those that are not.
    assert line(doctor, period) == [one.pk, two.pk, after.pk, last.pk, late.pk]


def test_after_three_calls_without_an_answer_three_others_come_first(
    by, clerk, doctor, period, arrive, clock
):
    here = [check_in(by, clerk, arrive()) for _ in range(5)]
    do(by, doctor, services.call, here[0])
    with pytest.raises(Conflict, match="Just called"):
        do(by, doctor, services.call_again, here[0])
    for _ in range(2):
        clock.shift(timedelta(seconds=20))
        do(by, doctor, services.call_again, here[0])
    clock.shift(timedelta(seconds=20))
    with pytest.raises(Conflict, match="three times"):
        do(by, doctor, services.call_again, here[0])
    assert Arrival.objects.get(appointment=here[0]).calls == 3
    assert do(by, doctor, services.skip, here[0]).status == Status.ARRIVED
    order = [here[n].pk for n in (1, 2, 3, 0, 4)]
    assert line(doctor, period) == order


def test_a_call_that_is_taken_back_costs_no_place(by, clerk, doctor, period, arrive, clock):
    one, two = (check_in(by, clerk, arrive()) for _ in range(2))
    do(by, doctor, services.call, one)
    do(by, doctor, services.skip, one)
    assert line(doctor, period) == [one.pk, two.pk]
    assert Arrival.objects.get(appointment=one).calls == 0


def test_the_next_one_is_called_from_the_list(client, by, clerk, doctor, period, arrive, clock):
    one, two = (check_in(by, clerk, arrive()) for _ in range(2))
    for expected in (one, two):
        client.force_login(doctor)
        answer = client.post(reverse("booking:next"))
        assert answer["Location"].endswith(f"#a-{expected.pk}")
    assert set(Appointment.objects.values_list("status", flat=True)) == {Status.CALLED}
    said = client.get(client.post(reverse("booking:next"))["Location"]).context["refusal"]
    assert said.kind == "conflict"
    with pytest.raises(Forbidden), by(clerk):
        services.call_next(actor=clerk)


def test_the_second_doctor_is_told_who_called(by, clerk, period, arrive, clock):
    period.clinician = None
    period.save()
    where = {"organisation": period.organisation, "department": period.department}
    first, second = (StaffFactory(role="specialist", **where) for _ in range(2))
    one = check_in(by, clerk, arrive())
    do(by, first, services.call, one)
    with pytest.raises(Conflict, match=f"{first.name} has just called"):
        do(by, second, services.call, one)
    assert Arrival.objects.get().calls == 1
