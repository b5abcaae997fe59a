"""A team's kept promises beside its county's, and those to the groups of who is about to sign."""

from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from scheduling.appointments.services import key_of
from scheduling.duties import rates, services
from scheduling.duties.models import Rate
from scheduling.duties.tasks import plan_duties_task
from scheduling.registration import promises
from scheduling.registration.models import Group
from tests.factories.duties import begun, elder_of, left_window
from tests.factories.people import DivisionFactory, OrganisationFactory, treated
from tests.factories.registration import PackageFactory, TeamFactory, resident_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def county(team):
    """Another team of the county, which keeps less; and one elsewhere, which keeps nothing."""
    left_window(begun(team), 10, kept=9)
    near = OrganisationFactory(division_id=team.organisation.division_id)
    left_window(begun(TeamFactory(organisation=near)), 10, kept=3)
    far = DivisionFactory(code="520999")
    PackageFactory(division=far)
    left_window(begun(TeamFactory(organisation=OrganisationFactory(division=far))), 40)
    plan_duties_task()


def test_the_county_is_all_its_teams_and_no_other(team, county):
    beside = promises.beside(team, [])
    assert (beside.county.face, beside.county.remote) == (60, None)


def test_a_group_has_the_teams_rate_and_the_countys(team, county):
    [one] = promises.beside(team, [Group.HYPERTENSION, Group.CHILD]).groups
    assert one.group == Group.HYPERTENSION
    assert (one.team.face, one.county.face) == (90, 60)


def test_fewer_than_five_are_not_said(team):
    left_window(begun(team), 4, kept=4)
    plan_duties_task()
    assert promises.beside(team, [Group.HYPERTENSION]) == promises.Beside()


def test_it_is_counted_once_a_day_and_not_shown_when_old(team, county):
    counted = set(Rate.objects.values_list("kept", "counted_on"))
    left_window(begun(team), 5)
    plan_duties_task()
    assert set(Rate.objects.values_list("kept", "counted_on")) == counted
    assert rates.counties_to_count() == []
    with time_machine.travel(timezone.now() + rates.FRESH):
        assert not promises.beside(team, []).county.is_known
        plan_duties_task()
        assert promises.beside(team, []).county.face == 48


def test_where_nothing_has_left_its_window_it_is_counted_once_a_day_too(team):
    plan_duties_task()
    assert rates.counties_to_count() == []
    assert set(Rate.objects.values_list("kept", "owed")) == {(0, 0)}


def test_what_was_counted_of_a_group_goes_with_what_was_owed(team, county):
    assert promises.beside(team, [Group.HYPERTENSION]).groups
    with time_machine.travel(timezone.now() + timedelta(days=365)):
        plan_duties_task()
        counted = Rate.objects.filter(group=Group.HYPERTENSION, owed__gte=10)
        assert not counted.exists()


def test_a_county_that_cannot_be_counted_keeps_no_other_back(team, county, monkeypatch):
    first, _second = sorted(Rate.objects.values_list("county", flat=True).distinct())
    Rate.objects.all().delete()
    count = services.count_rates

    def fails_once(place):
        if place == first:
            raise OperationalError("canceling statement due to statement timeout")
        return count(place)

    with monkeypatch.context() as failing:
        failing.setattr(services, "count_rates", fails_once)
        plan_duties_task()
    assert rates.counties_to_count() == [first]
    plan_duties_task()
    assert rates.counties_to_count() == []


def test_the_groups_of_a_team_are_asked_for_at_once(team, county):
    with CaptureQueriesContext(connection) as one:
        promises.beside(team, [Group.HYPERTENSION])
    with CaptureQueriesContext(connection) as all_of_them:
        promises.beside(team, list(Group))
    assert len(all_of_them) == len(one) == 2


def test_who_looks_for_a_team_sees_both_before_signing(client, team, county):
    patient = elder_of(team)
    patient.user.language = "en"
    patient.user.save()
    client.force_login(patient.user)
    with patch("scheduling.registration.groups.groups_of", return_value=[Group.HYPERTENSION]):
        page = client.get(reverse("contracts:team", args=[team.pk])).content.decode()
    assert "All teams of the county: kept promises face to face 60%" in page
    assert "this team kept promises face to face 90%" in page
    assert "the county kept promises face to face 60%" in page


def test_staff_see_no_illness_on_the_page_of_a_team(client, team, county):
    patient = treated(resident_of(team), team.organisation)
    team.leader.language = "en"
    team.leader.save()
    client.force_login(team.leader)
    with patch("scheduling.registration.groups.groups_of", return_value=[Group.MENTAL]) as asked:
        key = key_of(team.leader, patient)
        page = client.get(reverse("contracts:team", args=[team.pk]), {"for": key})
    assert patient.name in page.content.decode()
    assert not asked.called
