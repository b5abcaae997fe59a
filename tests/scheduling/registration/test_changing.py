"""A change of team, its year, and where one contract follows another."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from records.mpi.models import Patient
from scheduling.registration import queries, services
from scheduling.registration.models import Contract, Panel, Status
from scheduling.registration.services.signing import years_after
from telemed.core.errors import Conflict, Invalid
from telemed.organisations.models import Organisation
from tests.factories.people import DivisionFactory, OrganisationFactory
from tests.factories.registration import (
    PackageFactory,
    TeamFactory,
    applied,
    read,
    resident_of,
    sign,
    signed,
    upheld,
)
from tests.scheduling.registration.looking import agree_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_a_change_waits_for_a_year_or_a_listed_reason(team, by):
    old = signed(team)
    other = TeamFactory(organisation=team.organisation)
    actor = old.patient.user
    with by(actor), pytest.raises(Conflict, match="one full year"):
        services.apply(actor=actor, people=[old.patient], team_id=other.pk)
    new = applied(other, upheld(old).patient, change_because="complaint")
    assert new.replaces == old
    sign(read(agree_to(other, new)))
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, old.ended_because, new.status) == ("ended", "changed", "active")
    assert Panel.objects.get(doctor=team.leader).signed == 0
    assert queries.current_of(old.patient) == new


def test_after_a_year_a_change_needs_no_reason(team):
    old = signed(team, years=2)
    other = TeamFactory(organisation=team.organisation)
    with time_machine.travel(timezone.now() + timedelta(days=367)):
        assert applied(other, old.patient).replaces == old


def test_signing_with_one_team_withdraws_what_waits_at_another(team):
    other = TeamFactory(organisation=team.organisation)
    patient = resident_of(team)
    waiting = applied(other, patient)
    signed(team, patient)
    waiting.refresh_from_db()
    assert waiting.status == Status.WITHDRAWN


def test_to_end_it_and_to_sign_elsewhere_the_day_after_is_a_change_too(team, by):
    contract = signed(team)
    actor, patient = contract.patient.user, contract.patient
    other = TeamFactory(organisation=team.organisation)
    with by(actor):
        services.end(actor=actor, contract_id=contract.pk, because="wish")
    with by(actor), pytest.raises(Conflict, match="ended in its first year"):
        services.apply(actor=actor, people=[patient], team_id=other.pk)
    assert applied(team, patient).status == Status.APPLIED
    upheld(contract)
    assert applied(other, patient, change_because="complaint").status == Status.APPLIED
    third = TeamFactory(organisation=team.organisation)
    with time_machine.travel(years_after(timezone.localdate(), 1) + timedelta(days=1)):
        assert applied(third, patient).status == Status.APPLIED


@pytest.mark.parametrize(
    ("because", "error", "said"),
    [
        ("team_closed", Conflict, "No team of this person was closed"),
        ("moved", Conflict, "address on record is in the county"),
        ("complaint", Conflict, "The county has upheld no complaint"),
        ("wish", Invalid, "choose the reason"),
        ("rubbish", Invalid, "choose the reason"),
    ],
)
def test_a_reason_that_is_none_opens_no_change(team, by, because, error, said):
    old = signed(team)
    other = TeamFactory(organisation=team.organisation)
    actor = old.patient.user
    with by(actor), pytest.raises(error, match=said):
        services.apply(actor=actor, people=[old.patient], team_id=other.pk, change_because=because)
    assert Contract.objects.count() == 1


@pytest.mark.parametrize(("years", "days", "fits"), [(3, 0, True), (3, 2, False), (4, 0, False)])
def test_the_database_knows_no_term_over_three_years(team, years, days, fits):
    contract = signed(team)
    over = years_after(timezone.localdate(), years) + timedelta(days=days)
    term = DateRange(timezone.localdate(), over)
    rows = Contract.objects.filter(pk=contract.pk)
    if fits:
        rows.update(term=term)
        return
    with pytest.raises(IntegrityError, match="three_years"):
        rows.update(term=term)


def test_a_new_contract_begins_where_the_ended_one_stops_and_never_before(team):
    old = signed(team, years=2)
    other = TeamFactory(organisation=team.organisation)
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        new = sign(read(agree_to(other, applied(other, old.patient))))
    old.refresh_from_db()
    assert old.term.upper == new.term.lower
    earlier = DateRange(old.term.lower, new.term.upper)
    with pytest.raises(IntegrityError, match="two_family_doctors"):
        Contract.objects.filter(pk=new.pk).update(term=earlier)


def test_who_has_moved_to_another_county_changes_at_once(team):
    old = signed(team)
    away = OrganisationFactory(
        kind=Organisation.Kind.TOWNSHIP_CLINIC,
        division=DivisionFactory(code="520122", name="息烽县"),
    )
    PackageFactory(division=away.division)
    Patient.objects.filter(pk=old.patient_id).update(managing_organisation=away)
    person = Patient.objects.get(pk=old.patient_id)
    new = applied(TeamFactory(organisation=away), person, change_because="moved")
    assert new.replaces == old
