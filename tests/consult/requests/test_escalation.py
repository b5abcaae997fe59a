from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from consult.requests import services
from consult.requests.models import Status
from telemed.core.clocks import fire_due
from telemed.core.models import Clock
from telemed.people.models import Role
from tests.consult.requests.looking import actions, told
from tests.factories.consult import (
    accepted_case,
    sent_case,
)
from tests.factories.people import (
    PractitionerFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


def test_nobody_answers_so_the_clock_reminds_and_then_hands_over_to_the_coordinator(by):
    with time_machine.travel("2026-11-24 08:00+08:00", tick=False):
        scene = sent_case()
    with time_machine.travel("2026-11-24 10:00:01+08:00", tick=False):
        fire_due()
        assert actions(scene.case)[-1] == "case.remind"
        assert told(scene.coordinator) == []
    with time_machine.travel("2026-11-24 12:00:01+08:00", tick=False):
        fire_due()
        assert fire_due() == 0

    assert told(scene.specialist) == ["case.offered", "case.offered"]
    assert told(scene.coordinator) == ["case.escalated"]
    assert told(scene.asker)[-1] == "case.unanswered"
    assert actions(scene.case)[-2:] == ["case.remind", "case.escalate"]


def test_the_coordinator_assigns_and_the_doctors_own_accept_binds(by):
    scene = sent_case()
    with by(scene.specialist):
        services.decline_case(actor=scene.specialist, case_id=scene.case.pk, code="time")
    late = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    PractitionerFactory(user=late)

    with by(scene.coordinator):
        services.assign_case(actor=scene.coordinator, case_id=scene.case.pk, doctor_id=late.pk)
    assert scene.refresh().status == Status.ROUTED
    assert scene.case.holder is None

    with by(late):
        services.accept_case(actor=late, case_id=scene.case.pk)
    assert scene.refresh().holder == late


def test_an_assignment_does_not_reset_the_clock_of_the_case(by):
    with time_machine.travel("2026-11-24 08:00+08:00", tick=False):
        scene = sent_case()
    with time_machine.travel("2026-11-24 14:30+08:00", tick=False):
        fire_due()
        before = running(scene.case)
        with by(scene.coordinator):
            services.assign_case(
                actor=scene.coordinator, case_id=scene.case.pk, doctor_id=scene.specialist.pk
            )
        assert running(scene.case) == before


def running(case):
    clocks = Clock.objects.filter(about=case.pk, kind="case.accept", state="running")
    return list(clocks.order_by("rung").values_list("rung", "due_at"))


def test_an_accepted_case_does_not_escalate():
    scene = accepted_case()
    with time_machine.travel(timezone.now() + timedelta(hours=12)):
        fire_due()
    assert "case.escalated" not in told(scene.coordinator)


def test_a_late_opinion_is_told_to_the_doctor_and_the_coordinator():
    with time_machine.travel("2026-11-24 08:00+08:00", tick=False):
        scene = accepted_case()
    with time_machine.travel("2026-11-25 18:00:01+08:00", tick=False):
        fire_due()
    assert told(scene.specialist)[-1] == "case.late"
    assert told(scene.coordinator)[-1] == "case.late"
