"""A visit a week ahead with what can be examined that day."""

import pytest
from django.utils import translation

from tests.factories.people import PatientFactory, UserFactory
from tests.factories.scheduling import (
    PeriodFactory,
    SessionFactory,
    at,
    examined,
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def resident():
    return PatientFactory(user=UserFactory()).user


@pytest.fixture
def visit():
    """With the doctor, at ten, a week ahead."""
    session = SessionFactory()
    return PeriodFactory(session=session, starts_at=at(session.day, 10), public=2)


@pytest.fixture
def ecg(visit):
    return examined(visit, "心电图", 8)


@pytest.fixture
def blood(visit):
    return examined(visit, "抽血化验", 8, 30)
