"""The drills deliver every task again: none is left out because somebody forgot it."""

from tests.drills.tasks import ONCE, registered


def test_every_task_of_the_product_says_where_it_would_show_that_it_was_done_twice():
    assert registered() == sorted(ONCE)
