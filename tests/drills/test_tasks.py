"""The drills deliver every task again: none is left out because somebody forgot it."""

import pytest
from django.db import connection

from tests.drills.tasks import ONCE, made_twice, registered


def test_every_task_of_the_product_says_where_it_would_show_that_it_was_done_twice():
    assert registered() == sorted(ONCE)


@pytest.mark.django_db
def test_what_is_asked_for_after_a_drill_can_be_asked():
    with connection.cursor() as cursor:
        for task, again in made_twice().items():
            cursor.execute(again)
            assert cursor.fetchall() == [], task
