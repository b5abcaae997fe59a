"""Two records that become one, with contracts on either."""

import pytest
from django.utils import translation

from records.mpi import merge_checks
from scheduling.registration import queries
from tests.factories.registration import TeamFactory, applied, resident_of, signed

pytestmark = pytest.mark.django_db


def test_two_contracts_stand_in_the_way(team):
    other = TeamFactory(organisation=team.organisation)
    one, two = signed(team), signed(other)
    with translation.override("en"):
        said = merge_checks.blockers(one.patient, two.patient)
    assert f"both are signed with a family doctor ({team.name})" in said


def test_two_applications_at_one_team_stand_in_the_way(team):
    one, two = applied(team), applied(team)
    with translation.override("en"):
        said = merge_checks.blockers(one.patient, two.patient)
    assert f"both applied at one team ({team.name})" in said


def test_a_contract_goes_with_the_record_and_comes_back(team, by):
    contract, survivor = signed(team), resident_of(team)
    loser = contract.patient
    assert merge_checks.blockers(loser, survivor) == []
    with by(team.leader):
        merge_checks.run_merge(loser, survivor)
    assert queries.current_of(survivor) == contract
    with by(team.leader):
        merge_checks.run_separate(loser, survivor)
    assert queries.current_of(survivor) is None
    assert queries.current_of(loser) == contract
