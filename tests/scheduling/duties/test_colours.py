"""The five colours of a pregnancy: how often she is seen, who is told, and who is seen first."""

from datetime import date, timedelta
from importlib import import_module

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from scheduling.duties import queries, services
from scheduling.duties.models import Code, Duty, Plan
from scheduling.duties.services import Dates
from scheduling.duties.services.planning import ENTERED
from scheduling.duties.tasks import plan_duties_task
from scheduling.referrals.models import Referral
from scheduling.registration.models import Group
from telemed.core import outbox
from telemed.notifications.models import Notification
from telemed.organisations.models import Organisation
from tests.factories.duties import FINE, begun, serve
from tests.factories.people import DepartmentFactory, OrganisationFactory
from tests.factories.registration import TeamFactory, applied, read, resident_of, sign, upheld
from tests.scheduling.registration.looking import agree_to
from tests.scheduling.registration.test_terms import fire_until, renewed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)
EVERY = {"yellow": 28, "orange": 14, "red": 7, "purple": 28}


@pytest.fixture
def expecting(team):
    woman = resident_of(team, sex="female", birth_date=date(1998, 5, 4))
    return begun(team, Group.PREGNANT, patient=woman)


@pytest.fixture
def colour(team, expecting, by):
    def colour(risk, **said):
        said = said or {"weeks": 20}
        with by(team.leader):
            return services.set_dates(
                actor=team.leader, contract_id=expecting.pk, said=Dates(risk=risk, **said)
            )

    return colour


def ahead(contract):
    rows = Duty.objects.filter(contract=contract, rule=Code.PREGNANCY)
    return list(rows.exclude(status__in=["waived", "confirmed", "done"]).order_by("due_on"))


@pytest.mark.parametrize("risk", ["", "green"])
def test_without_a_risk_the_windows_are_enough(colour, expecting, risk):
    colour(risk)
    plan_duties_task()
    assert ahead(expecting) == []


@pytest.mark.parametrize(("risk", "days"), EVERY.items())
def test_the_colour_says_how_often_she_is_seen(colour, expecting, risk, days):
    colour(risk)
    [first] = ahead(expecting)
    assert first.due_on == timezone.localdate() + min(days, 14) * DAY
    with time_machine.travel(timezone.now() + 5 * DAY):
        serve(first, found=FINE)
        plan_duties_task()
        [following] = ahead(expecting)
        assert following.due_on == timezone.localdate() + days * DAY
        assert following.closes_on > following.due_on


@pytest.mark.parametrize(("risk", "days"), [("orange", 14), ("red", 7)])
def test_who_is_seen_on_the_day_of_her_colour_is_seen_again(colour, expecting, risk, days):
    colour(risk)
    serve(ahead(expecting)[0], found=FINE)
    with time_machine.travel(timezone.now() + DAY):
        plan_duties_task()
        plan_duties_task()
        [following] = ahead(expecting)
        assert following.due_on == timezone.localdate() + days * DAY


def test_a_higher_colour_brings_the_next_one_forward(colour, expecting):
    plan = colour("yellow")
    colour("red", expected_on=plan.expected_on)
    [first] = ahead(expecting)
    assert first.due_on == timezone.localdate() + 7 * DAY
    colour("green", expected_on=plan.expected_on)
    plan_duties_task()
    assert ahead(expecting) == []


def test_a_colour_that_comes_after_the_due_date_counts_at_once(colour, expecting):
    plan = colour("")
    colour("orange", expected_on=plan.expected_on)
    [first] = ahead(expecting)
    assert (first.due_on - timezone.localdate()).days in (13, 14)
    with time_machine.travel(timezone.now() + 13 * DAY):
        serve(first, found=FINE)
        plan_duties_task()
        [following] = ahead(expecting)
        assert following.due_on == timezone.localdate() + 14 * DAY


def test_what_was_missed_is_followed_by_the_next(colour, expecting):
    colour("red")
    with time_machine.travel(timezone.now() + 15 * DAY):
        plan_duties_task()
        missed, later = (
            Duty.objects.filter(
                contract=expecting, rule=Code.PREGNANCY, due_on__gt=timezone.localdate() - 14 * DAY
            )
            .exclude(status="waived")
            .order_by("due_on")
        )
        assert (missed.status, (later.due_on - missed.due_on).days) == ("missed", 7)


@pytest.mark.parametrize(
    ("risk", "asked"), [("yellow", False), ("orange", True), ("red", True), ("purple", True)]
)
def test_from_orange_on_a_hospital_is_asked_and_the_team_told(
    client, team, colour, expecting, risk, asked
):
    plan = colour(risk)
    assert Notification.objects.filter(template="duty.risk").exists() == asked
    team.leader.language = "en"
    team.leader.save()
    client.force_login(team.leader)
    page = f"/family-doctor/duties/plans/{expecting.pk}/"
    assert ("refer her now" in client.get(page).content.decode()) == asked
    assert queries.urgency(ahead(expecting)[0]) == (1 if asked else 4)
    hospital = OrganisationFactory(kind=Organisation.Kind.HOSPITAL)
    Referral.objects.create(
        number="Z1",
        status="sent",
        patient=expecting.patient,
        person_key=expecting.person_key,
        sending=team.organisation,
        sender=team.leader,
        organisation=hospital,
        department=DepartmentFactory(organisation=hospital),
        reason="高危妊娠",
        agreed="told",
    )
    assert "refer her now" not in client.get(page).content.decode()
    assert Plan.objects.get(pk=plan.pk).risk == risk


def changed_team(contract, colour):
    plan = colour("red")
    other = TeamFactory(organisation=contract.team.organisation)
    new = applied(other, upheld(contract).patient, change_because="complaint")
    return plan, sign(read(agree_to(other, new))), timezone.now()


def renewal(contract, colour):
    over = contract.term.upper
    fire_until(over - 59 * DAY)
    with time_machine.travel(over - 20 * DAY):
        return colour("red"), sign(read(renewed(contract))), over


@pytest.mark.parametrize("way", [changed_team, renewal])
def test_the_next_contract_goes_on_with_her_colour_and_her_days(colour, expecting, way):
    before, new, at = way(expecting, colour)
    fire_until(at)
    with time_machine.travel(at + DAY):
        outbox.deliver_waiting(1_000)
        plan = Plan.objects.get(contract=new)
        assert [getattr(plan, one) for one in ENTERED] == [getattr(before, one) for one in ENTERED]
        first, *_ = ahead(new)
        serve(first, found=FINE)
        plan_duties_task()
        [following] = ahead(new)
        assert following.due_on == timezone.localdate() + 7 * DAY


def test_a_colour_without_a_day_is_kept_for_the_next_contract(colour, expecting):
    plan = colour("red")
    Plan.objects.filter(pk=plan.pk).update(expected_on=None)
    _, new, at = changed_team(expecting, lambda risk: plan)
    fire_until(at)
    outbox.deliver_waiting(1_000)
    kept = Plan.objects.get(contract=new)
    assert (kept.expected_on, kept.risk, kept.risk_at) == (None, "red", plan.risk_at)


def test_what_is_long_past_is_not_kept_for_the_next_contract(colour, expecting):
    plan = colour("red")
    Plan.objects.filter(pk=plan.pk).update(expected_on=timezone.localdate() - 181 * DAY)
    _, new, at = changed_team(expecting, lambda risk: plan)
    fire_until(at)
    outbox.deliver_waiting(1_000)
    kept = Plan.objects.get(contract=new)
    assert (kept.expected_on, kept.risk, kept.risk_at) == (None, "", None)


def test_a_colour_from_before_its_day_was_kept_has_that_of_its_plan(colour):
    migration = import_module("scheduling.duties.migrations.0020_colours_from_before")
    plan = colour("red")
    kept = plan.risk_at
    other = begun(TeamFactory()).plan
    for was in (kept, None):
        Plan.objects.filter(pk=plan.pk).update(risk_at=was)
        with connection.cursor() as cursor:
            cursor.execute(migration.SINCE)
        plan.refresh_from_db()
        assert plan.risk_at == (was or plan.created_at)
    other.refresh_from_db()
    assert other.risk_at is None


def test_after_the_birth_it_is_over(colour, expecting):
    plan = colour("red", weeks=38)
    colour("red", expected_on=plan.expected_on, delivered_on=timezone.localdate())
    plan_duties_task()
    assert ahead(expecting) == []
    assert not Plan.objects.get(pk=plan.pk).needs_hospital
