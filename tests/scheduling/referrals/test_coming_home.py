"""What comes back to the family doctor, whichever clinic had sent the patient."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from scheduling.referrals import presenting, queries, services
from scheduling.referrals.models import Status
from telemed.core import clocks
from telemed.core.errors import Conflict, Forbidden, NotFound
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from tests.consult.requests.looking import published
from tests.factories.people import StaffFactory
from tests.factories.referrals import BACK, arrived, by, handed_back, road
from tests.factories.registration import TeamFactory, join, signed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def team():
    """Of another clinic than the one that sends."""
    return TeamFactory()


@pytest.fixture
def back(team):
    found = road()
    signed(team, found.patient)
    return handed_back(found)


def told(user):
    return set(Notification.objects.filter(recipient=user).values_list("template", flat=True))


def take(found, actor):
    with by(actor):
        return services.take_plan(actor=actor, referral_id=found.referral.pk)


def test_the_family_doctor_hears_of_it_and_sees_it_from_then_on(client, team):
    found = road()
    signed(team, found.patient)
    found = arrived(found)
    with pytest.raises(NotFound):
        queries.get_referral(team.leader, found.referral.pk)
    with by(found.doctor):
        services.hand_back(
            actor=found.doctor,
            referral_id=found.referral.pk,
            items=[("复查心电图", timezone.localdate())],
            **BACK,
        )
    assert "referral.handed_back" in told(team.leader) & told(found.sender)
    [row] = presenting.board(team.leader)["mine"]
    assert (row.referral, row.other) == (found.referral, found.hospital.name)
    client.force_login(team.leader)
    client.cookies["language"] = "en"
    page = client.get(reverse("referrals:referral", args=[found.referral.pk])).content.decode()
    assert reverse("referrals:take", args=[found.referral.pk]) in page
    assert "复查心电图" in page


def test_a_doctor_of_the_team_takes_the_plan_and_has_its_items(back, team):
    doctor = join(team)
    got = take(back, doctor)
    assert (got.status, got.taken_by) == (Status.CLOSED, doctor)
    assert take(back, doctor).pk == got.pk  # again: the present state
    items = queries.open_items(team.leader)
    assert [item.what for item in items] == ["复查心电图", "测血压，每周一次"]
    assert queries.open_items(back.sender) == []
    assert "referral.plan_taken" in told(back.sender) & told(team.leader)
    assert "referral.plan_taken" not in told(doctor)
    with by(doctor):
        services.finish_item(actor=doctor, referral_id=got.pk, item_id=items[0].pk)
    clinic = f"Organization/{team.organisation_id}"
    plan = published(got.after_care.pk)
    assert plan["contributor"] == [{"reference": clinic}]
    [there] = queries.referrals_of(back.sender, back.patient.pk)
    assert presenting.row(back.sender, there).state == f"{doctor.name} has taken the plan over"


def test_one_has_it_and_the_other_is_told_who(back, team):
    take(back, back.sender)
    with pytest.raises(Conflict, match=f"{back.sender.name} took the plan over"):
        take(back, team.leader)
    assert back.refresh().taken_by == back.sender


def test_another_doctor_of_that_clinic_or_a_former_one_does_not(back, team):
    colleague = StaffFactory(organisation=team.organisation)
    with pytest.raises(NotFound):
        take(back, colleague)
    left = join(team)
    left.care_teams.update(until=timezone.localdate())
    with pytest.raises(NotFound):
        take(back, left)
    with pytest.raises(Forbidden):
        take(back, back.doctor)


def test_who_is_signed_no_more_is_nobodys_patient_there(back, team):
    back.patient.contracts.update(status="ended", ended_because="wish")
    with pytest.raises(NotFound):
        take(back, team.leader)


def test_a_plan_that_waits_is_said_to_the_family_doctor_as_well(back, team):
    half = Clock.objects.get(about=back.referral.pk, kind="referral.plan", rung=0)
    with time_machine.travel(half.due_at):
        clocks.fire_due()
    assert "referral.plan_waits" in told(team.leader) & told(back.sender)
