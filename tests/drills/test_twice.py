"""The same message of the broker three times over, and a relay that dies between act and mark."""

import json

import pytest
import redis

from tests.drills.conftest import demonstration, holds, wait_for
from tests.drills.dying import asleep, deliver, die_amid, slow
from tests.drills.playing import play
from tests.drills.tasks import ONCE
from tests.drills.witness import Witness
from tests.journey import Journey

pytestmark = pytest.mark.long

MARKED = ("UPDATE ON core_outboxevent", "NEW.delivered_at IS NOT NULL")


@pytest.fixture(scope="module")
def stack(folder):
    with demonstration(folder / "var") as running:
        yield running


def deliver_again(stack) -> None:
    deliver(stack, *ONCE, times=3)


def is_idle(stack) -> bool:
    """Nothing lies at the broker that no worker has ended."""
    address = json.loads((stack.data / "runtime.json").read_text())["redis_url"]
    with redis.Redis.from_url(address) as line:
        return not line.llen("celery") and not line.hlen("unacked")


def check_once(witness) -> None:
    """Nothing that a task makes is there twice."""
    for task, made in ONCE.items():
        if made:
            rows, told_apart = made
            again = f"SELECT {told_apart} FROM {rows} GROUP BY {told_apart} HAVING count(*) > 1"  # noqa: S608
            assert witness.rows(again) == [], task


def test_what_is_delivered_again_happens_once(stack, signed_in):
    witness = Witness(stack.data)
    journey = Journey(signed_in("township"), signed_in("specialist"), "wjh")
    play(journey, "begin", "write", "consent")
    with asleep(stack):  # the same messages wait side by side
        play(journey, "send")
        deliver_again(stack)
    wait_for(witness.nothing_waits)
    # What the subscribers did is done, and not yet marked.
    die_amid(stack, witness, slow(witness, *MARKED), lambda: play(journey, "accept"))
    for who in (journey.asker, journey.answerer):
        journey.enter(who)
    play(journey, "draft", "sign", "decide")
    deliver_again(stack)
    wait_for(lambda: holds(lambda: witness.steps(journey.case)[-1] == "case.archive"))
    wait_for(witness.nothing_waits)
    wait_for(lambda: is_idle(stack))
    witness.check_closed(journey.case)
    check_once(witness)
    wait_for(lambda: holds(lambda: not stack.broken()))
