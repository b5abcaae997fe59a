"""What tests of sessions share."""

import pytest

from scheduling.availability import booked
from scheduling.availability.services import Offer
from tests.factories.fhir import application_token
from tests.factories.people import DepartmentFactory, StaffFactory
from tests.factories.scheduling import SessionFactory, doctor_of
from tests.records.fhir.asgi import Client


@pytest.fixture
def session(db):
    """A published morning a week ahead."""
    return SessionFactory()


@pytest.fixture
def keeper(session):
    """The desk of the hospital of that session."""
    return StaffFactory(role="desk", organisation=session.organisation)


@pytest.fixture
def department():
    """One without sessions yet."""
    return DepartmentFactory()


@pytest.fixture
def clerk(department):
    return StaffFactory(role="desk", organisation=department.organisation)


@pytest.fixture
def doctor(department):
    return doctor_of(department)


@pytest.fixture
def system(department):
    """The hospital's own, signed in at the door of FHIR."""
    return Client(application_token(organisation=department.organisation))


@pytest.fixture
def finders(monkeypatch):
    """Nobody says who is booked, but for what a test adds."""
    monkeypatch.setattr(booked, "_finders", [])
    return booked


def offer_of(department, clinician=None, **more):
    """A morning's offer, four places in each half hour."""
    kept = {"capacity": 4, "clinician_id": clinician.pk if clinician else None, **more}
    return Offer(department_id=department.pk, **kept)
