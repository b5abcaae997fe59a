from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection

from telemed.core import idempotency
from telemed.core.errors import Conflict, Invalid
from telemed.core.intentions import System
from telemed.core.models import IdempotencyKey
from tests.marks import committed

ACTOR = System("test")


def write(by, actor, body, key="k1"):
    """One write under a key, as a door does it: what was answered before, or a new answer."""
    with by(actor):
        before = idempotency.remembered(key=key, body=body)
        if before is None:
            before = {"made": IdempotencyKey.objects.count()}
            idempotency.keep(key=key, answer=before)
        return before


@pytest.mark.django_db
def test_a_write_that_is_sent_again_answers_what_it_answered_the_first_time(by):
    first = write(by, ACTOR, {"a": 1})
    assert write(by, ACTOR, {"a": 1}) == first


@pytest.mark.django_db
def test_the_same_key_with_other_content_is_refused(by):
    write(by, ACTOR, {"a": 1})
    with pytest.raises(Invalid) as refused:
        write(by, ACTOR, {"a": 2})
    assert refused.value.path == "Idempotency-Key"


@pytest.mark.django_db
def test_the_order_of_keys_in_the_body_does_not_matter(by):
    first = write(by, ACTOR, {"a": 1, "b": 2})
    assert write(by, ACTOR, {"b": 2, "a": 1}) == first


@pytest.mark.django_db
def test_looking_for_an_answer_claims_no_key(by):
    with by(ACTOR):
        assert idempotency.find_answer(key="k1", body={"a": 1}) is None
    assert not IdempotencyKey.objects.exists()
    first = write(by, ACTOR, {"a": 1})
    with by(ACTOR):
        assert idempotency.find_answer(key="k1", body={"a": 1}) == first
        with pytest.raises(Invalid):
            idempotency.find_answer(key="k1", body={"a": 2})


@pytest.mark.django_db
def test_two_people_may_use_the_same_key(by):
    write(by, ACTOR, {"a": 1})
    write(by, System("other"), {"a": 2})
    assert IdempotencyKey.objects.count() == 2


@committed
def test_a_write_that_was_refused_may_be_sent_again(by):
    def refused_write():
        with by(ACTOR):
            idempotency.remembered(key="k1", body={"a": 1})
            raise Conflict("Somebody was first.")

    with pytest.raises(Conflict):
        refused_write()

    assert not IdempotencyKey.objects.exists()


@committed
def test_two_at_once_under_one_key_have_one_effect(by):
    barrier, answers = Barrier(2), []

    def send():
        try:
            barrier.wait()
            answers.append(write(by, ACTOR, {"a": 1}))
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [{"made": 1}, {"made": 1}]


@pytest.mark.django_db
def test_keys_are_forgotten_after_a_day(by):
    write(by, ACTOR, {"a": 1})
    with by(ACTOR):
        assert idempotency.forget_old() == 0
    with (
        time_machine.travel(IdempotencyKey.objects.get().created_at + timedelta(hours=25)),
        by(ACTOR),
    ):
        assert idempotency.forget_old() == 1
