"""A team, and refusals in English."""

import pytest
from django.utils import translation

from tests.factories.registration import TeamFactory


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def team():
    return TeamFactory()
