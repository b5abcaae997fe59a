"""The same message of the broker three times over, and a relay that dies between act and mark."""

import pytest

from tests.drills.conftest import demonstration, holds, wait_for
from tests.drills.dying import asleep, deliver, die_amid, slow
from tests.drills.playing import play
from tests.drills.tasks import ONCE, made_twice
from tests.drills.witness import Witness
from tests.journey import Journey

pytestmark = pytest.mark.long

MARKED = ("UPDATE ON core_outboxevent", "NEW.delivered_at IS NOT NULL")


@pytest.fixture(scope="module")
def stack(folder):
    with demonstration(folder / "var") as running:
        wait_for(running.is_idle)  # its own stories are told
        yield running


def deliver_again(stack) -> None:
    deliver(stack, *ONCE, times=3)


def check_once(witness) -> None:
    """Nothing that a task makes is there twice."""
    for task, again in made_twice().items():
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
    left = stack.in_hand()  # the dead one's; the broker gives it out again in an hour
    for who in (journey.asker, journey.answerer):
        journey.enter(who)
    play(journey, "draft", "sign", "decide")
    deliver_again(stack)
    wait_for(lambda: holds(lambda: witness.steps(journey.case)[-1] == "case.archive"))
    wait_for(witness.nothing_waits)
    wait_for(lambda: stack.is_idle(besides=left))
    witness.check_closed(journey.case)
    check_once(witness)
    wait_for(lambda: holds(lambda: not stack.broken()))
