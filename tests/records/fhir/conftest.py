"""What the tests of the FHIR door share."""

import pytest

from telemed.people.models import Role
from tests.factories.fhir import application_token, token_for
from tests.factories.people import OrganisationFactory, StaffFactory
from tests.records.fhir.asgi import Client


@pytest.fixture
def hospital(transactional_db):
    return OrganisationFactory(name="开阳县人民医院")


@pytest.fixture
def system(hospital):
    """A registered system of the hospital that may do everything."""
    return Client(application_token(organisation=hospital))


@pytest.fixture
def doctor(hospital):
    """A specialist of that hospital."""
    return Client(token_for(StaffFactory(role=Role.SPECIALIST, organisation=hospital)))


@pytest.fixture
def other_doctor(transactional_db):
    """A specialist of another hospital."""
    return Client(token_for(StaffFactory(role=Role.SPECIALIST)))
