"""Each person of a batch has a result of their own, once."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from scheduling.appointments import batches, services
from scheduling.appointments.models import Appointment
from scheduling.appointments.subscribers import tell_batch, tell_booked
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict
from telemed.core.models import OutboxEvent
from telemed.notifications.models import Notification
from tests.factories.people import DepartmentFactory, PatientFactory, UserFactory, treated
from tests.factories.scheduling import SessionFactory, doctor_of, places_of
from tests.scheduling.appointments.batches.sending import (
    opened,
    periods_in,
    results,
    sent,
)

pytestmark = pytest.mark.django_db


def test_each_is_booked_as_one_is(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    people = villagers(3)
    rows = sent(by, doctor, opened(by, doctor, period, people))
    assert [row.appointment.ticket for row in rows] == [1, 2, 3]
    assert {row.appointment.channel for row in rows} == {"clinic"}
    assert places_of(period) == {"public": (3, 3)}
    assert OutboxEvent.objects.filter(topic="appointment.booked").count() == 3
    assert AuditRow.objects.filter(action="appointment.book", refused="").count() == 3


def test_the_resident_is_told_and_who_has_no_account_by_number(by, doctor, session):
    (period,) = periods_in(session, 2)
    people = [
        treated(PatientFactory(user=UserFactory()), doctor.organisation),
        treated(PatientFactory(), doctor.organisation),
    ]
    rows = sent(by, doctor, opened(by, doctor, period, people))
    for row in rows:
        with by(doctor):
            tell_booked({"appointment_id": str(row.appointment_id)})
    told = Notification.objects.filter(template="appointment.booked")
    readers = set(told.values_list("recipient", "person_id"))
    assert readers == {(people[0].user_id, None), (doctor.pk, None), (None, people[1].pk)}


def deliver(by, doctor):
    """What the outbox has, to whom it is told."""
    tellers = {"appointment.booked": tell_booked, "batch.booked": tell_batch}
    for event in OutboxEvent.objects.filter(topic__in=tellers):
        with by(doctor):
            tellers[event.topic](event.payload)


def told(template):
    rows = Notification.objects.filter(template=template)
    return {row.recipient: row.facts for row in rows}


def test_the_doctor_reads_one_line_and_each_resident_their_own(by, doctor, session):
    (period,) = periods_in(session, 3)
    people = [treated(PatientFactory(user=UserFactory()), doctor.organisation) for _one in range(3)]
    batch = opened(by, doctor, period, people)
    sent(by, doctor, batch)
    for _again in range(2):
        deliver(by, doctor)
    residents = told("appointment.booked")
    assert set(residents) == {person.user for person in people}
    [(reader, facts)] = told("batch.received").items()
    assert (reader, facts["n"]) == (session.clinician, 3)
    assert (facts["who"], facts["org"]) == (doctor.name, doctor.organisation.name)
    [(booker, facts)] = told("batch.booked").items()
    assert (booker, facts["n"], facts["org"]) == (doctor, 3, session.organisation.name)
    line = Notification.objects.get(template="batch.received")
    assert str(batch.day) in line.url
    assert not any(person.name in str(line.facts) for person in people)


def test_who_was_refused_or_cancelled_is_not_counted(by, doctor, villagers, session):
    (period,) = periods_in(session, 2)
    batch = opened(by, doctor, period, villagers(3))
    rows = sent(by, doctor, batch)
    with by(doctor):
        services.cancel_row(actor=doctor, row_id=rows[0].pk)
    deliver(by, doctor)
    assert [facts["n"] for facts in told("batch.received").values()] == [1]


def test_nobody_booked_is_no_line(by, doctor, villagers, session):
    (period,) = periods_in(session, 1)
    other = villagers(1)[0]
    with by(doctor):
        services.book(actor=doctor, patient=other, period_id=period.pk)
    sent(by, doctor, opened(by, doctor, period, villagers(1)))
    deliver(by, doctor)
    assert not told("batch.received")
    assert not told("batch.booked")


def test_where_no_doctor_is_named_the_departments_doctors_read_it(by, doctor, villagers):
    there = SessionFactory(clinician=None)
    colleagues = {doctor_of(there.department) for _one in range(2)}
    doctor_of(DepartmentFactory(organisation=there.organisation, name="别的科"))
    (period,) = periods_in(there, 2)
    sent(by, doctor, opened(by, doctor, period, villagers(2)))
    deliver(by, doctor)
    assert set(told("batch.received")) == colleagues


def test_a_batch_that_broke_off_is_told_of_when_all_were_tried(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    batch = opened(by, doctor, period, villagers(2))
    with by(doctor):
        services.book_row(actor=doctor, row_id=batches.waiting_rows(batch)[0])
    deliver(by, doctor)
    assert not told("batch.received")
    sent(by, doctor, batch)
    deliver(by, doctor)
    assert [facts["n"] for facts in told("batch.received").values()] == [2]


def test_who_lost_the_race_hears_so_and_takes_the_next_by_one_tap(by, doctor, villagers, session):
    first, second = periods_in(session, 1, 1)
    one, two = villagers(2)
    batch = opened(by, doctor, first, [one, two])
    rows = sent(by, doctor, batch)
    assert [row.state for row in rows] == ["booked", "refused"]
    assert rows[1].said.startswith("Just taken. Next free: ")
    lost = results(by, doctor, batch)[1]
    assert lost.instead == second
    with by(doctor):
        services.book_instead(actor=doctor, row_id=lost.row.pk, period_id=second.pk)
    again = results(by, doctor, batch)[1]
    assert (again.row.state, again.appointment.period, again.instead) == ("booked", second, None)


def test_what_is_in_the_way_later_is_said_without_an_offer(by, doctor, villagers, session):
    first, second = periods_in(session, 1, 1)
    one, two = villagers(2)
    batch = opened(by, doctor, first, [one, two])
    sent(by, doctor, batch)
    with by(doctor):
        services.book(actor=doctor, patient=two, period_id=second.pk)
    lost = results(by, doctor, batch)[1]
    assert (lost.why_not, lost.instead) == ("Already booked in this department that day.", None)


def test_a_refused_person_leaves_a_trace_and_the_others_stand(by, doctor, villagers, session):
    (period,) = periods_in(session, 5)
    one, two, three = villagers(3)
    batch = opened(by, doctor, period, [one, two, three])
    with by(doctor):
        services.book(actor=doctor, patient=two, period_id=period.pk)
    rows = sent(by, doctor, batch)
    assert [row.state for row in rows] == ["booked", "refused", "booked"]
    assert rows[1].said == "Already booked in this department that day."
    refused = AuditRow.objects.get(action="appointment.book", refused="conflict")
    assert refused.patient_id == str(two.pk)
    assert places_of(period) == {"public": (3, 5)}


def test_a_period_that_closed_meanwhile(by, doctor, villagers, session):
    (period,) = periods_in(session, 5)
    batch = opened(by, doctor, period, villagers(1))
    with time_machine.travel(period.closes_at + timedelta(minutes=1)):
        rows = sent(by, doctor, batch)
    assert rows[0].said == "Booking for this period is closed."


def test_cancelled_and_undone_from_the_batch(by, doctor, villagers, session):
    (period,) = periods_in(session, 2)
    batch = opened(by, doctor, period, villagers(2))
    rows = sent(by, doctor, batch)
    with by(doctor):
        services.cancel_row(actor=doctor, row_id=rows[0].pk)
    shown = results(by, doctor, batch)[0]
    assert (shown.is_booked, bool(shown.undo_until)) == (False, True)
    with by(doctor):
        services.undo_row(actor=doctor, row_id=rows[0].pk)
    assert results(by, doctor, batch)[0].is_booked


def test_a_row_is_decided_once(by, doctor, villagers, session):
    (period,) = periods_in(session, 1)
    batch = opened(by, doctor, period, villagers(2))
    before = sent(by, doctor, batch)
    places_of(period)
    for row in before:
        with by(doctor):
            services.book_row(actor=doctor, row_id=row.pk)
    after = batches.rows_of(batch)
    assert [(row.state, row.said, row.decided_at) for row in after] == [
        (row.state, row.said, row.decided_at) for row in before
    ]
    assert Appointment.objects.count() == 1


def test_a_page_sends_one_batch(by, doctor, villagers, session):
    (period,) = periods_in(session, 5)
    people, key = villagers(1), uuid4()
    opened(by, doctor, period, people, key=key)
    with pytest.raises(Conflict, match="was sent before"):
        opened(by, doctor, period, people, key=key)
