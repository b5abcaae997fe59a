"""A small province, an official of it, and a noon to stand at."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from telemed.organisations.models import Division, Organisation
from telemed.people.models import Role
from tests.factories.people import ClinicFactory, DivisionFactory, OrganisationFactory, StaffFactory

CHINA = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 12, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def province(db):
    return DivisionFactory(code="52", level=Division.Level.PROVINCE, name="贵州省")


@pytest.fixture
def prefectures(province):
    """Two prefectures; the first has three counties, the second has one."""
    for code, name in (("5201", "贵阳市"), ("5226", "黔东南州")):
        DivisionFactory(code=code, level=Division.Level.PREFECTURE, name=name, parent=province)
    return ["5201", "5226"]


@pytest.fixture
def clinics(prefectures):
    """A clinic in each county, by the county's code."""
    places = {
        "520121": "开阳县",
        "520122": "息烽县",
        "520123": "修文县",
        "522634": "雷山县",
    }
    return {
        code: ClinicFactory(
            name=f"{name}卫生院",
            division=DivisionFactory(code=code, name=name, parent_id=code[:4]),
        )
        for code, name in places.items()
    }


@pytest.fixture
def official_of(province):
    def make(code="52"):
        division = Division.objects.get(code=code)
        authority = OrganisationFactory(
            kind=Organisation.Kind.AUTHORITY, division=division, name=f"{division.name}卫健委"
        )
        return StaffFactory(role=Role.OFFICIAL, organisation=authority)

    return make


@pytest.fixture
def official(official_of):
    return official_of()
