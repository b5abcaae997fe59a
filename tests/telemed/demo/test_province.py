"""The plan on paper. It is what everybody sees first, so its promises are tested."""

from collections import Counter
from datetime import date

from records.mpi.identity import parse_id_card
from telemed.demo import accounts, province
from telemed.demo.residents import RESIDENTS
from telemed.demo.staff import clinicians
from telemed.organisations.models import Organisation
from telemed.people.models import Role

TODAY = date(2026, 11, 24)


def test_the_tree_has_9_prefectures_88_counties_and_1510_townships():
    levels = Counter(division.level for division in province.divisions())
    assert levels == {"province": 1, "prefecture": 9, "county": 88, "township": 1510}


def test_the_plan_has_199_hospitals_and_1543_clinics():
    kinds = Counter(place.kind for place in province.plan())
    assert kinds[Organisation.Kind.HOSPITAL] == province.HOSPITALS == 199
    assert kinds[Organisation.Kind.TOWNSHIP_CLINIC] == province.CLINICS == 1543
    assert kinds[Organisation.Kind.AUTHORITY] == 1


def test_every_institution_says_that_it_is_made_up_and_no_name_comes_twice():
    names = [place.name for place in province.plan()]
    assert all(name.endswith(province.MARK) for name in names)
    assert len(set(names)) == len(names)


def test_numbers_have_no_gap_and_every_clinic_has_a_hospital_to_ask():
    plan = province.plan()
    assert [place.number for place in plan] == list(range(1, len(plan) + 1))
    for place in plan:
        if place.kind == Organisation.Kind.TOWNSHIP_CLINIC:
            asked = province.county_hospital(place.county)
            assert asked.division == place.county
            assert asked.number < place.number


def test_clinicians_are_the_same_people_every_time_and_no_two_share_a_name_to_sign_in():
    place = province.county_hospital()
    assert list(clinicians(place, TODAY)) == list(clinicians(place, TODAY))
    names = [c.username for p in province.plan() for c in clinicians(p, TODAY)]
    assert len(set(names)) == len(names)
    assert 4_000 < len(names) < 6_000


def test_every_resident_has_a_number_that_agrees_with_birth_date_sex_and_county():
    for resident in RESIDENTS:
        card = parse_id_card(resident.id_card)
        assert (card.birth_date, card.region) == (resident.birth_date, province.COUNTY)
        assert (card.sex == "male") is resident.male
    assert len({resident.id_card for resident in RESIDENTS}) == len(RESIDENTS) == 24


def test_the_first_account_of_each_role_is_named_after_it():
    listed = {account["username"]: account for account in accounts.listed()}
    for username in ("township", "specialist", "coordinator", "admin", "official", "resident"):
        assert listed[username]["name"]
    assert {account["role"] for account in listed.values()} == set(Role)
    assert {account["password"] for account in listed.values()} == {accounts.PASSWORD}
