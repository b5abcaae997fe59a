from datetime import date

import pytest
import time_machine
from django.utils import translation

from records.mpi.identity import check_digit, parse_id_card
from records.mpi.models import Patient
from telemed.core.errors import Invalid


def number(first17: str) -> str:
    return first17 + check_digit(first17)


def test_the_standards_own_example_holds():
    assert check_digit("11010519491231002") == "X"  # GB 11643-1999, annex A
    assert check_digit("44052418800101001") == "4"


def test_a_number_says_birth_date_sex_and_region():
    card = parse_id_card(number("52012119580409991"))
    assert (card.birth_date, card.sex, card.region) == (
        date(1958, 4, 9),
        Patient.Sex.MALE,
        "520121",
    )
    assert parse_id_card(number("52012119590211992")).sex == Patient.Sex.FEMALE


@pytest.mark.parametrize(
    "typed", ["11010519491231002x", " 110105 19491231 002X ", "110105-19491231-002x"]
)
def test_blanks_and_a_small_x_are_read(typed):
    assert parse_id_card(typed).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "this one has 0"),
        ("110105491231002", "this one has 15"),
        ("1101051949123100X2", "17 digits and then"),
        ("１１０１０５１９４９１２３１００２X", "17 digits and then"),
        ("090105194912310021", "No place begins with 09"),
        ("110105194902300021", "no real birth date: 19490230"),
        ("110105188912310021", "impossible birth date"),
        ("110105299912310021", "impossible birth date"),
        ("110105194912310021", "should be X"),
        ("1.10105E+17", "A spreadsheet has rounded this number to 1.10105E+17"),
        ("1.1010519491231e+17", "rounded"),
    ],
)
def test_a_wrong_number_is_refused_with_what_is_wrong(typed, said):
    with translation.override("en"), pytest.raises(Invalid) as refused:
        parse_id_card(typed)
    assert said in refused.value.message
    assert refused.value.path == "id_card"


def test_a_leap_day_exists_only_in_leap_years():
    assert parse_id_card(number("52012120000229991")).birth_date == date(2000, 2, 29)
    with pytest.raises(Invalid):
        parse_id_card(number("52012119990229991"))


def test_a_child_born_today_has_a_number():
    with time_machine.travel(date(2026, 11, 24)):
        assert parse_id_card(number("52012120261124991")).birth_date == date(2026, 11, 24)


@pytest.mark.parametrize("place", range(17))
def test_no_single_wrong_digit_passes(place):
    right = number("52012119580409991")
    other = str((int(right[place]) + 1) % 10)
    with pytest.raises(Invalid):
        parse_id_card(right[:place] + other + right[place + 1 :])
