from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import translation

from telemed.organisations.models import Specialty
from telemed.people.licences import why_not
from telemed.people.models import Practitioner, Role
from tests.factories.people import OrganisationFactory, PractitionerFactory, StaffFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def on_that_day():
    """The factories begin a role on the day they are called."""
    with time_machine.travel(datetime(2026, 11, 24, 4, tzinfo=UTC)):
        yield


@pytest.fixture
def doctor():
    return PractitionerFactory()


def gate(doctor, specialty=Specialty.NEUROLOGY, organisation=None, answering=True):
    organisation = organisation or doctor.user.organisation
    return why_not(doctor, specialty, organisation, TODAY, answering=answering)


def test_a_licensed_registered_experienced_doctor_passes(doctor):
    assert gate(doctor) is None


def test_without_a_licence_nobody_passes():
    organisation = OrganisationFactory()
    assert "no licence" in why_not(None, Specialty.NEUROLOGY, organisation, TODAY, answering=False)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "suspended", "state_reason": "待查"}, "suspended"),
        ({"licensed_until": date(2026, 11, 23)}, "ended on 2026-11-23"),
        ({"specialty": Specialty.CARDIOLOGY}, "does not cover Neurology"),
        ({"practising_since": date(2023, 11, 25)}, "3 years"),
    ],
)
def test_one_sentence_says_which_part_fails(doctor, change, said):
    for field, value in change.items():
        setattr(doctor, field, value)
    assert said in gate(doctor)


@pytest.mark.parametrize(
    "change", [{"licensed_until": TODAY}, {"practising_since": date(2023, 11, 24)}]
)
def test_the_last_day_of_a_licence_and_the_first_day_after_three_years_count(doctor, change):
    for field, value in change.items():
        setattr(doctor, field, value)
    assert gate(doctor) is None


def test_a_licence_works_only_where_it_is_registered(doctor):
    elsewhere = OrganisationFactory(name="别处医院")
    assert "not registered at 别处医院" in gate(doctor, organisation=elsewhere)


def test_a_role_that_has_ended_or_is_not_clinical_registers_nobody(doctor):
    role = doctor.user.acting_as
    role.ends_on = TODAY - timedelta(days=1)
    role.save()
    assert "not registered" in gate(doctor)
    role.ends_on, role.role = None, Role.ADMINISTRATOR
    role.save()
    assert "not registered" in gate(doctor)


def test_a_second_registered_place_counts(doctor):
    second = StaffFactory(role=Role.SPECIALIST).acting_as
    second.user = doctor.user
    second.save()
    assert gate(doctor, organisation=second.organisation) is None


def test_the_asking_side_needs_neither_scope_nor_years(doctor):
    doctor.practising_since, doctor.specialty = date(2026, 7, 1), Specialty.GENERAL
    assert gate(doctor, answering=False) is None


def test_a_chief_of_a_branch_covers_its_trunk_and_an_attending_does_not(doctor):
    doctor.title = Practitioner.Title.CHIEF
    assert gate(doctor, Specialty.INTERNAL) is None
    doctor.title = Practitioner.Title.ATTENDING
    assert "does not cover" in gate(doctor, Specialty.INTERNAL)
    doctor.title = Practitioner.Title.CHIEF
    assert "does not cover" in gate(doctor, Specialty.EMERGENCY)
