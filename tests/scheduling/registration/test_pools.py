"""For whom the family doctor's places of a hospital are."""

import pytest

from scheduling.appointments import services
from tests.factories.people import (
    DepartmentFactory,
    DivisionFactory,
    OrganisationFactory,
    PatientFactory,
    UserFactory,
)
from tests.factories.registration import (
    PackageFactory,
    TeamFactory,
    join,
    resident_of,
    signed,
    treated_by,
)
from tests.factories.scheduling import PeriodFactory, SessionFactory, places_of

pytestmark = pytest.mark.django_db


def booked_pool(by, actor, patient, period):
    with by(actor):
        return services.book(actor=actor, patient=patient, period_id=period.pk).pool


@pytest.fixture
def period():
    return PeriodFactory(public=2, family_doctor=2)


def test_the_signed_and_their_team_take_them_first(by, period):
    team = TeamFactory()
    contract = signed(team)
    assert booked_pool(by, contract.patient.user, contract.patient, period) == "family_doctor"
    colleague, other = join(team), signed(team)
    assert booked_pool(by, colleague, other.patient, period) == "family_doctor"
    assert places_of(period) == {"family_doctor": (2, 2), "public": (0, 2)}


def test_nobody_else_does(by, period):
    team = TeamFactory()
    unsigned = resident_of(team)
    assert booked_pool(by, unsigned.user, unsigned, period) == "public"
    stranger = TeamFactory(organisation=team.organisation)
    contract = signed(stranger)
    treated_by(team, contract.patient)
    assert booked_pool(by, team.leader, contract.patient, period) == "public"


def test_they_are_in_the_county_of_the_team(by):
    team = TeamFactory(organisation__division=DivisionFactory(code="522301", name="兴义市"))
    patient = PatientFactory(user=UserFactory(), managing_organisation=team.organisation)
    PackageFactory(division=team.organisation.division)
    signed(team, patient)
    hospital = OrganisationFactory()
    period = PeriodFactory(
        session=SessionFactory(department=DepartmentFactory(organisation=hospital)),
        public=1,
        family_doctor=1,
    )
    assert booked_pool(by, patient.user, patient, period) == "public"
