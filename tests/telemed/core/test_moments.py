"""A machine whose clock is wrong goes by the database's."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from telemed.core import moments
from telemed.core.intentions import System, intention
from tests.marks import committed

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def compared(own_time, monkeypatch):
    monkeypatch.undo()
    yield
    moments._off = timedelta()


@pytest.mark.parametrize("off", [HOUR, -HOUR])
@committed
def test_an_intention_tells_this_machine_the_time(off):
    with time_machine.travel(timezone.now() + off), intention(System("test"), door="test"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (there,) = cursor.fetchone()
        assert abs(moments.now() - there) < timedelta(seconds=5)


@committed
def test_a_machine_that_agrees_goes_by_its_own():
    with intention(System("test"), door="test"):
        pass
    assert moments._off == timedelta()
