"""A team closes: everybody it looked after goes on with another."""

import pytest
from django.utils import timezone

from records.consent import access
from scheduling.duties.models import Duty
from scheduling.duties.models import Status as DutyStatus
from scheduling.registration import queries
from scheduling.registration.models import Panel, Status
from scheduling.registration.villages import propose
from telemed.core import outbox
from telemed.notifications.models import Notification
from tests.factories.duties import due, elder_of
from tests.factories.registration import (
    TeamFactory,
    applied,
    read,
    resident_of,
    sign,
    signed,
    upheld,
)
from tests.factories.scheduling import at_once
from tests.scheduling.registration.closings.handing import (
    closed,
    only,
    signed_until,
)
from tests.scheduling.registration.looking import agree_to, steps, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_the_contract_goes_on_as_it_was_signed_with_the_other_team(team, head, other):
    before = signed(team, years=2)
    closing = closed(head, team, other)
    before.refresh_from_db()
    after = only(other)
    assert (before.status, before.ended_because) == (Status.ENDED, "team_closed")
    assert (after.status, after.channel, after.replaces) == (Status.ACTIVE, "handed", before)
    assert after.last_day == signed_until(before, years=2)
    assert (after.text_hash, after.package_id) == (before.text_hash, before.package_id)
    assert (after.signed_at, after.signed_by) == (before.signed_at, "self")
    assert steps(after) == ["contract.propose", "contract.take_over", "contract.activate"]
    assert [Panel.objects.get(doctor=one.leader).signed for one in (team, other)] == [0, 1]
    assert (closing.moved, closing.people, closing.left.count()) == (1, 1, 0)
    team.refresh_from_db()
    assert team.closed_on == timezone.localdate()
    assert access.decide(other.leader, "read", before.patient).allowed
    at_once(lambda: None)


def test_everybody_is_told_once_and_in_no_word_that_it_only_ended(team, head, other):
    before = signed(team)
    heard = len(told(before.patient.user))
    closed(head, team, other)
    assert told(before.patient.user)[heard:] == ["contract.moved"]
    moved = Notification.objects.get(template="contract.moved")
    assert moved.facts["who"] == other.leader.name
    assert told(other.leader)[-1:] == ["team.received"]
    assert told(head) == ["team.handed_over"]


def test_what_is_due_goes_along(team, head, other):
    duty = due(team, patient=elder_of(team))
    closed(head, team, other)
    duty.refresh_from_db()
    assert duty.status == DutyStatus.DUE
    assert duty.contract.team == other
    assert not Duty.objects.filter(status=DutyStatus.WAIVED).exists()


def test_what_is_due_goes_along_with_a_change_of_team_too(team, other):
    duty = due(team)
    outbox.deliver_waiting(1_000)
    new = applied(other, upheld(duty.contract).patient, change_because="complaint")
    sign(read(agree_to(other, new)))
    outbox.deliver_waiting(1_000)
    duty.refresh_from_db()
    assert (duty.status, duty.contract_id) == (DutyStatus.DUE, new.pk)


def test_villages_are_split_as_planned(team, head, other):
    third = TeamFactory(organisation=team.organisation)
    here = signed(team, resident_of(team, address="双流镇双永村三组"))
    there = signed(team, resident_of(team, address="双流镇刘育村一组"))
    assert queries.people_by_village(team) == {"刘育村": 1, "双永村": 1}
    closed(head, team, other, plan={"双永村": other.pk, "刘育村": third.pk})
    assert only(other).patient == here.patient
    assert only(third).patient == there.patient


def test_the_proposal_goes_by_names_then_by_room(team, other):
    third = TeamFactory(organisation=team.organisation, villages="用沙村")
    room = {other.pk: 10, third.pk: 3}
    found = propose({"用沙村": 2, "三合村": 5, "远村": 50}, [other, third], room)
    assert found == {"用沙村": third, "三合村": other, "远村": None}
