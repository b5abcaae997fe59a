"""Who is left without a team is the county's to see to."""

import pytest

from scheduling.registration import queries, services
from scheduling.registration.models import Closing, Contract, Left, Status
from telemed.core.errors import Conflict, Invalid, NotFound
from tests.factories.people import ClinicFactory, StaffFactory
from tests.factories.registration import (
    TeamFactory,
    resident_of,
    signed,
)
from tests.scheduling.registration.closings.handing import (
    begin,
    cap_is,
    closed,
    run_parts,
)
from tests.scheduling.registration.looking import told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


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
