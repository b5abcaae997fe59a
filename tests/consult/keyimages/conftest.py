"""A case with a store for its images."""

import pytest

from records.imaging import children
from tests.factories.consult import accepted_case


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True, scope="module")
def no_child_stays():
    yield
    children.pool.close()


@pytest.fixture
def scene():
    return accepted_case()
