"""Parts of a long work, done by several hands."""

import threading
import time
from itertools import count

import pytest

from telemed.core.hands import by_hands


def parts(n, size=10):
    """`n` parts in all, the last of which says that it is the last."""
    numbers, hands = count(1), set()

    def do():
        number = next(numbers)
        hands.add(threading.get_ident())
        return (size, number < n) if number <= n else (0, False)

    return do, hands


@pytest.mark.parametrize("hands", [1, 2, 3])
def test_every_part_is_done_once_and_counted(hands):
    do, _hands = parts(50)
    assert by_hands(do, hands=hands) == 500


def test_what_is_small_is_done_by_the_caller_alone():
    do, hands = parts(1)
    assert by_hands(do) == 10
    assert hands == {threading.get_ident()}


def test_two_parts_are_under_way_at_once():
    first, together = parts(5)[0], threading.Barrier(2, timeout=10)
    begun = count(1)

    def do():
        if next(begun) in (2, 3):
            together.wait()  # breaks where only one comes
        return first()

    assert by_hands(do) == 50


def test_no_more_than_asked_for_but_for_what_is_in_hand():
    do, _hands = parts(1000)
    assert 100 <= by_hands(do, most=100) <= 110


@pytest.mark.parametrize("failing", [1, 2, 7])
def test_when_one_fails_the_others_begin_no_more_and_the_caller_hears_of_it(failing):
    begun = count(1)

    def do():
        number = next(begun)
        time.sleep(0.001)
        if number == failing:
            raise LookupError
        return 10, number < 10_000

    with pytest.raises(LookupError):
        by_hands(do)
    assert next(begun) < 100
