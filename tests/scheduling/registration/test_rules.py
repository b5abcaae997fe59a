"""The times of a contract as rules of the house: set at their page, obeyed by what begins later."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from scheduling.registration import queries, services
from telemed.core import clocks
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from telemed.organisations.models import Organisation
from telemed.people.models import Role
from tests.factories.people import (
    DivisionFactory,
    OrganisationFactory,
    StaffFactory,
    UserFactory,
)
from tests.factories.registration import (
    agreed,
    applied,
    child_of,
    read,
    resident_of,
    sign,
    signed,
)
from tests.ruling import Page, ladder, lay
from tests.scheduling.registration.looking import agree_to, running, told
from tests.scheduling.registration.test_terms import fire_until

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def page(client, team):
    return Page(client, team.organisation)


def due_of(contract, kind):
    return list(
        Clock.objects.filter(about=contract.pk, kind=kind)
        .order_by("rung")
        .values_list("due_at", flat=True)
    )


def fire(moment):
    with time_machine.travel(moment + timedelta(seconds=1)):
        clocks.fire_due()


def test_reminders_to_sign_are_days_and_what_runs_keeps_its_own(page, team):
    before = agreed(team)
    kept = due_of(before, "contract.signature")
    status, said = page.ask("registration.signature.reminders", value="2，4, 9")
    assert status == 200
    assert "1 application that waits for its signature keeps its days" in said
    assert f"{team.organisation.name} {team.name}: 1" in said
    page.set("registration.signature.reminders", value="2，4, 9")
    after = agreed(team)
    began = Clock.objects.filter(about=after.pk).first().created_at
    days = [round((at - began) / timedelta(days=1)) for at in due_of(after, "contract.signature")]
    assert days == [2, 4, 9, 30]
    assert due_of(before, "contract.signature") == kept
    for n, at in enumerate(due_of(after, "contract.signature")):
        fire(at)
        after.refresh_from_db()
        assert after.status == ("withdrawn" if n == 3 else "agreed")
    assert told(after.patient.user).count("contract.unsigned") == 3


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("registration.signature.reminders", {"value": "25, 7"}, "the fewest first"),
        ("registration.signature.reminders", {"value": "7, 30"}, "on day 30 the time is over"),
        ("registration.signature.reminders", {"value": "7, x"}, "Give whole days"),
        ("registration.signature", {"amount": "20", "unit": "d"}, "on day 20 the time is over"),
        ("registration.renewal", {"value": "7, 30, 60"}, "the most first"),
        ("registration.renewal", {"value": "200"}, "From 1 d to 180 d"),
    ],
)
def test_days_that_cannot_be_are_refused(page, name, fields, said):
    status, answer = page.ask(name, **fields)
    assert (status, said in answer) == (422, True)


@pytest.mark.parametrize(
    "steps",
    [
        [(50, "", "leader"), (90, "", "county")],
        [(100, "", "leader"), (100, 60, "county")],
        [(50, 60, "leader"), (100, "", "county")],
    ],
)
def test_the_second_step_is_where_the_time_is_over(page, steps):
    status, answer = page.ask("registration.review.ladder", **ladder(*steps))
    assert (status, "Step 2 is at 100 per cent" in answer) == (422, True)


def test_who_hears_of_a_waiting_application_is_by_the_ladder_of_its_day(page, team):
    place = DivisionFactory(code=team.organisation.division_id[:6])
    office = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=place)
    county = StaffFactory(organisation=office, role=Role.COORDINATOR)
    before = applied(team)
    kept = due_of(before, "contract.review")
    page.set("registration.review.ladder", **ladder((25, "", "county"), (100, "", "leader")))
    after = applied(team)
    assert [len(due_of(one, "contract.review")) for one in (before, after)] == [3, 2]
    assert due_of(before, "contract.review") == kept
    fire(due_of(after, "contract.review")[0])
    assert told(county) == ["contract.waiting"]
    Clock.objects.filter(about=after.pk).delete()
    fire(kept[0])
    assert (told(county), told(team.leader)[-1]) == (["contract.waiting"], "contract.waiting")


def test_renewal_is_asked_on_the_days_of_when_it_began(page, team):
    before = signed(team)
    page.set("registration.renewal", value="90, 10")
    after = signed(team)
    for contract, days in ((before, [60, 30, 7]), (after, [90, 10])):
        asked = [timezone.localdate(at) for at in due_of(contract, "contract.renewal")]
        assert [(contract.term.upper - day).days for day in asked] == days


def test_a_hand_over_note_has_the_length_of_its_day(page, team, by):
    page.set("registration.handover", amount="2", unit="d")
    contract = signed(team)
    with by(contract.patient.user):
        services.end(
            actor=contract.patient.user, contract_id=contract.pk, because="wish", note="搬走了"
        )
    assert ("contract.handover", 1) in running(contract)
    half, whole = (
        clocks.worked(timezone.now(), at, "working") for at in due_of(contract, "contract.handover")
    )
    assert (round(half / timedelta(hours=1)), round(whole / timedelta(hours=1))) == (8, 16)


def test_a_smaller_cap_names_the_doctors_who_are_above_it(page, team):
    signed(team)
    signed(team)
    status, said = page.ask("registration.cap", value="2")
    assert status == 200
    assert "1 family doctor has signed so many already" in said
    assert team.leader.name in said
    assert "What runs already is not changed" in page.ask("registration.cap", value="3")[1]


@pytest.mark.parametrize(("days", "renewable"), [(49, True), (51, False)])
def test_what_ran_out_is_renewed_for_as_long_as_was_said(page, team, days, renewable):
    page.set("registration.renewable", value="50")
    contract = signed(team)
    over = contract.term.upper
    for at in (over - timedelta(days=59), over + timedelta(hours=1)):
        fire_until(at)
    contract.refresh_from_db()
    lapsed = Notification.objects.get(about=contract.pk, template="contract.lapsed")
    assert lapsed.facts["n"] == 50
    with time_machine.travel(over + timedelta(days=2)):
        lay("registration.renewable", 5, organisation_id=team.organisation_id)
        page = Page(page.client, team.organisation)
        assert "1 contract that ran out lately" in page.ask("registration.renewable", value="9")[1]
    with time_machine.travel(over + timedelta(days=days)):
        assert queries.is_renewable(contract) is renewable


def test_the_clinic_is_told_in_how_many_days_to_ring(page, team):
    page.set("registration.handover", amount="20", unit="h")
    contract = signed(team)
    over = contract.term.upper
    for at in (over - timedelta(days=59), over + timedelta(hours=1)):
        fire_until(at)
    message = Notification.objects.get(about=contract.pk, template="contract.lapsed_here")
    assert message.facts["n"] == 3  # what is begun is a day


def test_the_page_of_a_team_says_in_how_many_days_it_answers(client, page, team):
    page.set("registration.review", amount="24", unit="h")
    resident = resident_of(team)
    client.force_login(resident.user)
    said = client.get(f"/family-doctor/teams/{team.pk}/").content.decode()
    assert "The team answers within 3 working days" in said


def test_both_are_told_of_the_own_signature_by_the_rule_of_when_it_began(page, team, by):
    page.set("registration.of_age", value="90")
    today = timezone.localdate()
    born = (today - timedelta(days=int(17.5 * 365.25))).replace(day=1)
    parent = resident_of(team)
    child = child_of(parent, user=UserFactory(), born=born)
    with by(parent.user):
        [asked] = services.apply(actor=parent.user, people=[child], team_id=team.pk, years=2)
    contract = sign(read(agree_to(team, asked), parent.user), parent.user)
    [soon, asked_at, *_rest] = due_of(contract, "contract.of_age")
    assert (asked_at.date() - soon.date()).days == 90
    assert "1 contract of who comes of age" in page.ask("registration.of_age", value="30")[1]
