"""Contracts as others see them, with the states of workflows.md section 16."""

import json

import pytest
from fhir.resources.R4B.careteam import CareTeam
from fhir.resources.R4B.contract import Contract as ContractResource
from fhir.resources.R4B.episodeofcare import EpisodeOfCare

from records.fhir.models import Version
from scheduling.registration import services
from scheduling.registration.models import Contract
from scheduling.registration.queries import people_by_village
from scheduling.registration.tasks import hand_over_teams_task
from tests.factories.people import StaffFactory
from tests.factories.registration import TeamFactory, agreed, applied, signed

pytestmark = pytest.mark.django_db
CLASSES = {"Contract": ContractResource, "CareTeam": CareTeam, "EpisodeOfCare": EpisodeOfCare}


def faces(contract):
    """The newest status of each type that is published about it."""
    contract.refresh_from_db()
    rows = [contract, contract.assignment, getattr(contract, "episode", None)]
    found = {}
    for row in filter(None, rows):
        newest = [
            json.loads(one.body)
            for one in Version.objects.order_by("version")
            if json.loads(one.body)["id"] == str(row.pk)
        ][-1]
        CLASSES[newest["resourceType"]].model_validate(
            {k: v for k, v in newest.items() if k != "meta"}
        )
        found[newest["resourceType"]] = newest["status"]
    return found


def test_before_it_is_signed(team, by):
    contract = applied(team)
    assert faces(contract) == {"Contract": "offered", "CareTeam": "proposed"}
    with by(team.leader):
        services.agree(actor=team.leader, contract_id=contract.pk)
    assert faces(contract) == {"Contract": "executable", "CareTeam": "proposed"}
    with by(contract.patient.user):
        services.withdraw(actor=contract.patient.user, contract_id=contract.pk)
    assert faces(contract) == {"Contract": "revoked", "CareTeam": "inactive"}


def test_rejected(team, by):
    contract = applied(team)
    with by(team.leader):
        services.reject(actor=team.leader, contract_id=contract.pk, rejection="area")
    assert faces(contract) == {"Contract": "rejected", "CareTeam": "inactive"}


def test_in_force_and_ended(team, by):
    contract = signed(team)
    assert faces(contract) == {
        "Contract": "executed",
        "CareTeam": "active",
        "EpisodeOfCare": "active",
    }
    with by(contract.patient.user):
        services.end(actor=contract.patient.user, contract_id=contract.pk, because="wish")
    assert faces(contract) == {
        "Contract": "cancelled",
        "CareTeam": "inactive",
        "EpisodeOfCare": "finished",
    }


def test_a_team_is_published_with_its_members(team, by):
    head = StaffFactory(role="head", organisation=team.organisation)
    with by(head):
        services.add_member(actor=head, team_id=team.pk, function="nurse", name="王护士")
    [body] = [
        json.loads(one.body)
        for one in Version.objects.all()
        if json.loads(one.body)["id"] == str(team.pk)
    ]
    assert body["resourceType"] == "CareTeam"
    assert [one["member"]["display"] for one in body["participant"]] == [
        team.leader.name,
        "王护士",
    ]
    assert "subject" not in body


def test_the_store_knows_whose_contract_it_is(team):
    from records.fhir.models import Resource

    contract = agreed(team)
    rows = Resource.objects.filter(fhir_id__in=[str(contract.pk), str(contract.assignment.pk)])
    assert set(rows.values_list("patient", flat=True)) == {contract.patient.rid}


def test_handed_over_by_a_team_that_closes(team, by):
    head = StaffFactory(role="head", organisation=team.organisation)
    other = TeamFactory(organisation=team.organisation)
    before = signed(team)
    with by(head):
        services.begin_closing(
            actor=head,
            team_id=team.pk,
            kind="close",
            reason="两队合并办公",
            plan=dict.fromkeys(people_by_village(team), other.pk),
        )
    hand_over_teams_task()
    assert faces(before) == {
        "Contract": "cancelled",
        "CareTeam": "inactive",
        "EpisodeOfCare": "finished",
    }
    assert faces(Contract.objects.get(team=other)) == {
        "Contract": "executed",
        "CareTeam": "active",
        "EpisodeOfCare": "active",
    }
