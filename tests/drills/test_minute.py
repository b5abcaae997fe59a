"""
The broker is away for a minute in which clocks of booking and of sign-up come due: nothing is lost,
nothing is done twice, and what is latest is done first.
"""

import time

import pytest

from scheduling.appointments.clock_rows import HOLD
from scheduling.registration.clock_rows import REVIEW
from tests.drills.apart import OwnValkey, place
from tests.drills.conftest import holds, installation, wait_for
from tests.drills.dying import come_due, lay
from tests.drills.witness import Witness

pytestmark = pytest.mark.long

AWAY = 60  # seconds
TAKEN = 5  # seconds in which the worker ends what it had taken
BACK = 90  # seconds; the worker asks for its broker ever later, at most every 30


@pytest.fixture(scope="module")
def valkey():
    with place() as folder:
        server = OwnValkey(folder)
        server.start()
        wait_for(server.server.answers)
        yield server
        server.stop()


@pytest.fixture(scope="module")
def stack(folder, valkey):
    with installation(folder / "var", "--no-demo", **valkey.environment) as running:
        yield running.ready()


def test_what_came_due_meanwhile_is_done_once_and_the_latest_first(stack, valkey):
    witness = Witness(stack.data)
    laid = lay(stack, "waiting")
    held, applied = laid["held"], laid["applied"]
    wait_for(witness.nothing_waits)

    valkey.kill()
    time.sleep(TAKEN)
    come_due(witness, HOLD, held)
    come_due(witness, REVIEW, applied)
    time.sleep(AWAY)
    assert witness.ended(*held, *applied) == []
    valkey.start()

    wait_for(lambda: holds(lambda: len(witness.ended(*held, *applied)) == 16), within=BACK)
    wait_for(lambda: holds(witness.nothing_waits), within=BACK)
    assert witness.ended(*held) == held
    assert witness.ended(*applied) == applied
    assert witness.traced("appointment.expire", "Appointment", held) == [1] * 8
    assert [witness.told(one)["contract.waiting"] for one in applied] == [1] * 8
    wait_for(lambda: holds(lambda: not stack.broken()), within=BACK)
