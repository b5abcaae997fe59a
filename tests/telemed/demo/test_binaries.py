from pathlib import Path

import pytest

from telemed.demo import binaries
from telemed.demo.binaries import Binaries
from telemed.demo.refusals import Refusal


@pytest.fixture
def machine(monkeypatch):
    """machine(18, 15): the major versions it has; 0 is a wheel for another platform."""

    def has(*majors):
        found = [Binaries(Path(f"/pg{major}")) for major in majors]
        for each, major in zip(found, majors, strict=True):
            each.__dict__["major"] = major
        monkeypatch.setattr(binaries, "_candidates", lambda: iter(found))

    return has


@pytest.mark.parametrize(
    ("majors", "wanted", "used"),
    [((18, 15), None, 18), ((18, 15), 15, 15), ((0, 16), None, 16), ((0, 14, 15), None, 15)],
)
def test_the_wheel_comes_first_unless_it_cannot_run_or_the_data_are_older(
    machine, majors, wanted, used
):
    machine(*majors)
    assert binaries.postgres(wanted, None).major == used


def test_data_of_another_major_version_are_refused(machine):
    machine(18)
    with pytest.raises(Refusal, match="made by PostgreSQL 15, and this machine has 18"):
        binaries.postgres(15, None)


@pytest.mark.parametrize("majors", [(), (0,), (14,)])
def test_no_server_is_said(machine, majors):
    machine(*majors)
    with pytest.raises(Refusal, match="no PostgreSQL 15 or newer"):
        binaries.postgres(None, None)
