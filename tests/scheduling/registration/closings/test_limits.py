"""What closing a team refuses, and what breaks off."""

import pytest
from django.utils import timezone

from scheduling.registration import queries, services
from scheduling.registration.models import Closing, Contract, Status
from scheduling.registration.services import closing as closing_service
from telemed.core import outbox
from telemed.core.errors import Conflict, Invalid, NotFound
from telemed.core.intentions import System, intention
from telemed.notifications.models import Notification
from telemed.people.events import AccountDisabled
from tests.factories.people import ClinicFactory, DivisionFactory, StaffFactory
from tests.factories.registration import (
    TeamFactory,
    applied,
    signed,
)
from tests.scheduling.registration.closings.handing import (
    WHY,
    begin,
    closed,
    only,
    run_parts,
)
from tests.scheduling.registration.looking import told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_two_close_one_team_and_the_second_hears_who_was_first(team, head, other):
    signed(team)
    begin(head, team, other)
    second = StaffFactory(role="administrator", organisation=team.organisation)
    with pytest.raises(Conflict, match=f"{head.name} began to hand this team over"):
        begin(second, team, other)


def test_a_team_that_is_receiving_people_does_not_close(team, head, other):
    signed(team)
    begin(head, team, other)
    third = TeamFactory(organisation=team.organisation)
    with pytest.raises(Conflict, match="is handing its residents over to this team"):
        begin(head, other, third)


def test_only_who_keeps_the_teams_of_the_clinic_closes_one(team, other, by):
    signed(team)
    with pytest.raises(NotFound):
        begin(team.leader, team, other)
    with pytest.raises(NotFound):
        begin(StaffFactory(role="head", organisation=ClinicFactory()), team, other)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"kind": "whim"}, "choose what happens"),
        ({"reason": "无"}, "at least 5"),
        ({"plan": {}}, "look at the villages again"),
    ],
)
def test_a_form_that_cannot_be(team, head, other, more, said):
    signed(team)
    with pytest.raises((Invalid, Conflict), match=said):
        begin(head, team, other, **more)
    assert not Closing.objects.exists()


def test_a_team_elsewhere_takes_nobody_over(team, head):
    signed(team)
    far = TeamFactory(organisation=ClinicFactory(division=DivisionFactory(code="522301")))
    with pytest.raises(Invalid, match="takes people"):
        begin(head, team, far)


def test_a_suspended_team_opens_again_and_those_who_went_stay(team, head, other, by):
    signed(team)
    closed(head, team, other, kind="suspend")
    team.refresh_from_db()
    assert (team.shut_on is not None, team.closed_on) == (True, None)
    with by(head):
        services.resume_team(actor=head, team_id=team.pk)
    assert applied(team).status == Status.APPLIED
    assert only(other).status == Status.ACTIVE


def test_a_team_without_people_closes_at_once(team, head):
    closing = closed(head, team, None)
    assert (closing.people, closing.finished_at is not None) == (0, True)


def test_who_died_meanwhile_is_not_handed_over(team, head, other):
    contract = signed(team)
    begin(head, team, other)
    contract.patient.deceased_on = timezone.localdate()
    contract.patient.save()
    run_parts()
    contract.refresh_from_db()
    assert (contract.status, contract.ended_because) == (Status.ENDED, "death")
    assert not Contract.objects.filter(team=other).exists()


def test_a_leader_who_leaves_is_said_to_who_keeps_the_teams(team, head):
    admin = StaffFactory(role="administrator", organisation=team.organisation)
    signed(team)
    team.leader.is_active = False
    team.leader.save()
    with intention(System("test"), door="test"):
        outbox.announce(AccountDisabled(user_id=team.leader.pk))
    outbox.deliver_waiting()
    assert [told(one) for one in (head, admin)] == [["team.leaderless"]] * 2
    assert queries.leaderless(team.organisation_id) == [team]
    message = Notification.objects.get(recipient=head)
    assert (message.facts["who"], message.facts["n"]) == (team.leader.name, 1)


def test_somebody_who_serves_is_not_asked_for_a_note_about_a_thousand(team, head, other):
    """What was handed over needs no note one by one: the reason of the closing stands there."""
    before = signed(team)
    closed(head, team, other)
    before.refresh_from_db()
    assert before.hand_over == WHY
    assert before.handed_over_at


def test_a_part_that_breaks_off_leaves_nothing_half_done_and_the_next_goes_on(
    team, head, other, monkeypatch
):
    for _ in range(5):
        signed(team)
    closing = begin(head, team, other)
    moved = []

    def breaks(*args):
        if len(moved) == 3:
            raise RuntimeError("the worker died")
        moved.append(move(*args))

    move = closing_service._move
    with monkeypatch.context() as patched:
        patched.setattr(closing_service, "_move", breaks)
        with pytest.raises(RuntimeError, match="died"):
            run_parts()
    closing.refresh_from_db()
    assert (closing.moved, Contract.objects.filter(team=other).count()) == (0, 0)
    run_parts(2)
    closing.refresh_from_db()
    assert (closing.moved, Contract.objects.filter(team=other).count()) == (5, 5)
