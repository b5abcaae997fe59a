from datetime import date

import pytest

from records.mpi import matching
from records.mpi.identity import check_digit
from records.mpi.models import Patient
from records.mpi.services import register_patient
from telemed.people.models import Role
from tests.factories.people import PatientFactory, StaffFactory

pytestmark = pytest.mark.django_db
CARD = "52012119580409991" + check_digit("52012119580409991")
OTHER = "52012119580409993" + check_digit("52012119580409993")
KNOWN = {"name": "张三丰", "sex": "male", "birth_date": date(1958, 4, 9)}


def found(**typed):
    return [(c.grade, c.patient) for c in matching.find_matches(matching.typed(**typed))]


@pytest.fixture
def known(by):
    doctor = StaffFactory(role=Role.TOWNSHIP_DOCTOR)
    with by(doctor):
        return register_patient(
            actor=doctor, organisation=doctor.organisation, name="张三丰", id_card=CARD,
            phone="13900000000", address="双流镇一组",
        )  # fmt: skip


def test_the_same_number_name_birthday_and_sex_is_certain_and_says_why(known):
    (candidate,) = matching.find_matches(matching.typed(name="张三丰", id_card=CARD))
    assert (candidate.grade, candidate.patient) == ("certain", known)
    assert candidate.reasons == ("id_same", "name_same", "birth_same")
    assert candidate.score == sum(matching.POINTS[r] for r in candidate.reasons)


@pytest.mark.parametrize(
    ("typed", "grade"),
    [
        ({**KNOWN, "phone": "13900000000"}, "probable"),
        ({**KNOWN, "name": "章三丰", "phone": "13900000000"}, "possible"),
        (KNOWN, "possible"),
        ({**KNOWN, "name": "章三丰"}, "possible"),
        ({"name": "李四", "id_card": CARD}, "probable"),
        ({"name": "张三丰", "phone": "13900000000"}, "possible"),
        ({**KNOWN, "birth_date": date(1958, 9, 4), "phone": "13900000000"}, "possible"),
    ],
)
def test_how_alike(known, typed, grade):
    assert found(**typed) == [(grade, known)]


@pytest.mark.parametrize(
    "typed",
    [
        {**KNOWN, "birth_date": date(1959, 4, 9)},
        {"name": "李四", "sex": "female", "birth_date": date(1990, 1, 1), "phone": "13900000000"},
        {"name": "张三丰", "id_card": OTHER},
        {**KNOWN, "sex": "female"},
        {},
    ],
)
def test_who_shares_a_phone_or_a_name_is_nobody_yet(known, typed):
    assert found(**typed) == []


@pytest.mark.parametrize("name", ["李莉", "李力"])
def test_twins_are_never_more_than_possible(name):
    home = {"phone": "13900000000", "address": "双流镇一组"}
    birth = {"sex": "female", "birth_date": date(2010, 5, 1)}
    PatientFactory(name="李丽", pinyin="li li", **home, **birth)
    assert {grade for grade, _who in found(name=name, **home, **birth)} == {"possible"}


def test_children_of_one_birth_are_two_people():
    mother = PatientFactory(sex="female")
    facts = {"name": "吴金花之女", "mother": mother, "birth_date": date(2026, 1, 1)}
    first = PatientFactory(birth_order=1, **facts)
    PatientFactory(birth_order=2, **facts)
    assert [c for c in matching.find_matches(first) if c.grade in ("certain", "probable")] == []


def test_nobody_matches_himself_and_a_merged_record_stands_as_its_survivor(known):
    assert matching.find_matches(known) == []
    survivor = PatientFactory()
    Patient.objects.filter(pk=known.pk).update(merged_into=survivor)
    assert found(name="张三丰", id_card=CARD) == [("certain", survivor)]
