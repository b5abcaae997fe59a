"""A doctor of a clinic with villagers, and a session elsewhere."""

import pytest
from django.utils import translation

from tests.factories.people import PatientFactory, StaffFactory, treated
from tests.factories.scheduling import SessionFactory


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def doctor():
    return StaffFactory()


@pytest.fixture
def villagers(doctor):
    """villagers(3): so many people of the doctor's clinic."""
    return lambda n: [
        treated(PatientFactory(name=f"村民{place}"), doctor.organisation) for place in range(n)
    ]


@pytest.fixture
def session():
    return SessionFactory()
