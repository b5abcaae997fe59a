"""While a night's work goes on, Python looks for garbage seldom; afterwards as before."""

import gc

import pytest

from telemed.core import garbage


def test_the_thresholds_are_what_they_were_when_it_is_over_and_when_it_fails():
    before = gc.get_threshold()

    @garbage.seldom()
    def fail():
        assert gc.get_threshold()[0] > before[0]
        raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert gc.get_threshold() == before


def test_of_two_that_overlap_the_last_one_ends_it():
    before = gc.get_threshold()
    one, other = garbage.seldom(), garbage.seldom()
    one.__enter__()
    other.__enter__()
    one.__exit__(None, None, None)
    assert gc.get_threshold()[0] > before[0]
    other.__exit__(None, None, None)
    assert gc.get_threshold() == before
