"""A morning's windows end in many sets; a team in all of them is told, and counted for, once."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scheduling.duties.models import Duty
from telemed.core import clocks
from telemed.notifications.models import Notification
from telemed.organisations.models import Organisation
from telemed.people.models import Role
from tests.factories.duties import due
from tests.factories.people import OrganisationFactory, StaffFactory

pytestmark = pytest.mark.django_db
LATE, OVER = timedelta(days=31), timedelta(days=60)


def counted(asked):
    """How often the late ones of a team were counted."""
    table = f'FROM "{Duty._meta.db_table}"'
    return sum("COUNT(" in one["sql"] and table in one["sql"] for one in asked)


def told(user):
    return Notification.objects.filter(recipient=user, template="duty.missed").count()


def fire_by_ones():
    """As many sets as windows."""
    with CaptureQueriesContext(connection) as asked:
        while clocks.fire_due(limit=1):
            pass
    return asked


def test_the_leader_is_told_and_counted_for_once_in_a_morning(team):
    for _n in range(3):
        due(team)
    with time_machine.travel(timezone.now() + LATE):
        asked = fire_by_ones()
        assert (counted(asked), told(team.leader)) == (1, 1)


def test_the_county_hears_once_too_after_the_leader_was_told(team):
    office = OrganisationFactory(
        kind=Organisation.Kind.AUTHORITY, division=team.organisation.division
    )
    county = StaffFactory(organisation=office, role=Role.COORDINATOR)
    for _n in range(3):
        due(team)
    with time_machine.travel(timezone.now() + OVER):
        asked = fire_by_ones()
        assert counted(asked) <= 2
        assert (told(team.leader), told(county)) == (1, 1)
