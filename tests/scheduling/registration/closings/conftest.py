"""Who closes a team, and another team of the clinic."""

import pytest

from tests.factories.people import StaffFactory
from tests.factories.registration import (
    TeamFactory,
)


@pytest.fixture
def head(team):
    return StaffFactory(role="head", organisation=team.organisation)


@pytest.fixture
def other(team):
    return TeamFactory(organisation=team.organisation)
