"""Beside the map: which counties have nobody on call this hour."""

from datetime import timedelta

import pytest
from django.utils import timezone

from telemed.oversight.places import find_spot
from telemed.oversight.queries.cover import find_cover
from tests.factories.people import OrganisationFactory, StaffFactory
from tests.factories.rota import on
from tests.marks import committed
from tests.telemed.oversight.reading import page_of

pytestmark = committed


@pytest.fixture
def hospitals(clinics):
    """One in each county but the last."""
    return {
        code: OrganisationFactory(name=f"{code}医院", division=clinics[code].division)
        for code in ("520121", "520122", "520123")
    }


def on_call(hospital, begins, user=None, **more):
    """A shift of eight hours that begins so many hours from now."""
    user = user or StaffFactory(organisation=hospital)
    return on(user, hospital, timezone.now() + timedelta(hours=begins), 8, **more)


def codes(gaps):
    return [gap.code for gap in gaps]


def test_a_county_is_covered_while_a_shift_covers_the_hour(hospitals, official, client):
    on_call(hospitals["520121"], -1)
    on_call(hospitals["520122"], -8)  # ends this moment
    cover = find_cover(find_spot(official))
    assert cover.counties == 3  # a county without a hospital has nobody to miss
    assert codes(cover.planned) == ["520122"]
    assert codes(cover.without_rota) == ["520123"]
    page = page_of(client, official)
    assert "On call this hour: 2 of 3 counties have nobody" in page
    assert "1 county without a published rota" in page


def test_who_directs_is_nobody_on_call(hospitals, official):
    on_call(hospitals["520121"], -1, kind="director")
    assert codes(find_cover(find_spot(official)).planned) == ["520121"]


def test_a_second_hospital_covers_its_county(hospitals, clinics, official, client):
    other = OrganisationFactory(division=clinics["520121"].division)
    for hospital in (other, hospitals["520122"], hospitals["520123"]):
        on_call(hospital, -1)
    assert find_cover(find_spot(official)).gaps == []
    assert "Somebody is on call this hour in each of the 3 counties" in page_of(client, official)


def test_an_official_sees_the_counties_of_their_place(hospitals, official_of, client):
    cover = find_cover(find_spot(official_of("5201")))
    assert cover.counties == 3
    assert find_cover(find_spot(official_of("520121"))) is None
    assert find_cover(find_spot(official_of("5226"))).counties == 0


def test_it_costs_two_statements_whatever_the_number(
    hospitals, official, django_assert_num_queries
):
    spot = find_spot(official)
    with django_assert_num_queries(2):
        find_cover(spot)


def test_somebody_who_left_covers_nothing(hospitals, official):
    person = StaffFactory(organisation=hospitals["520121"], is_active=False)
    on_call(hospitals["520121"], -1, user=person)
    assert "520121" in codes(find_cover(find_spot(official)).gaps)
