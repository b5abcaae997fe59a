from datetime import timedelta

import pytest
from django.db import IntegrityError

from telemed.organisations.models import Specialty
from telemed.people.models import Role
from telemed.rota.models import Rota, Shift
from telemed.rota.queries import (
    duty_director,
    duty_phone,
    is_on_duty,
    next_on_duty,
    on_duty,
)
from tests.factories.people import OrganisationFactory, StaffFactory
from tests.factories.rota import MONTH, RotaFactory, at, on

pytestmark = pytest.mark.django_db
SECOND, DIRECTOR = Shift.Kind.SECOND_CALL, Shift.Kind.DIRECTOR


def test_first_call_comes_before_second_call(hospital, doctors, django_assert_num_queries):
    on(doctors[1], hospital, at(5), kind=SECOND)
    on(doctors[0], hospital, at(5))
    on(doctors[2], hospital, at(5), specialty=Specialty.CARDIOLOGY)

    with django_assert_num_queries(1):
        called = on_duty(hospital, Specialty.NEUROLOGY, at(5, 12))

    assert called == doctors[:2]


def test_a_shift_covers_its_start_and_not_its_end(hospital, doctors):
    on(doctors[0], hospital, at(5))

    assert on_duty(hospital, Specialty.NEUROLOGY, at(5)) == [doctors[0]]
    assert on_duty(hospital, Specialty.NEUROLOGY, at(6) - timedelta(seconds=1)) == [doctors[0]]
    assert on_duty(hospital, Specialty.NEUROLOGY, at(6)) == []


def test_a_night_that_began_last_month_is_still_on(hospital, doctors):
    on(doctors[0], hospital, at(31, 20), hours=12)

    assert on_duty(hospital, Specialty.NEUROLOGY, at(32, 7)) == [doctors[0]]


def test_drafts_other_hospitals_and_closed_accounts_are_not_on_duty(hospital, doctors):
    draft = on(doctors[0], hospital, at(5))
    draft.in_force = False
    draft.save()
    elsewhere = OrganisationFactory()
    on(doctors[1], elsewhere, at(5))
    on(doctors[2], hospital, at(5))
    doctors[2].is_active = False
    doctors[2].save()

    assert on_duty(hospital, Specialty.NEUROLOGY, at(5)) == []
    assert not is_on_duty(doctors[0], at(5))
    assert is_on_duty(doctors[1], at(5))


def test_the_director_of_the_hour(hospital, doctors, django_assert_num_queries):
    director = StaffFactory(role=Role.DIRECTOR, organisation=hospital)
    on(director, hospital, at(5), kind=DIRECTOR)
    on(doctors[0], hospital, at(5))

    with django_assert_num_queries(1):
        assert duty_director(hospital, at(5, 9)) == director
    assert duty_director(hospital, at(7)) is None
    assert director not in on_duty(hospital, "", at(5, 9))


def test_who_comes_next(hospital, doctors, django_assert_num_queries):
    on(doctors[0], hospital, at(5))
    on(doctors[1], hospital, at(7))
    on(doctors[2], hospital, at(6), kind=SECOND)

    with django_assert_num_queries(1):
        ahead = next_on_duty(hospital, Specialty.NEUROLOGY, at(5))

    assert (ahead.user, ahead.starts_at) == (doctors[1], at(7))


def test_the_number_to_ring_is_the_shifts_and_else_the_institutions(hospital, doctors):
    assert duty_phone(hospital, Specialty.NEUROLOGY, at(5)) == hospital.phone
    on(doctors[0], hospital, at(5), kind=SECOND, phone="0851-55550111")
    assert duty_phone(hospital, Specialty.NEUROLOGY, at(5)) == "0851-55550111"
    on(doctors[1], hospital, at(5), phone="0851-55550110")
    assert duty_phone(hospital, Specialty.NEUROLOGY, at(5)) == "0851-55550110"


def test_nobody_is_on_duty_twice_at_a_time_not_even_at_two_hospitals(hospital, doctors):
    on(doctors[0], hospital, at(5))
    elsewhere = RotaFactory()

    with pytest.raises(IntegrityError, match="nobody_is_on_duty_twice"):
        on(doctors[0], elsewhere.organisation, at(5, 20))


def test_one_published_version_of_a_month(hospital):
    RotaFactory(organisation=hospital)

    with pytest.raises(IntegrityError, match="one_published_rota_a_month"):
        Rota.objects.create(
            organisation=hospital,
            month=MONTH,
            version=2,
            state=Rota.State.PUBLISHED,
            published_at=at(1),
        )
