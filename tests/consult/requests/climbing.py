"""Cases on a Tuesday at 8, and time that passes: the ladders climb."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine

from consult.requests import services
from consult.requests.models import Kind
from telemed.core.clocks import fire_due
from telemed.people.models import Role
from tests.factories.consult import drafted_case
from tests.factories.people import (
    AgreementFactory,
    OrganisationFactory,
    PractitionerFactory,
    StaffFactory,
)

START = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday


def made(maker, **options):
    with time_machine.travel(START, tick=False):
        return maker(**options)


def deferred(by):
    """An emergency that went before its consent."""
    scene = made(drafted_case, kind=Kind.EMERGENCY)
    with time_machine.travel(START, tick=False):
        with by(scene.asker):
            services.attach_consent(
                fee_shown=12000,
                actor=scene.asker,
                case_id=scene.case.pk,
                method="deferred",
                relation="self",
                reason="昏迷，家属未到",
            )
        with by(scene.asker):
            services.submit_case(actor=scene.asker, case_id=scene.case.pk)
    return scene


def staff(scene, role, organisation=None):
    return StaffFactory(role=role, organisation=organisation or scene.hospital)


def pass_time(**length):
    """Fire whatever is due that long (and a second) after the start."""
    with time_machine.travel(START + timedelta(seconds=1, **length), tick=False):
        fire_due()


def partner_of(scene, doctors=1):
    """A second hospital that the clinic has an agreement with."""
    hospital = OrganisationFactory()
    AgreementFactory(asking=scene.clinic, asked=hospital)
    people = [StaffFactory(role=Role.SPECIALIST, organisation=hospital) for _ in range(doctors)]
    for person in people:
        PractitionerFactory(user=person)
    return hospital, people
