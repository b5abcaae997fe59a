"""Cases on a Tuesday at 8, and time that passes: the ladders climb."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine

from telemed.core.clocks import fire_due
from telemed.people.models import Role
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
