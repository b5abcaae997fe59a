"""How tests book a trip."""

from datetime import timedelta

import pytest
import time_machine

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Strike
from telemed.core import clocks
from telemed.core.errors import Invalid
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from tests.factories.scheduling import (
    PeriodFactory,
    SessionFactory,
    at,
    examined,
)


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


def refused(by, resident, visit, examinations, sentence, error=Invalid, **facts):
    with pytest.raises(error, match=sentence):
        book(by, resident, visit, *examinations, **facts)
    assert not Appointment.objects.exists()


def strikes():
    return list(Strike.objects.filter(state__in=Strike.STANDING).values_list("kind", "points"))


def miss(by, actor, *periods):
    for period in periods:
        with time_machine.travel(at(period.session.day, 12, 30)), by(actor):
            services.miss(session_id=period.session_id)


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
