"""What tests of visits by video share."""

import pytest
from django.test import Client
from django.utils import translation

from tests.factories.visits import booked_visit


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def visit():
    return booked_visit()


@pytest.fixture
def phone():
    """A browser that nobody has signed in to."""
    return Client(headers={"Accept-Language": "en"})
