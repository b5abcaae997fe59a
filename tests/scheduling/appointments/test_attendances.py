"""A visit that takes place, as other systems read it (FHIR Encounter)."""

from datetime import timedelta

import pytest
import time_machine

from records.fhir.models import Resource, Version
from records.fhir.walker import check
from scheduling.appointments import fhir, services
from scheduling.appointments.models import Appointment, Attendance, Status
from telemed.core.publication import as_json
from tests.consult.requests.looking import published
from tests.factories.fhir import token_for
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory
from tests.factories.visits import booked_visit
from tests.marks import committed
from tests.records.fhir.asgi import Client

pytestmark = committed


@pytest.fixture
def period():
    return PeriodFactory(public=2)


@pytest.fixture
def clerk(period):
    return StaffFactory(role="desk", organisation=period.organisation)


@pytest.fixture
def booked(by, period):
    actor = PatientFactory(user=UserFactory()).user
    with by(actor):
        return services.book(
            actor=actor, patient=actor.patient, period_id=period.pk, reason="胸口发闷"
        )


@pytest.fixture
def clock(booked, period):
    with time_machine.travel(period.starts_at, tick=False) as clock:
        yield clock


@pytest.fixture
def act(by, booked):
    def act(actor, *steps):
        for step in steps:
            with by(actor):
                step(actor=actor, appointment_id=booked.pk)

    return act


def of(booked):
    return Attendance.objects.select_related("doctor").get(appointment=booked)


def test_it_begins_with_the_visit_and_not_before(period, clerk, booked, clock, act):
    act(clerk, services.check_in)
    act(period.clinician, services.call)
    assert not Attendance.objects.exists()
    act(period.clinician, services.begin)
    seen = published(of(booked).pk)
    assert not check(seen)[0]
    assert (seen["resourceType"], seen["status"]) == ("Encounter", "in-progress")
    assert seen["class"]["code"] == "AMB"
    assert seen["appointment"] == [{"reference": f"Appointment/{booked.pk}"}]
    assert seen["subject"] == {"reference": f"Patient/{booked.patient.fhir_id}"}
    practitioner = f"Practitioner/{period.clinician.practitioner.pk}"
    assert seen["participant"][0]["individual"]["reference"] == practitioner
    assert seen["serviceProvider"]["reference"] == f"Organization/{period.organisation_id}"
    assert seen["reasonCode"] == [{"text": "胸口发闷"}]
    assert seen["period"] == {"start": fhir.moment(period.starts_at)}


def test_its_end_is_its_next_version_and_a_second_press_writes_none(
    period, clerk, booked, clock, act
):
    act(clerk, services.check_in)
    act(period.clinician, services.call, services.begin, services.begin)
    clock.shift(timedelta(minutes=12))
    act(period.clinician, services.fulfil, services.fulfil)
    kept = Resource.objects.get(fhir_id=str(of(booked).pk))
    assert (kept.owner, kept.version) == ("appointments", 2)
    assert Version.objects.filter(rid=kept.rid).count() == 2
    seen = published(of(booked).pk)
    assert seen["status"] == "finished"
    assert seen["period"] == {
        "start": fhir.moment(period.starts_at),
        "end": fhir.moment(period.starts_at + timedelta(minutes=12)),
    }


def test_both_builders_say_the_same(period, clerk, booked, clock, act):
    act(clerk, services.check_in)
    act(period.clinician, services.call, services.begin, services.fulfil)
    built = as_json(fhir.ATTENDANCE, of(booked))
    assert built == fhir.attendance_to_plain(of(booked))
    assert fhir.attendance(of(booked)).status == "finished"


def test_where_the_desk_begins_it_is_with_the_doctor_of_the_booking(
    period, clerk, booked, clock, act
):
    act(clerk, services.check_in, services.call, services.begin)
    assert of(booked).doctor == period.clinician


def test_the_session_s_end_ends_whoever_is_with_the_doctor_and_invents_nobody(
    by, period, clerk, booked, clock, act
):
    other = PatientFactory(user=UserFactory()).user
    with time_machine.travel(period.starts_at - timedelta(days=2)), by(other):
        waits = services.book(actor=other, patient=other.patient, period_id=period.pk)
    with by(clerk):
        services.check_in(actor=clerk, appointment_id=waits.pk)
    act(clerk, services.check_in)
    act(period.clinician, services.call, services.begin)
    clock.move_to(period.session.ends_at + timedelta(minutes=30))
    with by(clerk):
        services.miss(session_id=period.session_id)
    states = dict(Appointment.objects.values_list("pk", "status"))
    assert states == {booked.pk: Status.FULFILLED, waits.pk: Status.CANCELLED}
    assert published(of(booked).pk)["status"] == "finished"
    assert Attendance.objects.count() == 1  # nobody said that the other one's began


def test_by_video_the_room_is_the_encounter(by):
    visit = booked_visit()
    with time_machine.travel(visit.appointment.during.lower, tick=False):
        for actor, step in (
            (visit.desk, services.check_in),
            (visit.doctor, services.call),
            (visit.doctor, services.begin),
        ):
            with by(actor):
                step(actor=actor, appointment_id=visit.appointment.pk)
    visit.appointment.refresh_from_db()
    assert visit.appointment.status == Status.IN_VISIT
    assert not Attendance.objects.exists()


def test_the_person_finds_it_by_its_booking_strangers_do_not_and_nobody_writes_it(
    period, clerk, booked, clock, act
):
    act(clerk, services.check_in)
    act(period.clinician, services.call, services.begin)
    where = f"/fhir/Encounter?appointment=Appointment/{booked.pk}"
    owner = Client(token_for(booked.patient.user))
    stranger = Client(token_for(PatientFactory(user=UserFactory()).user))
    assert owner.get(where).ids == [str(of(booked).pk)]
    assert stranger.get(where).ids == []
    told = published(of(booked).pk) | {"status": "cancelled"}
    answer = owner.put(f"/fhir/Encounter/{of(booked).pk}", told)
    assert answer.status in (403, 405), answer.body
    assert published(of(booked).pk)["status"] == "in-progress"
