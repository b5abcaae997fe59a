"""Who does not come by video, and what counts against them."""

from datetime import timedelta

import pytest
import time_machine

from scheduling.appointments import services as appointments
from scheduling.appointments.models import Status, Strike
from telemed.core.errors import Conflict, Forbidden
from tests.factories.visits import (
    again,
    entered,
    system,
)

pytestmark = pytest.mark.django_db


def over(visit):
    with system():
        appointments.miss(session_id=visit.appointment.period.session_id)
    return again(visit)


def test_a_line_that_failed_is_never_a_no_show(phone, visit):
    """Knocked, and the doctor never came, or the line broke."""
    entered(phone, visit)
    after = over(visit)
    assert (after.status, after.late) == (Status.CANCELLED, False)
    assert "did not come about" in after.ended_because
    assert not Strike.objects.exists()


def test_who_was_not_rung_does_not_count_as_missing(visit):
    assert over(visit).status == Status.CANCELLED
    assert not Strike.objects.exists()


def test_who_was_rung_and_did_not_answer_counts(by, visit):
    late = visit.appointment.during.lower + timedelta(minutes=11)
    with by(visit.doctor), pytest.raises(Conflict, match="then ring"):
        appointments.ring(actor=visit.doctor, appointment_id=visit.appointment.pk)
    with time_machine.travel(late), by(visit.resident), pytest.raises(Forbidden):
        appointments.ring(actor=visit.resident, appointment_id=visit.appointment.pk)
    with time_machine.travel(late), by(visit.doctor):
        appointments.ring(actor=visit.doctor, appointment_id=visit.appointment.pk)
    assert over(visit).status == Status.NO_SHOW
    assert Strike.objects.filter(appointment=visit.appointment, kind="missed").exists()


def test_who_was_rung_and_then_came_does_not_count(by, phone, visit):
    with time_machine.travel(visit.appointment.during.lower + timedelta(minutes=11)):
        with by(visit.doctor):
            appointments.ring(actor=visit.doctor, appointment_id=visit.appointment.pk)
        entered(phone, visit)
    assert over(visit).status == Status.CANCELLED
    assert not Strike.objects.exists()
