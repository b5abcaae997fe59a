"""A team closes: the head hands its residents over, the other team and they themselves see it."""

import pytest
from playwright.sync_api import expect

from scheduling.registration import queries, tasks
from scheduling.registration.models import Closing, Contract, Status
from telemed.core import outbox
from tests.factories.people import ClinicFactory, StaffFactory
from tests.factories.registration import TeamFactory, resident_of, signed
from tests.marks import committed

pytestmark = committed
ADDRESSES = ("双流镇双永村三组", "双流镇双永村一组", "双流镇刘育村二组")


@pytest.fixture
def team():
    return TeamFactory(name="双流二队")


@pytest.fixture
def other(team):
    return TeamFactory(name="双流一队", organisation=team.organisation, villages="双永村")


@pytest.fixture
def head(team, other):
    return StaffFactory(role="head", organisation=team.organisation)


def test_a_team_is_closed_and_its_residents_go_on_with_another(hand_of, team, other, head):
    people = [resident_of(team, address=address) for address in ADDRESSES]
    for one in people:
        signed(team, one)
    hand = hand_of(head, f"/family-doctor/keep/{team.pk}/")
    hand.do("main a.btn[href$='/close/']")
    expect(hand.page.locator("main tbody tr")).to_have_count(2)
    hand.sees("team-close")

    # Too short a reason comes back with everything that was chosen
    hand.type("input[name=reason]", "无")
    hand.choose("select[name='to-1']", "")
    hand.do("main form button.btn--p")
    expect(hand.page.locator("main .f__err").first).to_be_visible()
    expect(hand.page.locator("select[name='to-1']")).to_have_value("")
    hand.sees("team-close-refused")

    hand.type("input[name=reason]", "队长调离，两队合并")
    hand.choose("select[name='to-1']", str(other.pk))
    hand.do("main form button.btn--p")
    expect(hand.page.locator("main progress")).to_be_visible()
    hand.sees("team-closing")
    tasks.hand_over_teams_task()
    outbox.deliver_waiting(1_000)
    hand.do("main a.btn[href='']")
    expect(hand.page.locator("main li b")).to_have_text(other.name)
    hand.sees("team-closed")
    assert Contract.objects.filter(team=other, status=Status.ACTIVE).count() == len(people)

    # The resident reads who goes on, and that another team may be chosen
    phone = hand_of(people[0].user, "/family-doctor/", width=390)
    phone.do("main article a.btn")
    expect(phone.page.locator("main .ban")).to_contain_text(team.name)
    phone.sees("team-closed-resident", there="main")
    phone.do("main .ban a.btn")
    phone.sees("team-closed-choose", there="main")


def test_who_is_left_is_red_with_the_county_until_somebody_has_seen_to_them(
    hand_of, team, other, head
):
    signed(team, resident_of(team, name="石美凤", address=ADDRESSES[0], phone="13800000000"))
    hand = hand_of(head, f"/family-doctor/keep/{team.pk}/close/")
    hand.choose("select[name='to-0']", "")
    hand.type("input[name=reason]", "队长调离，暂停服务")
    hand.do("main form button.btn--p")
    expect(hand.page.locator("main .f--err textarea")).to_be_visible()
    hand.type("textarea[name=left_reason]", "本乡没有其他团队，县里协调")
    hand.do("main form button.btn--p")
    expect(hand.page.locator("main progress")).to_be_visible()
    tasks.hand_over_teams_task()
    outbox.deliver_waiting(1_000)

    coordinator = StaffFactory(role="coordinator", organisation=ClinicFactory())
    desk = hand_of(coordinator, "/family-doctor/left/")
    expect(desk.page.locator("main tbody tr")).to_have_count(1)
    desk.sees("left-behind")
    desk.do("main summary")
    desk.type("main td input[name=note]", "已电话联系，转楠木渡一队")
    desk.do("main td form button")
    expect(desk.page.locator("main tbody tr")).to_have_count(0)
    assert queries.left_in_county(coordinator) == []
    assert Closing.objects.get().left.get().settled_by == coordinator


def test_a_team_whose_leader_left_says_so(page_as, team, head):
    signed(team)
    team.leader.is_active = False
    team.leader.save()
    page = page_as(head)
    page.goto(f"/family-doctor/keep/{team.pk}/")
    expect(page.locator("main .ban--r")).to_be_visible()
    page.locator("main .ban--r a.btn").click()
    expect(page.locator("main tbody tr")).to_have_count(1)
