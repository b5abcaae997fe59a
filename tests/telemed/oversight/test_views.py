import csv
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consult.requests.models import Case, Step
from telemed.organisations.models import Division, Organisation
from telemed.oversight.indicators import Figure, Period, Scope, hide_small
from telemed.oversight.queries import picture_for
from telemed.people.models import Role
from tests.factories.consult import CaseFactory
from tests.factories.people import ClinicFactory, DivisionFactory, OrganisationFactory, StaffFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def province():
    return DivisionFactory(code="520000", level=Division.Level.PROVINCE, name="贵州省")


@pytest.fixture
def counties(province):
    """Two counties in two prefectures, each with a clinic."""
    clinics = []
    for prefecture, county, name in (
        ("520100", "520121", "开阳县"),
        ("522600", "522634", "雷山县"),
    ):
        DivisionFactory(code=prefecture, level=Division.Level.PREFECTURE, name=f"{name}所在市州")
        clinics.append(ClinicFactory(division=DivisionFactory(code=county, name=name)))
    return clinics


@pytest.fixture
def official(province):
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=province)
    return StaffFactory(role=Role.OFFICIAL, organisation=authority)


def cases(clinic, minutes, *, closed=0, sent_at=None):
    """One case for each of `minutes` until the first answer; None: nobody answered."""
    hospital = OrganisationFactory()
    sent_at = sent_at or NOW - timedelta(days=2)
    for number, waited in enumerate(minutes):
        case = CaseFactory(asking=clinic, asked=hospital, status="routed")
        say(case, "case.submit", sent_at)
        if waited is not None:
            say(case, "offer.decline", sent_at + timedelta(minutes=waited))
            say(case, "case.accept", sent_at + timedelta(minutes=waited + 100))
        if number < closed:
            say(case, "case.close", sent_at + timedelta(hours=5))


def say(case, action, at):
    Step.objects.create(case=case, action=action, from_status="x", to_status="x", at=at)


def shown(picture, key):
    return next(card for card in picture.cards if card.indicator.key == key)


def test_the_median_is_over_first_answers_and_unanswered_requests_are_not_in_it(official, counties):
    cases(counties[0], [1, 2, 3, 40, 50, 60, None, None], closed=6)
    picture = picture_for(official, timezone.localdate())
    assert shown(picture, "cases").month.text == "8"
    answer = shown(picture, "first_answer").month
    assert (answer.text, answer.n) == ("21.5", "6")
    closed = shown(picture, "closed").month
    assert (closed.text, closed.n) == ("75.0", "8")


def test_a_day_of_the_month_before_is_in_the_last_thirty_days_only(official, counties):
    october = datetime(2026, 10, 31, 23, 59, tzinfo=ZoneInfo("Asia/Shanghai"))
    cases(counties[0], [5] * 6)
    cases(counties[0], [9] * 7, sent_at=october)
    now = shown(picture_for(official, timezone.localdate()), "cases")
    assert (now.month.text, now.days.text) == ("6", "13")
    before = shown(picture_for(official, october.date()), "cases")
    assert before.month.text == "7"


def test_fewer_than_five_are_not_shown_on_the_page_or_in_the_file(client, official, counties):
    cases(counties[0], [7.5] * 4, closed=4)
    client.force_login(official)
    page = client.get("/oversight/").content.decode()
    assert "&lt;5" in page
    assert "7.5 <small>" not in page
    rows = list(
        csv.reader(client.get("/oversight/figures.csv").content.decode("utf-8-sig").splitlines())
    )
    assert {cell for row in rows[1:] for cell in row[2:]} == {"<5"}


def test_a_small_place_cannot_be_computed_from_the_others():
    figures = {"a": Figure(3, 3), "b": Figure(7, 7), "c": Figure(20, 20)}
    assert hide_small(figures) == {"a", "b"}
    assert hide_small({"a": Figure(0, 0), "c": Figure(20, 20)}) == {"a"}
    assert hide_small({"a": Figure(1, 1), "b": Figure(2, 2), "c": Figure(9, 9)}) == {"a", "b", "c"}
    assert hide_small({"a": Figure(9, 9), "c": Figure(20, 20)}) == set()
    share = Figure(10.0, 30, counted=3)
    assert share.is_hidden


def test_an_official_of_a_prefecture_sees_its_own_counties_alone(counties):
    cases(counties[0], [3] * 6)
    cases(counties[1], [5] * 8)
    prefecture = Division.objects.get(code="522600")
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=prefecture)
    official = StaffFactory(role=Role.OFFICIAL, organisation=authority)
    picture = picture_for(official, timezone.localdate())
    assert shown(picture, "cases").month.text == "8"
    assert [(row.place, row.figures[0].text) for row in picture.rows] == [("雷山县", "8")]


def test_what_lies_directly_under_the_place_has_a_row_of_its_own(official, province, counties):
    cases(ClinicFactory(division=province), [3] * 6)
    picture = picture_for(official, timezone.localdate())
    assert [row.figures[0].text for row in picture.rows] == ["", "", "6"]


def test_no_name_of_a_person_or_case_is_on_the_page(client, official, counties):
    cases(counties[0], [4] * 6)
    client.force_login(official)
    page = client.get("/").content.decode()
    case = Case.objects.first()
    for name in (case.patient.name, case.requester.name, case.number):
        assert name not in page
    assert "贵州省" in page


@pytest.mark.parametrize(
    "role", [r for r in Role.values if r not in {Role.OFFICIAL, Role.RESIDENT}]
)
def test_the_figures_are_for_the_health_commission(client, role):
    client.force_login(StaffFactory(role=role))
    for url in ("/oversight/", "/oversight/figures.csv"):
        assert client.get(url).status_code == 403


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "x", "2027-01", "1999-12", "2026-11-01"])
def test_a_month_that_is_none_is_refused(client, official, month):
    client.force_login(official)
    assert client.get("/oversight/", {"month": month}).status_code == 422


def test_the_page_asks_the_database_at_most_twelve_times(client, official, counties):
    cases(counties[0], [4] * 6)
    client.force_login(official)
    client.get("/oversight/")  # the first request of a session writes it down
    with CaptureQueriesContext(connection) as asked:
        client.get("/oversight/")
    assert len([q for q in asked if "SAVEPOINT" not in q["sql"]]) <= 12


def test_a_month_ends_where_the_next_begins():
    december = Period.month(datetime(2026, 12, 15).date())  # noqa: DTZ001
    assert (december.start.isoformat(), december.end.isoformat()) == (
        "2026-12-01T00:00:00+08:00",
        "2027-01-01T00:00:00+08:00",
    )


def test_the_scope_of_a_township_is_the_township():
    scope = Scope.of(Division(code="520121100", level=Division.Level.TOWNSHIP, name="x"))
    assert (scope.prefix, scope.digits) == ("520121100", 9)
