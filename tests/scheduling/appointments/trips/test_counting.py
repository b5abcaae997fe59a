"""What counts of a trip counts once, and is told once."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from scheduling.appointments import penalties, services, subscribers
from scheduling.appointments.calendars import to_ics
from scheduling.appointments.models import Appointment, Status, Strike
from telemed.core import clocks
from telemed.notifications.models import Notification
from tests.factories.people import StaffFactory
from tests.factories.scheduling import (
    at,
    in_days,
)
from tests.scheduling.appointments.trips.booking import (
    a_week_later,
    book,
    fire_reminders,
    miss,
    strikes,
    told,
)

pytestmark = pytest.mark.django_db


def test_a_trip_that_is_cancelled_late_counts_once(by, resident, visit, ecg, blood):
    stops = book(by, resident, visit, ecg, blood)
    with time_machine.travel(visit.closes_at + timedelta(hours=1)):
        with by(resident):
            services.cancel_trip(actor=resident, appointment_id=stops[0].pk)
        assert strikes() == [("late", 1)]
        assert penalties.cancellations_of(resident.patient.pk, visit.organisation_id) == 1
        with by(resident):
            services.undo_cancel_trip(actor=resident, appointment_id=stops[0].pk)
        assert strikes() == []


def test_a_trip_that_is_moved_late_counts_once(by, resident, visit, ecg, client):
    client.cookies["language"] = "en"
    stops = book(by, resident, visit, ecg)
    later, ecg_later = a_week_later(visit, ecg)
    client.force_login(resident)
    page = reverse("booking:move_trip", args=[stops[0].pk])
    assert "It is late" not in client.get(page).content.decode()
    with time_machine.travel(visit.closes_at + timedelta(hours=1)):
        assert page in client.get(reverse("booking:ticket", args=[stops[0].pk])).content.decode()
        said = client.get(page).content.decode()
        assert "It is late: moving notes 1 point. You have 0" in said
        client.post(page, {"stop": [later.pk, ecg_later.pk]})
    assert {one.day for one in Appointment.objects.all()} == {later.session.day}
    assert strikes() == [("late", 1)]


def test_the_desk_moves_a_trip_late_without_a_point(by, resident, visit, ecg):
    stops = book(by, resident, visit, ecg)
    later, ecg_later = a_week_later(visit, ecg)
    desk = StaffFactory(role="desk", organisation=visit.organisation)
    with time_machine.travel(visit.closes_at + timedelta(hours=1)), by(desk):
        services.move_trip(
            actor=desk, appointment_id=stops[0].pk, period_ids=[later.pk, ecg_later.pk]
        )
    assert strikes() == []


def test_a_trip_that_is_missed_counts_once(by, resident, visit, ecg, blood):
    stops = book(by, resident, visit, ecg, blood)
    miss(by, resident, ecg, blood, visit)
    assert {one.status for one in Appointment.objects.all()} == {Status.NO_SHOW}
    assert strikes() == [("missed", 2)]
    with time_machine.travel(at(visit.session.day + timedelta(days=1), 9)):
        clocks.fire_due()
        assert penalties.points_of(resident.patient.pk, visit.organisation_id) == 2
    counted = Strike.objects.get(state="counted").appointment
    desk = StaffFactory(role="desk", organisation=visit.organisation)
    with time_machine.travel(at(visit.session.day + timedelta(days=2), 9)):
        with by(desk):
            services.correct(actor=desk, appointment_id=counted.pk, reason="其实来了，漏报到")
        # The rest of it was missed all the same.
        assert strikes() == [("missed", 2)]
        assert Strike.objects.get(state="noted").appointment in stops


def test_what_weighs_more_takes_the_place_of_what_weighs_less(by, resident, visit, ecg):
    stops = book(by, resident, visit, ecg)
    with time_machine.travel(visit.closes_at + timedelta(hours=1)), by(resident):
        services.cancel(actor=resident, appointment_id=stops[0].pk)
    assert strikes() == [("late", 1)]
    miss(by, resident, visit)
    assert strikes() == [("missed", 2)]


def test_one_message_tells_of_all_of_it(by, resident, visit, ecg, blood):
    stops = book(by, resident, visit, ecg, blood)
    payload = {"trip_id": str(stops[0].trip_id), "turn": 3}
    with by(resident):
        for stop in stops:
            subscribers.tell_booked({"appointment_id": str(stop.pk), "in_trip": True})
        subscribers.tell_trip_booked(payload)
    assert told(resident) == ["trip.booked"]
    assert "3" in Notification.objects.get().text
    with by(resident):
        services.cancel_trip(actor=resident, appointment_id=stops[0].pk)
        for stop in stops:
            subscribers.tell_cancelled({"appointment_id": str(stop.pk), "in_trip": True})
        subscribers.tell_trip_cancelled(payload)
    assert told(resident) == ["trip.booked", "trip.cancelled"]


def test_a_trip_is_reminded_of_once_each_time(by, resident, visit, ecg):
    book(by, resident, visit, ecg)
    fire_reminders()
    assert told(resident) == ["trip.remind", "trip.remind"]


def test_a_stopped_clinic_tells_of_the_rest_of_the_trip(by, resident, visit, ecg):
    stops = book(by, resident, visit, ecg)
    Appointment.objects.filter(pk=stops[1].pk).update(status="displaced")
    with by(resident):
        subscribers.tell_stopped({"session_id": str(visit.session_id)})
    assert told(resident) == ["trip.stopped"]


def test_the_calendar_has_all_of_it(by, resident, visit, ecg):
    text = to_ics(book(by, resident, visit, ecg))
    assert text.count("BEGIN:VEVENT") == 2
    assert text.count("BEGIN:VCALENDAR") == 1
    assert "心电图" in text


def test_days_that_are_free_again(by, resident, visit, ecg):
    """A trip that was cancelled is in nobody's way."""
    stops = book(by, resident, visit, ecg)
    with by(resident):
        services.cancel_trip(actor=resident, appointment_id=stops[0].pk)
    again = book(by, resident, visit, ecg)
    assert {one.day for one in again} == {in_days(7)}
