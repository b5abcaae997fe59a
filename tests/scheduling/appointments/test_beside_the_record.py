"""The list of the day and the record: one click from one to the other, and side by side."""

import pytest
import time_machine
from django.urls import reverse

from scheduling.appointments import contributions, services
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def period():
    return PeriodFactory(public=3)


@pytest.fixture
def visits(by, period):
    booked = []
    for name in ("王桂芳", "李有田"):
        actor = PatientFactory(user=UserFactory(), name=name).user
        with by(actor):
            booked.append(services.book(actor=actor, patient=actor.patient, period_id=period.pk))
    return booked


def record(visit):
    return reverse("chart:patient", args=[visit.patient_id])


def test_from_the_list_and_the_ticket_one_click_leads_to_the_record(client, period, visits):
    with time_machine.travel(period.starts_at):
        client.force_login(period.clinician)
        page = client.get(reverse("booking:day")).content.decode()
        assert all(record(one) in page for one in visits)
        ticket = client.get(reverse("booking:ticket", args=[visits[0].pk])).content.decode()
        assert record(visits[0]) in ticket


def test_beside_the_record_stands_the_list_of_the_day(client, period, visits):
    with time_machine.travel(period.starts_at):
        client.force_login(period.clinician)
        page = client.get(record(visits[0])).content.decode()
    assert "李有田" in page
    assert record(visits[1]) in page


def test_the_list_is_its_doctors_alone_and_one_query(
    client, period, visits, django_assert_num_queries
):
    other = StaffFactory(role="specialist", organisation=period.organisation)
    with time_machine.travel(period.starts_at):
        assert contributions.today(other, visits[0].patient) is None
        with django_assert_num_queries(1):
            contributions.today(period.clinician, visits[0].patient)


def test_a_desk_is_led_to_no_record(client, period, visits):
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    with time_machine.travel(period.starts_at):
        client.force_login(clerk)
        assert record(visits[0]) not in client.get(reverse("booking:day")).content.decode()


def test_without_a_named_doctor_the_record_opens_when_the_patient_is_there(
    by, client, period, visits
):
    for one in visits:
        type(one).objects.filter(pk=one.pk).update(clinician=None)
    visits[0].refresh_from_db()
    department = period.department
    doctor = StaffFactory(
        role="specialist", organisation=period.organisation, department=department
    )
    with time_machine.travel(period.starts_at):
        client.force_login(doctor)
        page = client.get(reverse("booking:day")).content.decode()
    assert visits[0].patient.name in page
    assert record(visits[0]) not in page
