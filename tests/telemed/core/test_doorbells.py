"""Bells ring after the commit, once, and never into what was taken back."""

import threading

import pytest
from django.db import transaction

from telemed.core import doorbells
from telemed.core.intentions import System, intention
from tests.marks import committed

pytestmark = committed
WHO = System("test")


class Task:
    def __init__(self, heard):
        self.heard = heard

    def delay(self, *arguments):
        self.heard.append(arguments)


@pytest.fixture
def heard(monkeypatch):
    rung = []
    monkeypatch.setattr(doorbells, "_send", lambda group, message: rung.append((group, message)))
    return rung


def test_the_same_bell_rings_once_a_transaction(heard):
    task = Task(heard)
    with intention(WHO, door="test"):
        for _time in range(3):
            doorbells.ring_group("inbox.1", type="inbox.rang")
            doorbells.ring_task(task, "7")
        doorbells.ring_group("inbox.2", type="inbox.rang")
        doorbells.ring_group("inbox.1", type="inbox.doubted")
        assert heard == []
    assert len(heard) == 4
    with intention(WHO, door="test"):
        doorbells.ring_task(task, "7")
    assert len(heard) == 5


def test_a_bell_outlives_the_savepoint_that_rang_it_first_and_was_taken_back(heard):
    with intention(WHO, door="test"):
        try:
            with transaction.atomic():  # noqa: TID251 (a constraint's refusal is one, too)
                doorbells.ring_group("inbox.1", type="inbox.rang")
                raise ValueError
        except ValueError:
            pass
        doorbells.ring_group("inbox.1", type="inbox.rang")
    assert len(heard) == 1


def test_a_bell_inside_an_open_savepoint_does_not_silence_the_one_after_it(heard):
    with intention(WHO, door="test"):
        with transaction.atomic():  # noqa: TID251 (a constraint's refusal is one, too)
            doorbells.ring_group("inbox.1", type="inbox.rang")
        doorbells.ring_group("inbox.1", type="inbox.rang")
    assert {group for group, _message in heard} == {"inbox.1"}


def test_who_is_no_server_rings_on_one_loop(settings):
    first = doorbells._own_loop()
    for _time in range(3):
        with intention(WHO, door="test"):
            doorbells.ring_group("inbox.1", type="inbox.rang")
    assert doorbells._own_loop() is first
    assert first.is_running()


def test_bells_that_come_close_together_ring_at_once_and_once_more(monkeypatch):
    monkeypatch.setattr(doorbells, "SPACE", 0.2)
    rung = threading.Semaphore(0)

    class Counting(Task):
        def delay(self, *arguments):
            super().delay(*arguments)
            rung.release()

    task = Counting([])
    for _time in range(20):
        with intention(WHO, door="test"):
            doorbells.ring_spaced(task)
    assert rung.acquire(timeout=5)
    assert rung.acquire(timeout=5)
    assert not rung.acquire(timeout=0.5)
    with intention(WHO, door="test"):
        doorbells.ring_spaced(task)
    assert rung.acquire(timeout=5)


def test_a_bell_in_the_pause_that_breaks_does_not_silence_the_next(monkeypatch):
    monkeypatch.setattr(doorbells, "SPACE", 0.05)
    rung = threading.Semaphore(0)

    class Breaking(Task):
        def delay(self, *arguments):
            super().delay(*arguments)
            rung.release()
            if len(self.heard) == 2:
                raise OSError("the broker is gone")

    task = Breaking([])
    for _time in range(2):
        doorbells._SpacedBell(task)()
    for _time in range(2):
        assert rung.acquire(timeout=5)
    doorbells._SpacedBell(task)()
    assert rung.acquire(timeout=5)
