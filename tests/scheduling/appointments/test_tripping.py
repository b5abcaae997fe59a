"""A trip is booked, moved and cancelled as one; what counts of it counts once."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import translation

from scheduling.appointments import penalties, services, subscribers
from scheduling.appointments.calendars import to_ics
from scheduling.appointments.models import Appointment, Status, Strike, Trip
from telemed.core import clocks
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from tests.consult.requests.looking import published
from tests.factories.people import PatientFactory, StaffFactory, UserFactory, treated
from tests.factories.scheduling import (
    PeriodFactory,
    SessionFactory,
    at,
    examined,
    in_days,
    places_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def resident():
    return PatientFactory(user=UserFactory()).user


@pytest.fixture
def visit():
    """With the doctor, at ten, a week ahead."""
    session = SessionFactory()
    return PeriodFactory(session=session, starts_at=at(session.day, 10), public=2)


@pytest.fixture
def ecg(visit):
    return examined(visit, "心电图", 8)


@pytest.fixture
def blood(visit):
    return examined(visit, "抽血化验", 8, 30)


def book(by, actor, visit, *examinations, patient=None, **facts):
    with by(actor):
        return services.book_trip(
            actor=actor,
            patient=patient or actor.patient,
            visit_id=visit.pk,
            examination_ids=[one.pk for one in examinations],
            **facts,
        )


def a_week_later(visit, ecg):
    """The same doctor and the same examination on another day."""
    day = visit.session.day + timedelta(days=3)
    session = SessionFactory(department=visit.department, clinician=visit.clinician, day=day)
    there = PeriodFactory(session=session, starts_at=at(day, 10), public=2)
    return there, examined(there, "心电图", 8)


def test_all_of_it_is_booked_under_one_trip(by, resident, visit, ecg, blood):
    stops = book(by, resident, visit, ecg, blood)
    assert [one.errand for one in stops] == ["心电图", "抽血化验", visit.department.name]
    assert len({one.trip_id for one in stops}) == 1
    assert [one.day_rank for one in stops] == [0, 0, 1]
    assert {one.status for one in stops} == {Status.BOOKED}
    assert [one.fee is None for one in stops] == [True, True, False]  # the visit's alone
    for period in (visit, ecg, blood):
        assert places_of(period) == {"public": (1, 2)}
    kept = published(stops[0].pk)
    trip = {"url": "urn:telemed:trip", "valueUuid": f"urn:uuid:{stops[0].trip_id}"}
    assert trip in kept["extension"]
    assert kept["serviceType"] == [{"text": "心电图"}]
    assert trip in published(stops[2].pk)["extension"]


def test_a_place_that_is_gone_leaves_nothing_booked_and_is_named(by, resident, visit, ecg, blood):
    other = PatientFactory(user=UserFactory()).user
    full = examined(visit, "超声", 9, public=1)
    with by(other):
        services.book(actor=other, patient=other.patient, period_id=full.pk)
    with pytest.raises(Conflict, match="超声 at 09:00 was just taken"):
        book(by, resident, visit, ecg, blood, full)
    assert not Appointment.objects.filter(patient=resident.patient).exists()
    assert not Trip.objects.exists()
    assert places_of(ecg) == {"public": (0, 2)}


def test_booking_it_twice_is_done_once(by, resident, visit, ecg):
    first = book(by, resident, visit, ecg)
    assert book(by, resident, visit, ecg) == first
    assert Trip.objects.count() == 1


def test_examinations_of_a_trip_leave_room_for_a_second_visit_of_the_day(
    by, resident, visit, ecg, blood
):
    book(by, resident, visit, ecg, blood)
    other = PeriodFactory(
        session=SessionFactory(day=visit.session.day), starts_at=at(visit.session.day, 11)
    )
    with by(resident):
        second = services.book(actor=resident, patient=resident.patient, period_id=other.pk)
    assert second.day_rank == 2
    third = PeriodFactory(
        session=SessionFactory(day=visit.session.day), starts_at=at(visit.session.day, 11, 30)
    )
    with by(resident), pytest.raises(Conflict, match="At most 2"):
        services.book(actor=resident, patient=resident.patient, period_id=third.pk)


def test_an_examination_may_be_in_the_doctors_own_department(by, resident, visit):
    own = examined(visit, "心电图", 8, department=visit.department)
    assert len(book(by, resident, visit, own)) == 2


def test_the_same_examination_is_not_booked_twice_a_day(by, resident, visit, ecg):
    book(by, resident, visit, ecg)
    other = PeriodFactory(
        session=SessionFactory(
            day=visit.session.day,
            department__organisation=visit.organisation,
            department__name="骨科",
        ),
        starts_at=at(visit.session.day, 11),
    )
    again = examined(other, "心电图", 9)
    with pytest.raises(Conflict, match="This examination is booked already"):
        book(by, resident, other, again)


def test_the_database_counts_no_visit_as_an_examination(by, resident, visit, ecg):
    stops = book(by, resident, visit, ecg)
    with pytest.raises(IntegrityError, match="day_rank_known"):
        Appointment.objects.filter(pk=stops[1].pk).update(day_rank=0)


def refused(by, resident, visit, examinations, sentence, error=Invalid, **facts):
    with pytest.raises(error, match=sentence):
        book(by, resident, visit, *examinations, **facts)
    assert not Appointment.objects.exists()


def test_what_cannot_be_a_trip_is_refused(by, resident, visit, ecg):
    refused(by, resident, visit, [], "at least one examination")
    refused(by, resident, visit, [visit], "That is no examination")
    refused(by, resident, ecg, [ecg], "around a visit in person")
    twice = examined(visit, "心电图", 9)
    refused(by, resident, visit, [ecg, twice], "each examination once")
    elsewhere = examined(PeriodFactory(session=SessionFactory()), "超声", 9)
    refused(by, resident, visit, [elsewhere], "at one hospital")
    later = examined(visit, "超声", 9, day=visit.session.day + timedelta(days=1))
    refused(by, resident, visit, [later], "on one day")
    many = [examined(visit, f"检查{n}", 8) for n in range(5)]
    refused(by, resident, visit, many, "At most 4")
    refused(by, resident, visit, [ecg], "what comes first", order="whatever")
    with time_machine.travel(visit.starts_at + timedelta(hours=1)):
        refused(by, resident, visit, [ecg], "That time has passed", Conflict)


def test_forged_places_and_other_peoples_trips_are_refused(by, resident, visit, ecg):
    class Forged:
        pk = resident.pk

    refused(by, resident, visit, [Forged], "does not exist", NotFound)
    other = PatientFactory(user=UserFactory())
    refused(by, resident, visit, [ecg], "may not book", Forbidden, patient=other)
    theirs = book(by, other.user, visit, ecg)[0]
    for service, facts in (
        (services.cancel_trip, {}),
        (services.undo_cancel_trip, {}),
        (services.move_trip, {"period_ids": [visit.pk, ecg.pk]}),
        (services.add_examinations, {"examination_ids": [ecg.pk]}),
    ):
        with pytest.raises(NotFound), by(resident):
            service(actor=resident, appointment_id=theirs.pk, **facts)
    assert Appointment.objects.filter(status=Status.BOOKED).count() == 2


def test_a_township_doctor_books_a_trip_for_a_patient(by, visit, ecg):
    doctor = StaffFactory(role="township_doctor")
    patient = treated(PatientFactory(), doctor.organisation)
    stops = book(by, doctor, visit, ecg, patient=patient)
    assert {one.channel for one in stops} == {"clinic"}


def test_examinations_are_added_to_a_booking_of_that_day(by, resident, visit, ecg, blood):
    with by(resident):
        alone = services.book(actor=resident, patient=resident.patient, period_id=visit.pk)

    def add(*examinations):
        with by(resident):
            return services.add_examinations(
                actor=resident,
                appointment_id=alone.pk,
                examination_ids=[one.pk for one in examinations],
            )

    stops = add(ecg)
    assert [one.examination for one in stops] == ["心电图", ""]
    assert stops[1] == alone
    assert len({one.trip_id for one in stops}) == 1
    assert add(ecg) == stops
    assert len(add(blood)) == 3
    assert Trip.objects.count() == 1


def test_what_is_over_or_an_examination_itself_is_not_extended(by, resident, visit, ecg, blood):
    stops = book(by, resident, visit, ecg)
    for stop, sentence in ((stops[0], "around a visit"),):
        with pytest.raises(Invalid, match=sentence), by(resident):
            services.add_examinations(
                actor=resident, appointment_id=stop.pk, examination_ids=[blood.pk]
            )
    with by(resident):
        services.cancel(actor=resident, appointment_id=stops[1].pk)
    with pytest.raises(Conflict, match="Cancelled"), by(resident):
        services.add_examinations(
            actor=resident, appointment_id=stops[1].pk, examination_ids=[blood.pk]
        )


def test_all_of_it_moves_to_another_day_or_nothing_does(by, resident, visit, ecg):
    stops = book(by, resident, visit, ecg)
    later, ecg_later = a_week_later(visit, ecg)

    def move(*periods):
        with by(resident):
            return services.move_trip(
                actor=resident, appointment_id=stops[0].pk, period_ids=[one.pk for one in periods]
            )

    with pytest.raises(Invalid, match="a time for each stop"):
        move(later)
    same_day = examined(visit, "心电图", 9)
    with pytest.raises(Invalid, match="Choose another day"):
        move(visit, same_day)
    full = examined(later, "心电图", 9, public=1)
    other = PatientFactory(user=UserFactory()).user
    with by(other):
        services.book(actor=other, patient=other.patient, period_id=full.pk)
    with pytest.raises(Conflict, match="心电图 at 09:00 was just taken"):
        move(later, full)
    assert {one.day for one in Appointment.objects.filter(trip__isnull=False)} == {
        visit.session.day
    }
    moved = move(later, ecg_later)
    assert {one.day for one in moved} == {later.session.day}
    assert [one.pk for one in moved] == [one.pk for one in stops]
    assert places_of(visit) == places_of(ecg) == {"public": (0, 2)}
    assert move(later, ecg_later) == moved


def test_an_examination_moves_to_the_same_examination_only(by, resident, visit, ecg, blood):
    stops = book(by, resident, visit, ecg)
    later = examined(visit, "心电图", 9)
    with pytest.raises(Invalid, match="another examination"), by(resident):
        services.move(actor=resident, appointment_id=stops[0].pk, period_id=blood.pk)
    with by(resident):
        moved = services.move(actor=resident, appointment_id=stops[0].pk, period_id=later.pk)
    assert (moved.examination, moved.day_rank) == ("心电图", 0)
    own = examined(visit, "超声", 9, department=visit.department)
    with pytest.raises(Invalid, match="another examination"), by(resident):
        services.move(actor=resident, appointment_id=stops[1].pk, period_id=own.pk)


def test_cancelling_all_of_it_gives_every_place_back_and_is_undone_as_one(
    by, resident, visit, ecg, blood
):
    stops = book(by, resident, visit, ecg, blood)
    with by(resident):
        gone = services.cancel_trip(actor=resident, appointment_id=stops[1].pk)
    assert {one.status for one in gone} == {Status.CANCELLED}
    with by(resident):
        again = services.cancel_trip(actor=resident, appointment_id=stops[1].pk)
    assert {one.status for one in again} == {Status.CANCELLED}
    with by(resident):
        back = services.undo_cancel_trip(actor=resident, appointment_id=stops[0].pk)
    assert len(back) == 3
    assert {one.status for one in back} == {Status.BOOKED}
    with pytest.raises(Conflict, match="no longer be undone"), by(resident):
        services.undo_cancel_trip(actor=resident, appointment_id=stops[0].pk)


def test_one_stop_is_cancelled_and_the_rest_stands(by, resident, visit, ecg):
    stops = book(by, resident, visit, ecg)
    with by(resident):
        services.cancel(actor=resident, appointment_id=stops[0].pk)
    assert Appointment.objects.get(pk=stops[1].pk).status == Status.BOOKED
    with pytest.raises(Conflict, match="is no trip"), by(resident):
        services.move_trip(
            actor=resident, appointment_id=stops[1].pk, period_ids=[visit.pk, ecg.pk]
        )


def test_a_single_booking_is_no_trip(by, resident, visit):
    with by(resident):
        alone = services.book(actor=resident, patient=resident.patient, period_id=visit.pk)
    with pytest.raises(Conflict, match="is no trip"), by(resident):
        services.cancel_trip(actor=resident, appointment_id=alone.pk)


def strikes():
    return list(Strike.objects.filter(state__in=Strike.STANDING).values_list("kind", "points"))


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


def miss(by, actor, *periods):
    for period in periods:
        with time_machine.travel(at(period.session.day, 12, 30)), by(actor):
            services.miss(session_id=period.session_id)


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


def told(resident):
    return list(
        Notification.objects.filter(recipient=resident)
        .order_by("created_at", "pk")
        .values_list("template", flat=True)
    )


def fire_reminders():
    for due in Clock.objects.filter(kind="appointment.remind").values_list("due_at", flat=True):
        with time_machine.travel(due):
            clocks.fire_due()


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
