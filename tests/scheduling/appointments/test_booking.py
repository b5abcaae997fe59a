"""Holding, booking, cancelling and moving."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.utils import translation

from records.consent import access
from records.mpi.models import Relation
from scheduling.appointments import fhir, queries, services
from scheduling.appointments.clock_rows import HOLD, REMIND, RETURN
from scheduling.appointments.models import Appointment, Status
from scheduling.availability.services.places import PeriodClosed, PeriodFull
from telemed.audit.models import AuditRow
from telemed.core import clocks
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock, OutboxEvent
from telemed.core.publication import as_json
from tests.consult.requests.looking import published
from tests.factories.people import PatientFactory, StaffFactory, UserFactory, treated
from tests.factories.scheduling import PeriodFactory, SessionFactory, at_once, places_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def resident():
    return PatientFactory(user=UserFactory()).user


@pytest.fixture
def period():
    return PeriodFactory(public=2)


def later(period, minutes=30, **facts):
    """Another period of the same session."""
    return PeriodFactory(
        session=period.session, starts_at=period.starts_at + timedelta(minutes=minutes), **facts
    )


def book(by, actor, period, patient=None):
    with by(actor):
        return services.book(
            actor=actor, patient=patient or actor.patient, period_id=period.pk, reason="头晕三天"
        )


def hold(by, actor, period, patient=None):
    with by(actor):
        return services.hold(actor=actor, patient=patient or actor.patient, period_id=period.pk)


def fire(kind):
    with time_machine.travel(Clock.objects.filter(kind=kind).latest("due_at").due_at):
        clocks.fire_due()


def test_a_booking_has_a_place_a_ticket_a_trace_and_is_published(by, resident, period):
    booked = book(by, resident, period)
    assert (booked.status, booked.ticket, booked.pool) == (Status.BOOKED, 1, "public")
    assert places_of(period) == {"public": (1, 2)}
    assert AuditRow.objects.filter(action="appointment.book", target__contains=str(booked.pk))
    assert published(booked.pk)["status"] == "booked"
    assert OutboxEvent.objects.filter(topic="appointment.booked").exists()
    assert Clock.objects.filter(about=booked.pk, kind=REMIND).count() == 2


@pytest.mark.parametrize("clinician", [True, False])
def test_what_is_published_quickly_is_what_the_mapping_builds(by, resident, clinician):
    nobody = {} if clinician else {"clinician": None}
    booked = book(by, resident, PeriodFactory(session=SessionFactory(**nobody)))
    kept = published(booked.pk)
    again = Appointment.objects.get(pk=booked.pk)
    assert {**as_json(fhir.APPOINTMENT, again), "meta": kept["meta"]} == kept
    assert len(kept["participant"]) == (3 if clinician else 2)


def test_what_was_cancelled_is_not_confirmed_again(by, resident, period):
    booked = book(by, resident, period)
    with by(resident):
        services.cancel(actor=resident, appointment_id=booked.pk)
    fire(RETURN)
    with pytest.raises(Conflict, match="Cancelled"), by(resident):
        services.confirm(actor=resident, appointment_id=booked.pk)
    booked.refresh_from_db()
    assert (booked.status, places_of(period)) == (Status.CANCELLED, {"public": (0, 2)})


def test_a_hold_is_confirmed_once_and_ends_by_itself(by, resident, period):
    held = hold(by, resident, period)
    assert (held.status, held.ticket, places_of(period)) == (Status.HELD, None, {"public": (1, 2)})
    with by(resident):
        booked = services.confirm(actor=resident, appointment_id=held.pk, reason="复诊")
        again = services.confirm(actor=resident, appointment_id=held.pk)
    assert (booked.status, booked.ticket, again.ticket) == (Status.BOOKED, 1, 1)
    other = PatientFactory(user=UserFactory()).user
    left = hold(by, other, period)
    fire(HOLD)
    left.refresh_from_db()
    assert (left.status, places_of(period)) == (Status.EXPIRED, {"public": (1, 2)})
    with by(other), pytest.raises(Conflict, match="Your hold has ended"):
        services.confirm(actor=other, appointment_id=left.pk)


def test_an_expired_hold_is_refused_before_its_clock_came(by, resident, period):
    held = hold(by, resident, period)
    late = time_machine.travel(held.held_until + timedelta(seconds=1))
    with late, by(resident), pytest.raises(Conflict, match="Your hold has ended"):
        services.confirm(actor=resident, appointment_id=held.pk)


def test_a_second_hold_gives_the_first_back(by, resident, period):
    first = hold(by, resident, period)
    assert hold(by, resident, period) == first
    second = hold(by, resident, later(period))
    first.refresh_from_db()
    assert (first.status, second.status) == (Status.EXPIRED, Status.HELD)
    assert places_of(period) == {"public": (0, 2)}


def test_the_lowest_free_ticket_is_given(by, resident, period):
    tickets = [book(by, resident, period)]
    other = PatientFactory(user=UserFactory()).user
    tickets.append(book(by, other, period))
    assert [one.ticket for one in tickets] == [1, 2]
    with by(resident):
        services.cancel(actor=resident, appointment_id=tickets[0].pk)
    fire(RETURN)
    third = PatientFactory(user=UserFactory()).user
    assert book(by, third, period).ticket == 1


def test_one_booking_a_department_and_day_and_two_a_day(by, resident, period):
    book(by, resident, period)
    with pytest.raises(Conflict, match="Already booked in this department"):
        book(by, resident, later(period))
    same_time = PeriodFactory(session=SessionFactory(day=period.session.day))
    with pytest.raises(Conflict, match=r"overlaps your booking at 08:00"):
        book(by, resident, same_time)
    book(by, resident, later(same_time))
    third = PeriodFactory(session=SessionFactory(day=period.session.day))
    with pytest.raises(Conflict, match="At most 2"):
        book(by, resident, later(third, 90))
    assert places_of(third) == {"public": (0, 4)}


def test_a_full_period_is_refused_and_leaves_no_trace(by, resident):
    period = PeriodFactory(public=1)
    book(by, PatientFactory(user=UserFactory()).user, period)
    before = AuditRow.objects.count()
    with pytest.raises(PeriodFull, match="nothing else is free"):
        book(by, resident, period)
    assert (Appointment.objects.count(), AuditRow.objects.count()) == (1, before)


def test_past_the_close_only_the_desk_books(by, resident):
    period = PeriodFactory(public=1, walk_in=1)
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    with time_machine.travel(period.closes_at):
        with pytest.raises(PeriodClosed):
            book(by, resident, period)
        booked = book(by, clerk, period, patient=resident.patient)
    assert (booked.pool, booked.channel) == ("walk_in", "desk")


def test_who_may_book_for_whom(by, resident, period):
    stranger = PatientFactory()
    with pytest.raises(Forbidden, match="may not book for this person"):
        book(by, resident, period, patient=stranger)
    doctor = StaffFactory(role="township_doctor")
    with pytest.raises(Forbidden):
        book(by, doctor, period, patient=stranger)
    booked = book(by, doctor, period, patient=treated(stranger, doctor.organisation))
    assert booked.channel == "clinic"
    elsewhere = StaffFactory(role="desk")
    with pytest.raises(Forbidden):
        book(by, elsewhere, period, patient=PatientFactory())


def test_a_mother_books_for_her_child_and_not_after_it_is_of_age(by, resident, period):
    child = PatientFactory()
    clerk = StaffFactory()
    relation = Relation.objects.create(
        subject=child,
        delegate=resident.patient,
        basis="birth",
        kin="mother",
        papers="birth_certificate",
        starts_on="2020-01-01",
        ends_on="2038-01-01",
        organisation=clerk.organisation,
        entered_by=clerk,
    )
    booked = book(by, resident, period, patient=child)
    assert (booked.patient, booked.booked_by) == (child, resident)
    Relation.objects.filter(pk=relation.pk).update(ends_on="2021-01-01")
    with by(resident), pytest.raises(NotFound):
        services.cancel(actor=resident, appointment_id=booked.pk)


def test_the_dead_are_not_booked(by, resident, period):
    patient = resident.patient
    patient.deceased_on = period.session.day
    patient.save()
    with pytest.raises(Forbidden, match="has died"):
        book(by, resident, period)


def test_a_cancelled_place_comes_back_when_nobody_can_wait_for_it(by, resident, period):
    booked = book(by, resident, period)
    with by(resident):
        gone = services.cancel(actor=resident, appointment_id=booked.pk)
    assert (gone.status, gone.late, places_of(period)) == ("cancelled", False, {"public": (1, 2)})
    wait = Clock.objects.get(about=booked.pk, kind=RETURN).due_at - gone.ended_at
    assert timedelta(minutes=5) <= wait <= timedelta(minutes=61)
    fire(RETURN)
    assert places_of(period) == {"public": (0, 2)}


def test_close_to_the_visit_a_place_comes_back_at_once_and_it_is_late(by, resident):
    period = PeriodFactory(public=1, walk_in=0)
    booked = book(by, resident, period)
    with time_machine.travel(period.starts_at - timedelta(hours=3)), by(resident):
        gone = services.cancel(actor=resident, appointment_id=booked.pk)
    assert gone.late
    assert places_of(period)["walk_in"] == (0, 1)


def test_cancelling_is_undone_for_two_minutes(by, resident, period):
    booked = book(by, resident, period)
    with by(resident):
        services.cancel(actor=resident, appointment_id=booked.pk)
    with by(resident):
        back = services.undo_cancel(actor=resident, appointment_id=booked.pk)
    assert (back.status, places_of(period)) == (Status.BOOKED, {"public": (1, 2)})
    assert not Clock.objects.filter(about=booked.pk, kind=RETURN, state="running").exists()
    with by(resident):
        gone = services.cancel(actor=resident, appointment_id=booked.pk)
    late = time_machine.travel(gone.ended_at + timedelta(minutes=3))
    with late, by(resident), pytest.raises(Conflict, match="no longer be undone"):
        services.undo_cancel(actor=resident, appointment_id=booked.pk)


def test_a_visit_that_has_begun_is_not_cancelled(by, resident, period):
    booked = book(by, resident, period)
    begun = time_machine.travel(period.starts_at + timedelta(minutes=1))
    with begun, by(resident), pytest.raises(Conflict, match="visit has begun"):
        services.cancel(actor=resident, appointment_id=booked.pk)


def test_a_move_keeps_the_booking_and_gives_the_old_place_back(by, resident, period):
    booked = book(by, resident, period)
    other = later(period, public=1)
    with by(resident):
        moved = services.move(actor=resident, appointment_id=booked.pk, period_id=other.pk)
    assert (moved.pk, moved.period_id, moved.ticket) == (booked.pk, other.pk, 1)
    assert (places_of(period), places_of(other)) == ({"public": (0, 2)}, {"public": (1, 1)})
    foreign = PeriodFactory()
    with by(resident), pytest.raises(Invalid, match="another booking"):
        services.move(actor=resident, appointment_id=booked.pk, period_id=foreign.pk)


def test_other_peoples_bookings_do_not_exist(by, resident, period, stranger):
    booked = book(by, resident, period)
    for act in (services.cancel, services.undo_cancel, services.check_in):
        with by(stranger), pytest.raises(NotFound):
            act(actor=stranger, appointment_id=booked.pk)
    with by(stranger), pytest.raises(NotFound):
        services.confirm(actor=stranger, appointment_id=booked.pk)


def test_a_booking_opens_the_record_to_its_doctor_and_a_cancelled_one_does_not(
    by, resident, period
):
    doctor = period.clinician
    assert not access.decide(doctor, "read", resident.patient).allowed
    booked = book(by, resident, period)
    assert access.decide(doctor, "read", resident.patient).reasons == ("booked_here",)
    with by(resident):
        services.cancel(actor=resident, appointment_id=booked.pk)
    assert not access.decide(doctor, "read", resident.patient).allowed


def test_no_row_holds_a_place_that_is_not_counted(by, resident, period):
    booked = book(by, resident, period)
    lost = Appointment.objects.filter(pk=booked.pk)
    with pytest.raises(IntegrityError, match="hold a place"), by(resident):
        at_once(lambda: lost.update(holds_place=False))


def test_the_free_number_of_a_period_is_asked_of_an_index(period):
    asked = queries.TICKETS.replace("$1", "%s")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked}", [period.pk])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "one_holder_of_a_ticket" in plan
