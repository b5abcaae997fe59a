"""Where the clock stands in these tests."""

import pytest
import time_machine
from django.utils import translation

from tests.factories.emergencies import START, make_scene


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene():
    return make_scene()
