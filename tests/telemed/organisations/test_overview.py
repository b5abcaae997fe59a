import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from telemed.core.errors import Invalid
from telemed.organisations import overview, progress
from telemed.organisations.models import Division
from telemed.organisations.overview import get_overview
from telemed.organisations.progress import Progress
from telemed.people.models import Role
from tests.factories.people import (
    ClinicFactory,
    DivisionFactory,
    OrganisationFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LEVELS = Division.Level


@pytest.fixture
def tree():
    """Two counties of one prefecture; in one a hospital and two clinics, in the other a clinic."""
    province = DivisionFactory(code="52", level=LEVELS.PROVINCE, name="贵州省")
    prefecture = DivisionFactory(
        code="5201", level=LEVELS.PREFECTURE, name="贵阳市", parent=province
    )
    county, other = (
        DivisionFactory(code=code, level=LEVELS.COUNTY, name=name, parent=prefecture)
        for code, name in (("520121", "开阳县"), ("520122", "息烽县"))
    )
    township = DivisionFactory(
        code="520121101", level=LEVELS.TOWNSHIP, name="双流镇", parent=county
    )
    OrganisationFactory(number=2, name="开阳县人民医院", pinyin_initials="kyxrmyy", division=county)
    ClinicFactory(number=3, name="双流镇卫生院", pinyin_initials="slzwsy", division=township)
    ClinicFactory(number=4, name="双流镇卫生院分院", pinyin_initials="slzwsyfy", division=township)
    ClinicFactory(number=5, name="永靖镇卫生院", pinyin_initials="yjzwsy", division=other)


def names(found):
    return [organisation.number for organisation in found.organisations]


def test_the_province_counts_what_is_in_each_prefecture(tree):
    found = get_overview()
    assert (found.hospitals, found.clinics) == (1, 3)
    assert [(b.division.name, b.hospitals, b.clinics) for b in found.branches] == [("贵阳市", 1, 3)]


def test_a_division_shows_its_trail_its_branches_and_its_institutions(tree):
    found = get_overview(division="520121")
    assert [division.name for division in found.trail] == ["贵州省", "贵阳市", "开阳县"]
    assert [(b.division.name, b.hospitals, b.clinics) for b in found.branches] == [("双流镇", 0, 2)]
    assert names(found) == [2, 3, 4]
    assert get_overview(division="520121101").branches == []


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"text": "双流"}, [3, 4]),
        ({"text": "SLZ"}, [3, 4]),
        ({"text": "nothing"}, []),
        ({"kind": "hospital"}, [2]),
        ({"kind": "township_clinic", "division": "520122"}, [5]),
        ({"text": "%"}, []),
    ],
)
def test_institutions_are_found_by_part_of_the_name_initials_kind_and_place(tree, asked, numbers):
    assert names(get_overview(**asked)) == numbers


def test_pages_follow_each_other(tree, monkeypatch):
    monkeypatch.setattr(overview, "PAGE", 2)
    first = get_overview()
    assert (names(first), first.after) == ([2, 3], 3)
    second = get_overview(after=str(first.after))
    assert (names(second), second.after) == ([4, 5], None)


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"division": "99"}, "division"),
        ({"division": "5201211019"}, "division"),
        ({"division": "x\x00"}, "division"),
        ({"kind": "school"}, "kind"),
        ({"text": "x" * 61}, "q"),
        ({"text": "\x00"}, "q"),
        ({"after": "-1"}, "after"),
        ({"after": "9" * 30}, "after"),
        ({"after": "٣"}, "after"),
    ],
)
def test_what_does_not_exist_is_refused(tree, asked, path):
    with pytest.raises(Invalid) as refused:
        get_overview(**asked)
    assert refused.value.path == path


def test_an_empty_province_has_an_empty_page(client):
    client.force_login(StaffFactory(role=Role.ADMINISTRATOR))
    assert client.get("/organisations/").status_code == 200


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.OFFICIAL])
def test_administrators_and_officials_see_the_province(client, tree, role):
    client.force_login(StaffFactory(role=role))
    page = client.get("/organisations/", {"division": "520121", "q": "双流"}).content.decode()
    assert "双流镇卫生院" in page
    assert "永靖镇卫生院" not in page


@pytest.mark.parametrize("role", [Role.TOWNSHIP_DOCTOR, Role.SPECIALIST, Role.COORDINATOR])
def test_nobody_else_does(client, role):
    client.force_login(StaffFactory(role=role))
    assert client.get("/organisations/").status_code == 403
    client.force_login(UserFactory())
    assert client.get("/organisations/").status_code == 403
    client.logout()
    assert client.get("/organisations/").status_code == 302


def test_a_running_import_shows_how_far_it_is(client, tree, monkeypatch):
    monkeypatch.setattr(progress, "_sources", [lambda: Progress("装载", 7, 9), lambda: None])
    client.force_login(StaffFactory(role=Role.ADMINISTRATOR))
    assert "7/9" in client.get("/organisations/").content.decode()


def test_the_page_costs_the_same_queries_however_many_institutions_there_are(client, tree):
    client.force_login(StaffFactory(role=Role.ADMINISTRATOR))
    client.get("/organisations/")  # the session's own rows

    def count():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/organisations/").status_code == 200
        return [q for q in captured.captured_queries if "organisations_" in q["sql"]]

    few = count()
    ClinicFactory.create_batch(60)
    assert len(count()) == len(few) <= 7  # the account, with its institution, is one of them
