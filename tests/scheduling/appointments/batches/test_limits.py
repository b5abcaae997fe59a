"""What a batch refuses, and what the database does not keep."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError

from records.consent.models import CareAccess
from scheduling.appointments import batches, services
from scheduling.appointments.models import Appointment, Status
from telemed.core import moments
from telemed.core.errors import Forbidden, Invalid, NotFound
from tests.factories.people import PatientFactory, StaffFactory, treated
from tests.factories.scheduling import PeriodFactory, places_of
from tests.scheduling.appointments.batches.sending import (
    opened,
    periods_in,
    refused,
    results,
    sent,
)

pytestmark = pytest.mark.django_db


def test_twenty_go_and_twenty_one_do_not(by, doctor, villagers, session):
    (period,) = periods_in(session, 30)
    people = villagers(21)
    refused(by, doctor, period, people, Invalid, "At most 20 people in one go; these are 21")
    assert opened(by, doctor, period, people[:20]).rows.count() == 20


def test_nobody_twice_on_one_list(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    one, two = villagers(2)
    refused(by, doctor, period, [one, two, one], Invalid, "村民0 is on the list twice")
    refused(by, doctor, period, [], Invalid, "choose somebody first")


def test_another_clinics_person_is_not_to_be_known_of(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    theirs = treated(PatientFactory(), StaffFactory().organisation)
    people = [*villagers(1), theirs]
    refused(by, doctor, period, people, NotFound, "not found, or is not yours to book for")


def test_who_died_or_was_joined_with_another(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    one, two = villagers(2)
    one.deceased_on = date(2026, 1, 1)
    one.save()
    refused(by, doctor, period, [one], Invalid, "村民0 has died")
    one.deceased_on, one.merged_into = None, two
    one.save()
    refused(by, doctor, period, [one], Invalid, "村民0's record was joined with another")


def test_a_day_that_is_over_and_times_of_elsewhere(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    people = villagers(1)
    with time_machine.travel(period.ends_at + timedelta(days=1)):
        refused(by, doctor, period, people, Invalid, "That day is over")
    other = PeriodFactory()
    wanted = [(people[0].pk, other.pk)]
    refused(by, doctor, period, people, Invalid, "not of this department and day", wanted=wanted)
    gone = {"department_id": uuid4()}
    refused(by, doctor, period, people, NotFound, "This department does not exist", **gone)
    session.organisation.active = False
    session.organisation.save()
    refused(by, doctor, period, people, NotFound, "This department does not exist")


@pytest.mark.parametrize("role", ["specialist", "desk", "coordinator", "official"])
def test_only_the_doctors_of_clinics(by, villagers, session, role):
    (period,) = periods_in(session, 3)
    refused(by, StaffFactory(role=role), period, villagers(1), Forbidden, "doctors of clinics")


def test_another_doctors_batch_is_absent(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    batch = opened(by, doctor, period, villagers(1))
    colleague = StaffFactory(organisation=doctor.organisation)
    (row_id,) = batches.waiting_rows(batch)
    for service, facts in (
        (services.read_batch, {"batch_id": batch.pk}),
        (services.book_row, {"row_id": row_id}),
        (services.book_instead, {"row_id": row_id, "period_id": period.pk}),
        (services.cancel_row, {"row_id": row_id}),
        (services.undo_row, {"row_id": row_id}),
    ):
        with pytest.raises(NotFound), by(colleague):
            service(actor=colleague, **facts)
    assert places_of(period) == {"public": (0, 3)}


def test_a_time_elsewhere_is_no_other_time_of_the_batch(by, doctor, villagers, session):
    (period,) = periods_in(session, 1)
    batch = opened(by, doctor, period, villagers(2))
    lost = sent(by, doctor, batch)[1]
    with pytest.raises(Invalid), by(doctor):
        services.book_instead(actor=doctor, row_id=lost.pk, period_id=PeriodFactory().pk)
    with pytest.raises(NotFound, match="was not booked"), by(doctor):
        services.cancel_row(actor=doctor, row_id=lost.pk)


@pytest.mark.parametrize(
    "wrong",
    [
        {"position": 21},
        {"state": "odd"},
        {"state": "booked"},
        {"state": "refused", "decided_at": moments.now()},
        {"said": "why", "state": "refused"},
    ],
)
def test_a_row_that_makes_no_sense_is_not_kept(by, doctor, villagers, session, wrong):
    (period,) = periods_in(session, 3)
    batch = opened(by, doctor, period, villagers(1))
    with pytest.raises(IntegrityError):
        batch.rows.update(**wrong)


def test_who_is_not_known_any_more_is_said_to_be_so(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    (person,) = villagers(1)
    batch = opened(by, doctor, period, [person])
    sent(by, doctor, batch)
    assert results(by, doctor, batch)[0].known
    CareAccess.objects.filter(patient=person.rid).delete()
    assert not results(by, doctor, batch)[0].known
    assert Appointment.objects.get().status == Status.BOOKED
