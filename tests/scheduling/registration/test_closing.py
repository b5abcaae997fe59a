"""A team closes: everybody it looked after goes on with another, or the county knows why not."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from records.consent import access
from scheduling.duties.models import Duty
from scheduling.duties.models import Status as DutyStatus
from scheduling.registration import queries, services
from scheduling.registration.models import Closing, Contract, Left, Panel, Status
from scheduling.registration.services import closing as closing_service
from scheduling.registration.services.signing import years_after
from scheduling.registration.villages import propose
from telemed.core import outbox
from telemed.core.errors import Conflict, Invalid, NotFound
from telemed.core.intentions import System, intention
from telemed.core.models import PolicyChange
from telemed.notifications.models import Notification
from telemed.people.events import AccountDisabled
from tests.factories.duties import due, elder_of
from tests.factories.people import ClinicFactory, DivisionFactory, StaffFactory
from tests.factories.registration import (
    TeamFactory,
    agreed,
    applied,
    read,
    resident_of,
    sign,
    signed,
)
from tests.factories.scheduling import at_once
from tests.scheduling.registration.looking import agree_to, steps, told
from tests.scheduling.registration.test_terms import fire_until, renewed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
WHY = "队长调离，卫生院合并团队"


@pytest.fixture
def head(team):
    return StaffFactory(role="head", organisation=team.organisation)


@pytest.fixture
def other(team):
    return TeamFactory(organisation=team.organisation)


def plan_for(team, successor):
    return dict.fromkeys(queries.people_by_village(team), successor and successor.pk)


def begin(head, team, successor, **more):
    facts = {"kind": "close", "reason": WHY, "plan": plan_for(team, successor), **more}
    with intention(head, door="test"):
        return services.begin_closing(actor=head, team_id=team.pk, **facts)


def closed(head, team, successor, **more):
    """Begun, worked off, and everybody told."""
    closing = begin(head, team, successor, **more)
    run_parts()
    outbox.deliver_waiting(1_000)
    closing.refresh_from_db()
    return closing


def run_parts(limit=25):
    while True:
        with intention(System("hand-over"), door="test"):
            if not services.hand_over_part(limit):
                return


def only(team, **facts):
    return Contract.objects.get(team=team, **facts)


def cap_is(n):
    PolicyChange.objects.create(
        name="registration.cap",
        value=n,
        effective_at=timezone.now(),
        set_by="test",
        set_by_name="test",
        reason="test",
    )


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


def signed_until(contract, *, years):
    return years_after(timezone.localdate(contract.signed_at), years) - timedelta(days=1)


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
    new = applied(other, duty.contract.patient, change_because="moved")
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


def test_nobody_is_left_without_a_team_unless_somebody_says_why(team, head):
    signed(team)
    with pytest.raises(Invalid, match="county's coordinators see it"):
        begin(head, team, None)
    team.refresh_from_db()
    assert team.shut_on is None
    assert not Closing.objects.exists()


def test_who_is_left_is_told_and_is_on_the_countys_list(team, head, by):
    coordinator = StaffFactory(role="coordinator", organisation=ClinicFactory())
    contract = signed(team)
    closing = closed(head, team, None, left_reason="本乡没有其他团队，县里协调")
    [left] = closing.left.all()
    assert left.because == "nobody"
    assert told(contract.patient.user)[-1] == "contract.left"
    assert told(coordinator) == ["team.left"]
    assert queries.left_in_county(coordinator) == [left]
    with by(coordinator), pytest.raises(Invalid, match="at least 5"):
        services.settle_left(actor=coordinator, left_id=left.pk, words="好")
    with by(coordinator):
        services.settle_left(actor=coordinator, left_id=left.pk, words="已电话联系，转楠木渡一队")
    assert queries.left_in_county(coordinator) == []
    second = StaffFactory(role="coordinator", organisation=coordinator.organisation)
    with by(second), pytest.raises(Conflict, match="seen to this person already"):
        services.settle_left(actor=second, left_id=left.pk, words="再次处理这一位")


def test_who_finds_a_team_by_themselves_leaves_the_countys_list(team, head, other):
    coordinator = StaffFactory(role="coordinator", organisation=ClinicFactory())
    contract = signed(team)
    closed(head, team, None, left_reason="本乡没有其他团队，县里协调")
    assert len(queries.left_in_county(coordinator)) == 1
    signed(other, contract.patient)
    assert queries.left_in_county(coordinator) == []


def test_the_list_is_the_own_countys_coordinators_alone(team, head, by):
    signed(team)
    closing = closed(head, team, None, left_reason="本乡没有其他团队，县里协调")
    [left] = closing.left.all()
    for stranger in (team.leader, StaffFactory(role="administrator")):
        assert queries.left_in_county(stranger) == []
        with by(stranger), pytest.raises(NotFound):
            services.settle_left(actor=stranger, left_id=left.pk, words="已电话联系")


def test_a_full_team_is_said_before_it_begins(team, head, other):
    cap_is(1)
    signed(other)
    signed(team)
    with pytest.raises(Invalid, match="has room for 0 of 1 people"):
        begin(head, team, other)


def test_a_place_that_was_taken_meanwhile_leaves_nobody_where_another_has_room(team, head, other):
    cap_is(2)
    third = TeamFactory(organisation=team.organisation)
    people = [resident_of(team, address=f"双流镇{name}三组") for name in ("双永村", "刘育村")]
    for one in people:
        signed(team, one)
    signed(other)
    begin(head, team, None, plan={"双永村": other.pk, "刘育村": third.pk})
    signed(other)  # the last place there
    run_parts()
    assert Contract.objects.filter(team=third, status=Status.ACTIVE).count() == 2
    assert not Left.objects.exists()


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
