"""Whom one finds: what is free, near first, then soonest."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from scheduling.availability import searching
from scheduling.availability.models import Period, PeriodPool, Pool, Session
from scheduling.availability.searching import find_departments
from telemed.organisations.models import Specialty
from tests.factories.people import (
    DepartmentFactory,
    DivisionFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days

pytestmark = pytest.mark.django_db
PUBLIC = [Pool.PUBLIC]
COUNTY, PREFECTURE, BEYOND = "520121", "520122", "520201"


def free(code=COUNTY, *, ahead=7, **places):
    """A department there with a place in so many days."""
    hospital = OrganisationFactory(division=DivisionFactory(code=code))
    session = SessionFactory(
        department=DepartmentFactory(organisation=hospital), day=in_days(ahead)
    )
    PeriodFactory(session=session, **places)
    return session.department


def test_the_county_first_then_the_prefecture_then_whoever_is_free_soonest():
    beyond, later, soon = free(BEYOND, ahead=3), free(ahead=9), free(ahead=8)
    prefecture = free(PREFECTURE, ahead=4)
    assert find_departments("神经", COUNTY, PUBLIC) == [soon, later, prefecture, beyond]


def test_without_words_only_the_prefecture_is_looked_at():
    here = free()
    free(BEYOND)
    assert find_departments("", COUNTY, PUBLIC) == [here]


def test_far_ones_are_asked_only_when_the_near_do_not_fill_the_page(
    monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(searching, "SHOWN", 2)
    near = [free(ahead=7), free(ahead=8)]
    free(BEYOND, ahead=2)
    with django_assert_num_queries(3):
        assert find_departments("神经", COUNTY, PUBLIC) == near


def test_each_says_when_its_first_place_is():
    free(ahead=7)
    [found] = find_departments("", COUNTY, PUBLIC)
    assert timezone.localdate(found.first) == in_days(7)


def test_what_is_full_closed_or_kept_for_others_is_not_shown():
    free(referral=4)
    PeriodPool.objects.filter(period__department=free()).update(taken=4)
    Period.objects.filter(department=free()).update(closes_at=timezone.now())
    assert find_departments("", COUNTY, PUBLIC) == []


def test_a_doctor_is_found_by_name_where_the_sessions_are():
    department = free()
    free()
    name = Session.objects.get(department=department).clinician.name
    assert find_departments(name, COUNTY, PUBLIC) == [department]


@pytest.mark.parametrize(
    "typed", ["xnk", "xinneike", "gaoxueya", "gxy", "xxgnk", "Qianlian", "qlyy"]
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_letters_find_hospitals_departments_and_what_hurts(typed, language):
    free()
    hospital = OrganisationFactory(name="黔连医院", division=DivisionFactory(code=COUNTY))
    department = DepartmentFactory(
        organisation=hospital, name="心血管内科", specialty=Specialty.CARDIOLOGY
    )
    PeriodFactory(session=SessionFactory(department=department, day=in_days(7)))
    with override(language):
        assert find_departments(typed, COUNTY, PUBLIC) == [department]


@pytest.mark.parametrize("typed", ["shan xiong", "shanxiongxin", "SXX", "单雄", "雄信"])
def test_a_doctor_is_found_by_pinyin_and_initials(typed):
    department = free()
    free()
    doctor = Session.objects.get(department=department).clinician
    doctor.name = "单雄信"
    doctor.save()
    UserFactory(name="单雄心")  # a resident
    assert find_departments(typed, COUNTY, PUBLIC) == [department]
    assert find_departments("danxiong", COUNTY, PUBLIC) == []


def mapped(code, latitude):
    """A division on the map; a degree of latitude is 111 km."""
    return DivisionFactory(code=code, longitude=106.7, latitude=latitude)


def test_kilometres_are_told_and_order_when_the_nearest_are_wanted(monkeypatch):
    monkeypatch.setattr(searching, "SHOWN", 2)
    mapped(COUNTY, 26.0)
    mapped(PREFECTURE, 26.9)
    mapped(BEYOND, 26.1)
    soon, here, over_the_border, nowhere = (
        free(PREFECTURE, ahead=3),
        free(ahead=9),
        free(BEYOND, ahead=8),
        free("520301", ahead=2),
    )
    first = free(ahead=4)
    assert find_departments("神经", COUNTY, PUBLIC) == [first, here]
    monkeypatch.setattr(searching, "SHOWN", 9)
    found = find_departments("神经", COUNTY, PUBLIC, nearest=True)
    assert found == [first, here, over_the_border, soon, nowhere]
    assert [one.km for one in found] == [0, 0, 11, 100, None]
    assert [one.in_county for one in found] == [True, True, False, False, False]


def test_the_nearest_fill_the_page_before_the_far_are_asked(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(searching, "SHOWN", 1)
    mapped(COUNTY, 26.0)
    mapped(BEYOND, 26.1)
    later, near = free(ahead=9), free(ahead=7)
    for _far in range(3):
        free(BEYOND, ahead=2)
    assert later != near
    with django_assert_num_queries(5):  # who and where, the near ones' times, what is shown
        assert find_departments("神经", COUNTY, PUBLIC, nearest=True) == [near]


def test_without_a_place_of_ones_own_nothing_is_near():
    free()
    [found] = find_departments("神经", "", PUBLIC, nearest=True)
    assert (found.km, found.in_county) == (None, False)


def test_after_closing_the_desk_finds_what_is_left_until_the_period_is_over():
    department = free(ahead=2, walk_in=2)
    period = Period.objects.get(department=department)
    desk = [Pool.WALK_IN, Pool.PUBLIC]
    Period.objects.update(state="closed", closes_at=period.starts_at - timedelta(hours=16))
    with time_machine.travel(period.starts_at + timedelta(minutes=5)):
        [found] = find_departments("", COUNTY, desk)
        assert found.first == period.starts_at
        assert find_departments("", COUNTY, PUBLIC) == []
    with time_machine.travel(period.ends_at):
        assert find_departments("", COUNTY, desk) == []


def test_what_is_left_of_a_stopped_or_full_period_is_nobodys_at_the_desk():
    desk = [Pool.WALK_IN, Pool.PUBLIC]
    Period.objects.filter(department=free(walk_in=2)).update(state="stopped")
    PeriodPool.objects.filter(period__department=free(walk_in=2)).update(taken=2)
    Period.objects.filter(department=free(public=2)).update(state="closed")  # moves to the desk
    assert find_departments("", COUNTY, desk) == []
