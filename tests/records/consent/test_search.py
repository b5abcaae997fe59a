from datetime import date

import pytest
from django.utils import translation

from records.consent import queries
from records.consent.registration import register_and_treat
from records.mpi.identity import check_digit
from telemed.core.errors import Invalid
from telemed.people.models import Role, User
from tests.factories.people import PatientFactory, StaffFactory, treated

pytestmark = pytest.mark.django_db
CARD = "52012119580409991" + check_digit("52012119580409991")


@pytest.fixture
def doctor(by):
    doctor = StaffFactory(role=Role.TOWNSHIP_DOCTOR)
    people = [
        ("张三丰", CARD, "13900000000"),
        ("张珊", "", "0851-55550199"),
        ("曾国强", "", ""),
        ("吴金花", "", ""),
    ]
    for name, card, phone in people:
        facts = {} if card else {"sex": "female", "birth_date": date(1960, 1, 1)}
        with by(doctor):
            register_and_treat(
                actor=doctor,
                organisation=doctor.organisation,
                name=name,
                id_card=card,
                phone=phone,
                **facts,
            )
    PatientFactory(name="张无忌", pinyin="zhang wu ji", initials="zwj")  # treated elsewhere
    return User.objects.select_related("acting_as__organisation").get(pk=doctor.pk)


def names(actor, text, **kwargs):
    return [row.patient.name for row in queries.search_patients(actor, text, **kwargs).rows]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("zsf", ["张三丰"]),
        ("ZS", ["张三丰", "张珊"]),
        ("zhangsan", ["张三丰"]),
        ("zhang s", ["张三丰", "张珊"]),
        ("Zhang San Feng", ["张三丰"]),
        ("zeng", ["曾国强"]),
        ("ceng", []),
        ("张", ["张三丰", "张珊"]),
        ("张三丰", ["张三丰"]),
        ("三丰", []),
        (CARD, ["张三丰"]),
        (f" {CARD[:6]} {CARD[6:].lower()} ", ["张三丰"]),
        (CARD[:17] + "1" if CARD[17] != "1" else CARD[:17] + "2", []),
        ("13900000000", ["张三丰"]),
        ("0851-55550199", ["张珊"]),
        ("139", []),
        ("zwj", []),
        ("%", []),
        ("z_f", []),
        ("'; DROP TABLE mpi_patient; --", []),
        ("", ["吴金花", "曾国强", "张三丰", "张珊"]),
    ],
)
def test_people_are_found_by_initials_pinyin_name_number_and_phone(doctor, text, found):
    assert names(doctor, text) == found


def test_each_row_says_why_it_is_visible(doctor):
    (row,) = queries.search_patients(doctor, "zsf").rows
    assert row.reasons == ("treated_here",)


def test_pages_follow_each_other_without_a_gap_or_a_repetition(doctor):
    seen, after = [], ""
    while True:
        page = queries.search_patients(doctor, "", limit=1, after=after)
        seen += [row.patient.name for row in page.rows]
        if not (after := page.after):
            break
    assert seen == ["吴金花", "曾国强", "张三丰", "张珊"]


def test_people_of_one_name_are_paged_by_their_ids(doctor):
    same = [treated(PatientFactory(), doctor.organisation) for _ in range(3)]
    first = queries.search_patients(doctor, "zsf", limit=2)
    second = queries.search_patients(doctor, "zsf", limit=2, after=first.after)
    found = [row.patient.pk for row in first.rows + second.rows]
    assert len(set(found)) == 4
    assert {p.pk for p in same} <= set(found)


def test_a_page_costs_two_queries(doctor, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert names(doctor, "zhang")


@pytest.mark.parametrize("after", ["x", "~", "zhang~no-id", "\x00~"])
def test_a_page_that_does_not_exist_is_refused(doctor, after):
    with pytest.raises(Invalid) as refused:
        queries.search_patients(doctor, "", after=after)
    assert refused.value.path == "after"


@pytest.mark.parametrize("text", ["z" * 61, "a\x00b"])
def test_text_that_cannot_be_searched_is_refused(doctor, text):
    with translation.override("en"), pytest.raises(Invalid) as refused:
        queries.search_patients(doctor, text)
    assert refused.value.path == "q"
