"""How the places of a session are laid out."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling.availability.models import Pool
from scheduling.availability.shares import RESERVED, lay_out, quotas, spans

DEFAULT = {"family_doctor": 10, "referral": 10, "walk_in": 10, "phone": 5}


def test_a_morning_of_eight_periods_keeps_a_third_for_those_who_need_it():
    assert quotas(32, DEFAULT) == {
        "public": 21,
        "family_doctor": 3,
        "referral": 3,
        "walk_in": 3,
        "phone": 2,
    }


@pytest.mark.parametrize(("total", "public"), [(4, 3), (5, 1)])
def test_from_five_places_on_every_pool_with_a_share_has_one(total, public):
    assert quotas(total, DEFAULT)["public"] == public


def test_the_reserved_places_begin_with_the_first_period():
    layout = lay_out(8, 4, DEFAULT)
    assert layout[0]["family_doctor"] == 1
    assert {sum(period.values()) for period in layout} == {4}
    assert max(4 - period.get("public", 0) for period in layout) == 2


def test_what_is_too_short_for_a_period_is_left_out():
    begin, end = datetime(2027, 3, 1, 8, tzinfo=UTC), datetime(2027, 3, 1, 9, 10, tzinfo=UTC)
    assert [a.minute for a, _b in spans(begin, end, 30)] == [0, 30]


shares = st.fixed_dictionaries({pool.value: st.integers(0, 20) for pool in RESERVED})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(periods=st.integers(1, 16), capacity=st.integers(1, 30), shares=shares)
def test_every_period_is_given_out_whole_and_no_pool_has_more_than_its_share(
    periods, capacity, shares
):
    layout = lay_out(periods, capacity, shares)
    assert [sum(period.values()) for period in layout] == [capacity] * periods
    total = periods * capacity
    for pool in RESERVED:
        given_out = sum(period.get(pool, 0) for period in layout)
        assert given_out <= max(-(-total * shares[pool] // 100), 1 if shares[pool] else 0)
    assert all(n > 0 for period in layout for n in period.values())
    assert {pool for period in layout for pool in period} <= set(Pool.values)
