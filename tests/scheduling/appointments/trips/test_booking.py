"""A trip is booked as one, or not at all."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status, Trip
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from tests.consult.requests.looking import published
from tests.factories.people import PatientFactory, StaffFactory, UserFactory, treated
from tests.factories.scheduling import (
    PeriodFactory,
    SessionFactory,
    at,
    examined,
    places_of,
)
from tests.scheduling.appointments.trips.booking import (
    book,
    refused,
)

pytestmark = pytest.mark.django_db


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
