"""What tests of joint consults do all the time, on a Tuesday morning, in English."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation

from consult.requests import services
from telemed.people.models import Role
from tests.factories.people import PractitionerFactory, StaffFactory

START = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday
TEN = START + timedelta(days=1, hours=2)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def colleague(scene, specialty):
    doctor = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    PractitionerFactory(user=doctor, specialty=specialty)
    return doctor


def convene(scene, by, actor=None, **changed):
    actor = actor or scene.coordinator
    experts = changed.pop("experts", None) or scene.seats
    plan = {"experts": experts, "chair": "neurology", "starts_at": TEN, **changed}
    with by(actor):
        return services.convene(actor=actor, case_id=scene.case.pk, **plan)


def accept(scene, by, doctor):
    with by(doctor):
        return services.accept_case(actor=doctor, case_id=scene.case.pk)


def decline(scene, by, doctor, code="time"):
    with by(doctor):
        return services.decline_case(actor=doctor, case_id=scene.case.pk, code=code)


def offer_of(scene, doctor):
    return scene.case.offers.get(doctor=doctor)
