"""How the link reaches whom it is for, and who is known well enough for a visit by video."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from consult.visits import queries, subscribers
from consult.visits.secrets import token_of
from scheduling.availability.models import Kind
from telemed.core import clocks
from telemed.core.models import Clock
from telemed.notifications.models import Channel, Delivery, Notification
from telemed.notifications.services import sending
from tests.factories.visits import (
    booked_visit,
    event,
    period_by_video,
    system,
)

pytestmark = pytest.mark.django_db


def test_the_message_brings_the_address_itself_and_keeps_none(by):
    visit = booked_visit(60)
    with system():
        subscribers.send_link(event(visit))
    said = Notification.objects.get(recipient=visit.resident, template="visit.link")
    assert token_of(visit.link.pk) not in f"{said.facts}{said.url}"
    row, _new = Delivery.objects.get_or_create(
        notification=said, channel=Channel.SMS, defaults={"due_at": timezone.now()}
    )
    row.link = "aaaaaaaaaaaa"
    with system():
        text = sending.outgoing(row, "13900000001").text
    assert visit.path in text
    assert visit.appointment.patient.name not in text


def test_a_quarter_of_an_hour_before_the_link_is_sent_once_more():
    visit = booked_visit(60)
    clock = Clock.objects.get(about=visit.appointment.pk, kind="visit.soon")
    assert clock.due_at - visit.appointment.during.lower < timedelta(minutes=-14)
    with time_machine.travel(clock.due_at):
        clocks.fire_due()
    assert Notification.objects.filter(recipient=visit.resident, template="visit.soon").exists()


def test_a_guardians_phone_gets_the_link_of_a_child(visit):
    child = visit.appointment
    child.patient.user = None
    assert queries.reached_at(child) == visit.resident
    child.booked_by = visit.desk
    assert queries.reached_at(child) is None


def test_a_closed_consult_of_the_specialty_here_vouches_too(by):
    from consult.visits.contributions import had_consult
    from tests.factories.rooms import CaseFactory

    period = period_by_video(timezone.now() + timedelta(hours=1))
    case = CaseFactory(asked=period.organisation, specialty=period.department.specialty)
    since = timezone.localdate() - timedelta(days=30)
    assert not had_consult(case.patient, period, since)
    case.steps.create(
        action="case.close", from_status="signed", to_status="closed", at=timezone.now()
    )
    type(case).objects.filter(pk=case.pk).update(status="closed", opinion_version=1)
    assert had_consult(case.patient, period, since)
    assert not had_consult(case.patient, period, timezone.localdate() + timedelta(days=1))
    assert period.session.kind == Kind.VIDEO
