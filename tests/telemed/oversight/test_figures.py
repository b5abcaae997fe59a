"""The picture of a month: values, places, addresses, and who may look."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consult.requests.models import Case
from telemed.organisations.models import Agreement, Organisation, Specialty
from telemed.oversight.indicators import Period, months_until
from telemed.people.models import Role
from tests.factories.lives import live, many
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    DepartmentFactory,
    OrganisationFactory,
    StaffFactory,
)
from tests.telemed.oversight.conftest import CHINA, NOW
from tests.telemed.oversight.reading import file_of, page_of, rows_of

pytestmark = pytest.mark.django_db

OCTOBER = datetime(2026, 10, 12, 9, tzinfo=CHINA)
SEPTEMBER = datetime(2026, 9, 12, 9, tzinfo=CHINA)


def test_the_month_that_is_over_stands_first_with_n_and_the_change(client, official, clinics):
    many(8, clinics["520121"], OCTOBER, answered=30, decision="adopted")
    many(6, clinics["520121"], SEPTEMBER, answered=45, decision="adopted")
    page = page_of(client, official)
    assert "October 2026" in page
    assert "30.0 min 15.0 min less than the month before n = 8" in page
    assert "100.0 % the same as the month before n = 8" in page
    assert "Without an answer 0.0 %" in page


def test_a_day_of_the_month_before_counts_there(client, official, clinics):
    many(6, clinics["520121"], datetime(2026, 10, 31, 23, 59, tzinfo=CHINA))
    many(7, clinics["520121"], datetime(2026, 11, 1, 0, 0, tzinfo=CHINA))
    wanted = {"show": "cases"}
    assert rows_of(client, official, **wanted)["贵州省"][3] == ("6", "6")
    assert rows_of(client, official, month="2026-11", **wanted)["贵州省"][3] == ("7", "7")


def test_a_running_month_says_so_and_counts_what_is_open(client, official, clinics):
    many(8, clinics["520121"], NOW - timedelta(days=2), answered=30)
    page = page_of(client, official, month="2026-11")
    assert "This month still runs" in page
    assert "About 10 of its cases are still open" in page
    many(3, clinics["520121"], OCTOBER, answered=30)
    many(5, clinics["520121"], OCTOBER, answered=30, decision="partly")
    page = page_of(client, official)
    assert "still runs" not in page.split("The months as a table")[0]
    assert "A few of its cases are still open" in page


def test_each_figure_has_its_definition_beside_it(client, official, clinics):
    page = page_of(client, official)
    assert "Definition Counts Minutes of clock time" in page
    assert "Out of All requests sent in the period" in page
    assert "From The steps of the cases" in page


def test_one_goes_down_from_the_province_to_an_institution(client, official, clinics):
    many(8, clinics["520121"], OCTOBER, answered=30)
    many(9, clinics["520122"], OCTOBER, answered=40)
    many(7, clinics["522634"], OCTOBER, answered=50)
    assert rows_of(client, official) == {
        "贵州省": [("40.0", "24"), ("100.0", "24"), ("0.0", "24"), ("24", "24")],
        "贵阳市": [("40.0", "17"), ("100.0", "17"), ("0.0", "17"), ("17", "17")],
        "黔东南州": [("50.0", "7"), ("100.0", "7"), ("0.0", "7"), ("7", "7")],
    }
    below = rows_of(client, official, place="5201")
    assert list(below) == ["贵阳市", "开阳县", "息烽县", "修文县"]
    assert below["修文县"][0] == ("–", "0")
    county = rows_of(client, official, place="520121", span="1")
    assert county["开阳县卫生院"][0] == ("30.0", "8")
    institution = str(clinics["520121"].pk)
    rows = rows_of(client, official, institution=institution, span="1")
    assert rows["开阳县卫生院"][0] == ("30.0", "8")
    assert f"institution={institution}" in links_of(client, place="520121")
    assert "place=5201" in links_of(client)


def links_of(client, **query):
    return client.get("/oversight/", query).content.decode()


def test_what_lies_directly_under_a_place_has_a_row_of_its_own(client, official, clinics):
    many(6, ClinicFactory(division=official.organisation.division), OCTOBER, answered=3)
    many(6, clinics["520121"], OCTOBER, answered=3)
    assert rows_of(client, official)["Directly under 贵州省"][0] == ("3.0", "6")


def test_the_other_side_counts_where_the_answering_hospital_lies(client, official, clinics):
    hospital = OrganisationFactory(division=clinics["522634"].division)
    many(9, clinics["520121"], OCTOBER, answered=30, hospital=hospital)
    rows = rows_of(client, official, side="asked")
    assert rows["黔东南州"][0] == ("30.0", "9")
    assert rows["贵阳市"][0] == ("–", "0")


def test_a_filter_rounds_so_that_pages_cannot_be_compared(client, official, clinics):
    many(8, clinics["520121"], OCTOBER, answered=31.4, kind="emergency")
    many(6, clinics["520121"], OCTOBER, answered=50, specialty=Specialty.SURGERY)
    rows = rows_of(client, official, urgency="emergency")
    assert rows["贵州省"][0] == ("31", "≈ 10")
    assert rows["贵州省"][3] == ("10", "≈ 10")
    assert rows_of(client, official, specialty="surgery")["贵阳市"][0] == ("50", "≈ 5")
    page = page_of(client, official, specialty="surgery", urgency="single")
    assert "rounded to fives" in page
    assert "October 2026 贵州省 Surgery Consult" in page
    by = rows_of(client, official, by="urgency")
    assert by["Emergency consult"][0] == ("31", "≈ 10")
    assert by["贵州省"][3] == ("14", "14")
    by = rows_of(client, official, by="specialty", place="520121")
    assert by["Surgery"][3] == ("5", "≈ 5")
    assert by["Cardiology"][0] == ("–", "0")


def test_rows_of_institutions_stand_for_a_year_and_are_rounded(client, official, clinics):
    many(3, clinics["520121"], OCTOBER, answered=31.4)
    many(3, clinics["520121"], SEPTEMBER, answered=31.4)
    many(3, clinics["520121"], datetime(2025, 10, 12, 9, tzinfo=CHINA), answered=1)
    rows = rows_of(client, official, place="520121")
    assert rows["开阳县卫生院"][0] == ("31", "≈ 5")
    assert rows["开阳县"][3] == ("5", "≈ 5")
    assert "2025-11 – 2026-10" in page_of(client, official, place="520121")
    year = rows_of(client, official, span="12")
    assert year["贵阳市"][0] == ("31", "≈ 5")
    assert rows_of(client, official)["贵阳市"][0] == ("<5", "<5")
    _heading, lines = file_of(client, official, place="520121")
    assert lines[-1][:4] == ["开阳县卫生院", "2025-11 – 2026-10", "31", "≈ 5"]


def test_the_table_sorts_by_any_column_and_hidden_ones_come_last(client, official, clinics):
    many(8, clinics["520121"], OCTOBER, answered=30)
    many(9, clinics["520122"], OCTOBER, answered=20)
    many(7, clinics["520123"], OCTOBER, answered=40)
    names = lambda **query: list(rows_of(client, official, place="5201", **query))[1:]  # noqa: E731
    assert names(sort="first_answer") == ["息烽县", "开阳县", "修文县"]
    assert names(sort="-first_answer") == ["修文县", "开阳县", "息烽县"]
    assert names(sort="bogus") == names()
    many(3, ClinicFactory(division=clinics["522634"].division), OCTOBER, answered=1)
    assert list(rows_of(client, official, sort="first_answer"))[-1] == "黔东南州"


def test_a_long_list_comes_in_pages(client, official, clinics):
    county = clinics["520121"].division
    for number in range(40):
        ClinicFactory(division=county, name=f"乡{number:02d}卫生院")
    first = rows_of(client, official, place="520121")
    second = rows_of(client, official, place="520121", page="2")
    assert len(first) == 26
    assert len(second) == 17
    assert not set(list(first)[1:]) & set(list(second)[1:])
    page_of(client, official, place="520121", page="3", status=422)


def test_the_map_and_the_trend_say_in_words_what_they_draw(client, official, clinics):
    many(8, clinics["520121"], OCTOBER, answered=30)
    client.force_login(official)
    client.cookies["language"] = "en"
    page = client.get("/oversight/").content.decode()
    assert "<title>开阳县: 30.0 (n = 8)</title>" in page
    assert "<title>2026-10: 30.0 (n = 8)</title>" in page
    assert page.count("<path class=") == 88
    prefecture = client.get("/oversight/", {"place": "5201"}).content.decode()
    assert prefecture.count("<path class=") == 10
    assert "<path class=" not in client.get("/oversight/", {"place": "520121"}).content.decode()


def test_the_file_says_what_the_page_says(client, official, clinics):
    many(8, clinics["520121"], OCTOBER, answered=30)
    many(3, clinics["520122"], OCTOBER, answered=40)
    many(9, clinics["520123"], OCTOBER, answered=40)
    heading, rows = file_of(client, official, place="5201")
    assert heading[:4] == ["Place", "Month", "First answer, median (min)", "n"]
    months = [row for row in rows if row[0] == "贵阳市"]
    assert [row[1] for row in months] == [
        f"{month:%Y-%m}" for month in months_until(OCTOBER.date().replace(day=1), 13)
    ]
    said = {row[0]: row[2:] for row in rows[12:]}
    for name, figures in rows_of(client, official, place="5201").items():
        assert said[name] == [cell for figure in figures for cell in figure]
    assert said["息烽县"][0] == "<5"


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(client, official, clinics):
    Organisation.objects.filter(pk=clinics["520121"].pk).update(name='=HYPERLINK("x")')
    _heading, rows = file_of(client, official, place="520121")
    assert rows[-1][0] == '\'=HYPERLINK("x")'


def test_an_official_of_a_county_sees_nothing_of_another(client, official_of, clinics):
    many(8, clinics["520121"], OCTOBER, answered=30)
    many(9, clinics["520122"], OCTOBER, answered=40)
    mine = official_of("520121")
    assert list(rows_of(client, mine)) == ["开阳县", "开阳县卫生院"]
    assert "息烽县" not in page_of(client, mine)
    for elsewhere in (
        {"place": "520122"},
        {"place": "5201"},
        {"place": "52"},
        {"institution": str(clinics["520122"].pk)},
    ):
        page = page_of(client, mine, status=404, **elsewhere)
        assert "息烽县" not in page
        assert page_of(client, mine, path="/oversight/compare/", status=404, **elsewhere)
        assert client.get("/oversight/figures.csv", elsewhere).status_code == 404


def test_a_hospital_sees_its_own_figures_by_clinic_and_by_department(client, clinics):
    hospital = OrganisationFactory(name="开阳县人民医院")
    DepartmentFactory(organisation=hospital, name="神经内科", specialty=Specialty.NEUROLOGY)
    many(8, clinics["520121"], OCTOBER, answered=30, hospital=hospital)
    many(9, clinics["520122"], OCTOBER, answered=40, hospital=hospital)
    many(9, clinics["520122"], OCTOBER, answered=90)
    AgreementFactory(asking=clinics["520123"], asked=hospital)
    for role in (Role.DIRECTOR, Role.MEDICAL_OFFICE, Role.HEAD):
        member = StaffFactory(role=role, organisation=hospital)
        rows = rows_of(client, member, span="1")
        assert rows["开阳县人民医院"][0] == ("40.0", "17")
        assert rows["开阳县卫生院"][0] == ("30.0", "8")
        assert rows["修文县卫生院"][0] == ("–", "0")
        by = rows_of(client, member, by="specialty")
        assert by["神经内科"][3] == ("15", "≈ 15")
    page_of(client, member, place="5201", status=404)
    page_of(client, member, institution=str(clinics["520121"].pk), status=404)


def test_the_head_of_a_clinic_sees_what_it_asked(client, clinics):
    hospital = OrganisationFactory(name="开阳县人民医院")
    many(8, clinics["520121"], OCTOBER, answered=30, hospital=hospital)
    head = StaffFactory(role=Role.HEAD, organisation=clinics["520121"])
    assert rows_of(client, head, span="1")["开阳县人民医院"][0] == ("30.0", "8")


def test_a_head_sees_the_key_figures_of_the_own_institution_on_the_first_page(client, clinics):
    many(8, clinics["520121"], OCTOBER, answered=30)
    many(8, clinics["520122"], OCTOBER, answered=50)
    head = StaffFactory(role=Role.HEAD, organisation=clinics["520121"])
    page = page_of(client, head, "/")
    assert "Figures October 2026" in page
    assert "30.0 min" in page
    assert "n = 8" in page
    other = StaffFactory(role=Role.HEAD, organisation=clinics["520123"])
    assert "Figures October 2026" not in page_of(client, other, "/")  # nothing was asked there


@pytest.mark.parametrize(
    "role",
    sorted(set(Role.values) - {"official", "director", "medical_office", "head", "resident"}),
)
def test_figures_are_for_the_commission_and_who_runs_an_institution(client, role):
    client.force_login(StaffFactory(role=role))
    for path in ("/oversight/", "/oversight/figures.csv", "/oversight/compare/"):
        assert client.get(path).status_code == 403


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"month": "2026-13"}, "Choose a month that has begun"),
        ({"month": "2026-1"}, "Choose a month that has begun"),
        ({"month": "x"}, "Choose a month that has begun"),
        ({"month": "2026-12"}, "Choose a month that has begun"),
        ({"month": "1999-12"}, "Choose a month that has begun"),
        ({"month": "2026-11-01"}, "Choose a month that has begun"),
        ({"place": "5"}, "Choose a place by its code"),
        ({"place": "52x1"}, "Choose a place by its code"),
        ({"place": "５２０１"}, "Choose a place by its code"),
        ({"specialty": "alchemy"}, "There is no such specialty"),
        ({"urgency": "soon"}, "There is no such urgency"),
        ({"show": "gossip"}, "There is no such figure"),
        ({"by": "name"}, "Choose one of the values offered"),
        ({"side": "both"}, "Choose one of the values offered"),
        ({"institution": "7"}, "There is no such institution"),
        ({"span": "3"}, "Choose one of the values offered"),
        ({"page": "0"}, "This page of the list does not exist"),
        ({"page": "x"}, "This page of the list does not exist"),
    ],
)
def test_what_an_address_cannot_mean_is_refused_in_words(client, official, query, said):
    assert said in page_of(client, official, status=422, **query)
    client.cookies["language"] = "zh-hans"
    assert client.get("/oversight/", query).status_code == 422


@pytest.mark.parametrize("query", [{"place": "5299"}, {"place": "5101"}, {"place": "520199"}])
def test_a_place_that_is_not_there_is_not_found(client, official, clinics, query):
    assert "There is no such place" in page_of(client, official, status=404, **query)


def test_no_name_of_a_person_or_case_is_on_the_page(client, official, clinics):
    many(6, clinics["520121"], OCTOBER, answered=4)
    client.force_login(official)
    case = Case.objects.first()
    for path in ("/", "/oversight/?place=520121", "/oversight/figures.csv"):
        answer = client.get(path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        for name in (case.patient.name, case.requester.name, case.number):
            assert name not in content.decode()


def test_the_page_speaks_chinese_too(client, official, clinics):
    many(6, clinics["520121"], OCTOBER, answered=4)
    client.force_login(official)
    client.cookies["language"] = "zh-hans"
    page = client.get("/").content.decode()
    assert "2026年10月" in page
    assert "n = <span" in page


@pytest.mark.parametrize(
    "query",
    [{}, {"place": "5201"}, {"place": "520121"}, {"by": "specialty"}, {"specialty": "surgery"}],
)
def test_the_page_asks_the_database_at_most_fifteen_times(client, official, clinics, query):
    many(6, clinics["520121"], OCTOBER, answered=4)
    client.force_login(official)
    client.get("/oversight/")  # the first request of a session writes it down
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/oversight/", query).status_code == 200
    assert len([q for q in asked if "SAVEPOINT" not in q["sql"]]) <= 15


def test_a_month_ends_where_the_next_begins():
    december = Period.month(datetime(2026, 12, 15, tzinfo=CHINA).date())
    assert (december.start.isoformat(), december.end.isoformat()) == (
        "2026-12-01T00:00:00+08:00",
        "2027-01-01T00:00:00+08:00",
    )


def test_an_agreement_that_ended_leaves_no_empty_row(client, clinics):
    hospital = OrganisationFactory()
    AgreementFactory(asking=clinics["520123"], asked=hospital, state=Agreement.State.EXPIRED)
    head = StaffFactory(role=Role.HEAD, organisation=hospital)
    assert list(rows_of(client, head)) == [hospital.name]
    live(clinics["520123"], OCTOBER, hospital=hospital)
    assert list(rows_of(client, head))[1:] == ["修文县卫生院"]
