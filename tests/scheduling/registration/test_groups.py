"""To which of the groups that come first somebody belongs."""

import pytest
from django.utils import timezone

from records.mpi.models import LowIncome, LowIncomeList
from scheduling.registration.groups import groups_of
from scheduling.registration.models import Group
from telemed.organisations.models import Division
from tests.factories.people import (
    DivisionFactory,
    OrganisationFactory,
    PatientFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "found"),
    [(LowIncome.Kind.MONITORED, True), (LowIncome.Kind.SUBSISTENCE, False)],
)
def test_who_is_monitored_stands_on_the_register_of_the_county(by, kind, found):
    county = DivisionFactory(code="520121", level=Division.Level.COUNTY, name="开阳县")
    keeper = StaffFactory(organisation=OrganisationFactory(division=county))
    brought = LowIncomeList.objects.create(
        county=county,
        valid_from=timezone.localdate(),
        organisation=keeper.organisation,
        brought_by=keeper,
    )
    LowIncome.objects.create(
        brought_in=brought, id_card_hash="h" * 43, kind=kind, valid_from=timezone.localdate()
    )
    person = PatientFactory(id_card_hash="h" * 43)
    with by(keeper):
        assert (Group.MONITORED in groups_of(person)) == found
