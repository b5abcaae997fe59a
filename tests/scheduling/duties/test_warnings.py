"""A warning value: what it demands, what its recheck measures, who hears that it is not done."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from scheduling.duties import queries
from scheduling.duties.models import Code, Duty, Reading, Status
from scheduling.referrals.models import Referral
from scheduling.referrals.models import Status as ReferralStatus
from scheduling.registration.models import Group
from telemed.core import clocks, outbox
from telemed.core.errors import Conflict, Invalid
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from telemed.organisations.models import Organisation
from telemed.people.models import Role
from tests.factories.duties import FINE, HIGH, SWEET, begun, due, seen_before, serve
from tests.factories.people import DepartmentFactory, OrganisationFactory, StaffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
REFUSED = "病人说明天再去"
BAD = replace(FINE, systolic=150, diastolic=95)
DIABETES = {"rule": Code.DIABETES, "group": Group.DIABETES}


@pytest.fixture
def county(team):
    place = team.organisation.division_id[:6]
    office = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division_id=place)
    return StaffFactory(organisation=office, role=Role.COORDINATOR)


def rungs(duty):
    rows = Clock.objects.filter(about=duty.pk, state=ClockState.RUNNING).order_by("rung")
    return [(one.kind, round((one.due_at - duty.created_at) / HOUR)) for one in rows]


def told(user):
    outbox.deliver_waiting()
    rows = Notification.objects.filter(recipient=user, template__startswith="duty.recheck")
    return list(rows.order_by("created_at").values_list("template", flat=True))


def recheck_of(duty):
    return Duty.objects.get(rule=Code.RECHECK, contract=duty.contract)


def fire(recheck, rung):
    """To the moment at which that rung is due."""
    due_at = Clock.objects.get(about=recheck.pk, kind="duty.recheck", rung=rung).due_at
    with time_machine.travel(due_at + timedelta(seconds=1)):
        clocks.fire_due()
        outbox.deliver_waiting()


def test_the_recheck_climbs_its_own_ladder(team, county):
    recheck = recheck_of(serve(due(team), found=HIGH))  # the leader is the doctor, too
    assert rungs(recheck) == [("duty.recheck", n * 24) for n in (7, 14, 16)]
    heard = []
    for rung in range(3):
        fire(recheck, rung)
        heard.append([told(one) for one in (team.leader, county)])
    soon, late = "duty.recheck_due", "duty.recheck_late"
    assert heard == [[[soon], []], [[soon, late], []], [[soon, late], [late]]]


def test_a_relapse_is_rechecked_within_a_day(team):
    duty = due(team, Code.MENTAL, group=Group.MENTAL)
    serve(duty, found=replace(FINE, signs=True))
    assert rungs(recheck_of(duty)) == [("duty.recheck", n) for n in (12, 24, 72)]


def test_a_recheck_that_was_done_disturbs_nobody(team, county):
    duty = serve(due(team), found=HIGH)
    recheck = serve(recheck_of(duty))
    assert recheck.status == Status.DONE
    assert all(kind == "duty.confirm" for kind, _hours in rungs(recheck))


@pytest.mark.parametrize(
    ("more", "found", "said"),
    [
        ({}, HIGH, "both values of the blood pressure"),
        (DIABETES, SWEET, "Enter the fasting glucose"),
        ({}, replace(FINE, signs=True), "both values of the blood pressure"),
    ],
)
def test_a_recheck_asks_for_what_warned(team, more, found, said):
    recheck = recheck_of(serve(due(team, **more), found=found))
    with pytest.raises(Invalid, match=said):
        serve(recheck, found=replace(FINE, systolic=None, diastolic=None, note="已经复查过了"))
    good = replace(FINE, glucose=Decimal("6.1"))
    assert serve(recheck, found=good).status == Status.DONE


def test_two_warnings_of_one_day_are_rechecked_together(team):
    contract = begun(team, Group.HYPERTENSION, Group.DIABETES)
    for rule, found in ((Code.HYPERTENSION, HIGH), (Code.DIABETES, SWEET)):
        serve(Duty.objects.get(contract=contract, rule=rule), found=found)
    assert Duty.objects.get(rule=Code.RECHECK).asks == ["glucose", "pressure"]


def test_a_second_bad_visit_running_is_a_warning(team):
    duty = serve(seen_before(due(team), systolic=150, diastolic=95), found=BAD)
    assert duty.is_warned
    assert recheck_of(duty).due_on == timezone.localdate() + 14 * DAY
    assert recheck_of(duty).asks == ["pressure"]


def test_a_second_high_glucose_running_is_a_warning(team):
    sugar = replace(SWEET, glucose=Decimal("7.0"))
    duty = seen_before(due(team, **DIABETES), glucose=Decimal("9.1"))
    assert serve(duty, found=sugar).is_warned
    assert recheck_of(duty).asks == ["glucose"]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"systolic": 139, "diastolic": 89}, BAD),
        ({"systolic": 150, "diastolic": 95}, replace(FINE, systolic=139, diastolic=89)),
    ],
)
def test_one_bad_visit_alone_is_none(team, before, now):
    assert serve(seen_before(due(team), **before), found=now).status == Status.DONE


def test_what_was_good_in_between_or_struck_does_not_run_on(team):
    duty = seen_before(due(team), systolic=150, diastolic=95)
    seen_before(duty, days=30, systolic=130, diastolic=80)
    assert queries.bad_before([duty], timezone.localdate()) == {}
    Reading.objects.filter(systolic=130).update(struck=True)
    assert set(queries.bad_before([duty], timezone.localdate())) == {duty.pk}


def referral(duty, status):
    hospital = OrganisationFactory(kind=Organisation.Kind.HOSPITAL)
    return Referral.objects.create(
        number=f"Z{status}",
        status=status,
        patient=duty.contract.patient,
        person_key=duty.contract.person_key,
        sending=duty.contract.team.organisation,
        sender=duty.contract.doctor,
        organisation=hospital,
        department=DepartmentFactory(organisation=hospital),
        reason="血压很高",
        agreed="told",
        ended_because="写错了" if status == ReferralStatus.CANCELLED else "",
    )


@pytest.mark.parametrize("status", ["cancelled", "declined", "expired"])
def test_a_referral_that_came_to_nothing_finishes_nothing(team, status):
    duty = serve(due(team), found=HIGH)
    referral(duty, status)
    with pytest.raises(Conflict, match="Refer first"):
        serve(duty, found=HIGH)
    assert serve(duty, found=replace(HIGH, refusal=REFUSED)).status == Status.DONE


def test_a_referral_that_stands_finishes_it(team):
    duty = serve(due(team), found=HIGH)
    referral(duty, ReferralStatus.SENT)
    assert serve(duty, found=HIGH).status == Status.DONE


def test_the_page_says_why_it_is_a_warning(client, team):
    duty = seen_before(due(team), systolic=150, diastolic=95)
    team.leader.language = "en"
    team.leader.save()
    client.force_login(team.leader)
    page = client.get(f"/family-doctor/duties/{duty.pk}/").content.decode()
    assert "150/95 mmHg" in page
    assert "If it is no better today" in page
    serve(duty, found=BAD)
    page = client.get(f"/family-doctor/duties/{duty.pk}/").content.decode()
    assert "<p>Second visit running with a blood pressure of 140/90 or more.</p>" in page
