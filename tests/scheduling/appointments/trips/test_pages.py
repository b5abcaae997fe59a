"""The pages of one trip, and what they say to what cannot be."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation

from scheduling.appointments import services
from scheduling.appointments.models import Appointment
from tests.factories.people import ClinicFactory, PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import examined

pytestmark = pytest.mark.django_db
ECG = "心电图"


@pytest.fixture
def resident():
    return PatientFactory(user=UserFactory(), managing_organisation=ClinicFactory()).user


@pytest.fixture
def page(client, resident):
    client.cookies["language"] = "en"
    client.force_login(resident)
    return client


def address(visit):
    return reverse("booking:trip", args=[visit.department_id])


def said(answer):
    return answer.content.decode()


def test_the_times_lead_to_a_trip_where_the_hospital_examines(page, visit):
    times = reverse("booking:times", args=[visit.department_id])
    assert address(visit) not in said(page.get(times))
    examined(visit, ECG, 8)
    assert address(visit) in said(page.get(times))


def test_a_day_is_found_and_taken(page, visit, ecg):
    found = page.get(address(visit), {"x": ECG, "find": "1"})
    assert f'name="stop" value="{ecg.pk}"' in said(found)
    assert f'name="visit" value="{visit.pk}"' in said(found)
    assert "Out of the house by <b>07:30</b>" in said(found)
    taken = page.post(address(visit), {"visit": visit.pk, "stop": ecg.pk}, follow=True)
    booked = Appointment.objects.get(examination="")
    assert taken.redirect_chain == [(reverse("booking:ticket", args=[booked.pk]), 302)]
    assert "All of it is booked" in said(taken)
    mine = said(page.get(reverse("booking:mine")))
    assert mine.count('data-state="trip"') == 1
    assert 'data-state="booked"' not in mine
    assert "1 more stop" in said(page.get(reverse("booking:find")))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({}, "Choose at least one examination."),
        ({"x": "核磁共振"}, "This hospital has no such examination"),
        ({"x": ECG, "day": "2020-01-01"}, "That day has passed"),
        ({"x": ECG, "arrive": "12:00", "leave": "09:00"}, "leaves after the bus arrives"),
        ({"x": ECG, "arrive": "soon"}, "Enter a valid time"),
        ({"x": ECG, "order": "sideways"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_looked_for_is_said(page, visit, ecg, asked, sentence):
    answer = page.get(address(visit), asked | {"find": "1"})
    assert answer.status_code == 422
    assert sentence in said(answer)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose one of the days."),
        ({"visit": "x"}, "Choose one of the days."),
        ({"visit": "own", "stop": "x"}, "Choose one of the days."),
        ({"visit": "own"}, "Choose at least one examination."),
        ({"visit": "own", "stop": str(uuid4())}, "This time does not exist."),
        ({"visit": str(uuid4()), "stop": "ecg"}, "This time does not exist."),
    ],
)
def test_what_cannot_be_taken_is_said_and_books_nothing(page, visit, ecg, sent, sentence):
    ids = {"own": str(visit.pk), "ecg": str(ecg.pk)}
    sent = {name: ids.get(value, value) for name, value in sent.items()}
    answer = page.post(
        address(visit), sent, follow=True, headers={"referer": f"http://testserver{address(visit)}"}
    )
    assert sentence in said(answer)
    assert not Appointment.objects.exists()


def test_examinations_are_offered_on_the_ticket_of_a_visit_alone(page, by, resident, visit, ecg):
    with by(resident):
        booked = services.book(actor=resident, patient=resident.patient, period_id=visit.pk)
    add = reverse("booking:examinations", args=[booked.pk])
    assert add in said(page.get(reverse("booking:ticket", args=[booked.pk])))
    found = page.get(add, {"x": ECG, "find": "1"})
    assert f'name="stop" value="{ecg.pk}"' in said(found)
    page.post(add, {"stop": ecg.pk})
    stop = Appointment.objects.get(examination=ECG)
    ticket = said(page.get(reverse("booking:ticket", args=[stop.pk])))
    assert f'href="{reverse("booking:examinations", args=[stop.pk])}"' not in ticket
    assert reverse("booking:cancel_trip", args=[stop.pk]) in ticket
    assert "Only this part of the trip is cancelled" in ticket


def test_the_doctor_sees_the_visit_and_changes_nothing_of_the_trip(
    client, by, resident, visit, ecg
):
    with by(resident):
        stops = services.book_trip(
            actor=resident, patient=resident.patient, visit_id=visit.pk, examination_ids=[ecg.pk]
        )
    client.force_login(visit.clinician)
    ticket = reverse("booking:ticket", args=[stops[1].pk])
    assert client.get(ticket).status_code == 200
    for name in ("cancel_trip", "undo_trip", "move_trip", "examinations"):
        answer = client.post(reverse(f"booking:{name}", args=[stops[1].pk]), {"stop": ecg.pk})
        assert answer.status_code in (403, 404)
    assert client.get(reverse("booking:ticket", args=[stops[0].pk])).status_code == 404


def test_a_stop_that_was_moved_away_is_said(page, by, resident, visit, ecg):
    with by(resident):
        stops = services.book_trip(
            actor=resident, patient=resident.patient, visit_id=visit.pk, examination_ids=[ecg.pk]
        )
    later = examined(visit, ECG, 11)
    away = examined(visit, ECG, 8, day=visit.session.day + timedelta(days=1))
    ticket = reverse("booking:ticket", args=[stops[1].pk])
    for period, sentence in ((later, "do not come before the doctor"), (away, "several days")):
        with by(resident):
            services.move(actor=resident, appointment_id=stops[0].pk, period_id=period.pk)
        assert sentence in said(page.get(ticket))
    Appointment.objects.filter(pk=stops[1].pk).update(status="displaced")
    assert "The clinic does not take place" in said(page.get(ticket))


def test_the_desk_books_a_trip_for_who_shows_a_card(client, by, visit):
    clerk = StaffFactory(role="desk", organisation=visit.organisation)
    ecg = examined(visit, ECG, 8, public=2)
    patient = PatientFactory()
    client.force_login(clerk)
    sent = {
        "visit": visit.pk,
        "stop": ecg.pk,
        "for": services.key_of(clerk, patient),
    }
    client.post(address(visit), sent)
    assert set(Appointment.objects.values_list("channel", flat=True)) == {"desk"}
    with translation.override("en"):
        assert Appointment.objects.count() == 2
