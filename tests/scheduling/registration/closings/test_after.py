"""What a hand-over leaves as it was, and what it changes."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from scheduling.registration import queries, services
from scheduling.registration.models import Contract, Status
from telemed.core.errors import Conflict, NotFound
from tests.factories.registration import (
    TeamFactory,
    agreed,
    applied,
    read,
    resident_of,
    sign,
    signed,
)
from tests.scheduling.registration.closings.handing import (
    begin,
    closed,
    only,
)
from tests.scheduling.registration.looking import agree_to, told
from tests.scheduling.registration.test_terms import fire_until, renewed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_who_was_handed_over_may_choose_another_team_for_thirty_days(team, head, other, by):
    third = TeamFactory(organisation=team.organisation)
    before = signed(team)
    closed(head, team, other)
    actor = before.patient.user
    day = timezone.now() + timedelta(days=31)
    with time_machine.travel(day), by(actor), pytest.raises(Conflict, match="one full year"):
        services.apply(actor=actor, people=[before.patient], team_id=third.pk)
    with time_machine.travel(day), by(actor), pytest.raises(Conflict, match="No team of this"):
        services.apply(
            actor=actor, people=[before.patient], team_id=third.pk, change_because="team_closed"
        )
    new = applied(third, before.patient)
    assert (new.change_because, new.replaces) == ("team_closed", only(other))
    assert sign(read(agree_to(third, new))).status == Status.ACTIVE


def test_a_hand_over_begins_no_new_year(team, head, other):
    before = signed(team, years=2)
    with time_machine.travel(timezone.now() + timedelta(days=200)):
        closed(head, team, other)
    third = TeamFactory(organisation=team.organisation)
    with time_machine.travel(timezone.now() + timedelta(days=367)):
        assert applied(third, before.patient).replaces == only(other)


def test_applications_are_given_back_with_the_team_that_takes_the_village(team, head, other):
    waiting, unsigned = applied(team), agreed(team)
    closed(head, team, other)
    for contract, status in ((waiting, Status.REJECTED), (unsigned, Status.WITHDRAWN)):
        contract.refresh_from_db()
        assert (contract.status, contract.rejection) == (status, "closed")
        assert told(contract.patient.user)[-1].startswith("contract.re")


def test_one_that_was_renewed_goes_on_with_the_renewal(team, head, other):
    old = signed(team)
    over = old.term.upper
    asked = over - timedelta(days=59)
    fire_until(asked)
    with time_machine.travel(asked):
        new = sign(read(renewed(old, years=3)))
        end = new.term.upper
        closed(head, team, other)
    old.refresh_from_db()
    new.refresh_from_db()
    after = only(other)
    assert (old.status, new.status, after.status) == ("renewed", "ended", "active")
    assert (old.term.upper, after.term.lower) == (asked, asked)
    assert after.term.upper == end


def test_what_was_to_be_renewed_still_is(team, head, other):
    old = signed(team)
    asked = old.term.upper - timedelta(days=59)
    fire_until(asked)
    with time_machine.travel(asked):
        closed(head, team, other)
        after = only(other)
        assert after.status == Status.RENEWAL_ASKED
        assert renewed(after).team == other


def test_a_team_that_closes_takes_nobody(team, head, other, by):
    contract = signed(team)
    patient = resident_of(team)
    begin(head, team, other)
    assert team not in queries.teams_near(patient)
    with by(patient.user), pytest.raises(NotFound):
        services.apply(actor=patient.user, people=[patient], team_id=team.pk)
    with pytest.raises(IntegrityError, match="takes nobody"):
        Contract.objects.create(
            patient=patient,
            person_key=patient.pk,
            form=patient.pk,
            team=team,
            package=contract.package,
            status=Status.APPLIED,
            channel="web",
            applied_by=patient.user,
            applied_at=timezone.now(),
        )
