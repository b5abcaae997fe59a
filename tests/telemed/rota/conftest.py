from datetime import timedelta

import pytest
import time_machine

from telemed.organisations.models import Specialty
from telemed.people.models import PractitionerRole, Role
from telemed.rota import services
from tests.factories.people import (
    DepartmentFactory,
    OrganisationFactory,
    PractitionerFactory,
    StaffFactory,
)
from tests.factories.rota import MONTH, at


@pytest.fixture(autouse=True)
def _late_in_the_month_before():
    """The 20th of February: the rota of March is being written."""
    with time_machine.travel(at(1) - timedelta(days=9), tick=False):
        yield


@pytest.fixture
def hospital():
    hospital = OrganisationFactory()
    DepartmentFactory(organisation=hospital)  # neurology
    return hospital


@pytest.fixture
def doctors(hospital):
    return [specialist(hospital) for _ in range(3)]


@pytest.fixture
def coordinator(hospital):
    return StaffFactory(role=Role.COORDINATOR, organisation=hospital)


@pytest.fixture
def director(hospital):
    return StaffFactory(role=Role.DIRECTOR, organisation=hospital)


@pytest.fixture
def draft(by, coordinator):
    with by(coordinator):
        return services.open_draft(actor=coordinator, month=MONTH)


def specialist(hospital, specialty=Specialty.NEUROLOGY, **licence):
    user = StaffFactory(role=Role.SPECIALIST, organisation=hospital)
    PractitionerFactory(user=user, specialty=specialty, **licence)
    return user


def leave(user):
    """Every role of the account ends today."""
    PractitionerRole.objects.filter(user=user).update(ends_on=at(1).date() - timedelta(days=8))
