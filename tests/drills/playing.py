"""People who go on with what they are at while something fails around them."""

import time
from collections.abc import Callable, Sequence

from tests.drills.conftest import wait_for
from tests.drills.in_the_room import Seat
from tests.journey import Journey

MESSAGES = 12
AGAIN = 30  # seconds in which everything works again by itself


def play(journey: Journey, *steps: str) -> None:
    """Each step is taken at the first try, within what a person waits."""
    for step in steps:
        answer = getattr(journey, step)()
        assert answer.status < 400, (step, answer.status, answer.text[:500])
        assert "refused=" not in answer.location, (step, answer.location)


def talk(here: Seat, there: Seat, said: list[str], *, midway: Callable[[], object]) -> None:
    """Both say their messages; in the middle something happens."""
    for n in range(MESSAGES):
        for name, seat in (("here", here), ("there", there)):
            said.append(f"{name} {len(said)}")
            seat.say(said[-1])
        if n == MESSAGES // 2:
            midway()
        time.sleep(0.1)  # under the limit of frames, and on both sides of what happens


def check_heard(here: Seat, there: Seat, said: Sequence[str], *, within: float = AGAIN) -> None:
    """Both pages show every message, in one order and without a gap."""
    wait_for(lambda: len(here.texts) == len(there.texts) == len(said), within=within)
    assert here.texts == there.texts
    assert here.gaps == there.gaps == []
