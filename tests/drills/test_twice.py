"""The same message of the broker three times over, and a relay that dies between act and mark."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import psycopg
import pytest

from telemed.demo.children import ROOT
from tests.drills.conftest import INHERITED, demonstration, holds, wait_for
from tests.drills.playing import AGAIN, play
from tests.drills.witness import Witness
from tests.journey import Journey

pytestmark = pytest.mark.long

TASKS = (
    "telemed.core.tasks.relay_outbox_task",
    "telemed.core.tasks.fire_clocks_task",
    "telemed.notifications.tasks.deliver_task",
)
SLOW = """
SELECT pg_advisory_lock(4711);
CREATE FUNCTION drill_slow() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END';
CREATE TRIGGER drill_slow BEFORE UPDATE ON core_outboxevent FOR EACH ROW
    WHEN (NEW.delivered_at IS NOT NULL) EXECUTE FUNCTION drill_slow();
"""


@pytest.fixture(scope="module")
def stack(folder):
    with demonstration(folder / "var") as running:
        yield running


def deliver_again(stack, times: int = 3) -> None:
    """As a broker does that was never told of the first time: one message, one id."""
    script = (
        "import sys; from telemed.celery import app\n"
        f"for name in {TASKS!r}:\n"
        f"    for _turn in range({times}):\n"
        "        app.send_task(name, task_id=f'twice-{name}')\n"
    )
    told = {name: os.environ[name] for name in INHERITED if name in os.environ}
    told |= {"TELEMED_DATA": str(stack.data), "DJANGO_SETTINGS_MODULE": "telemed.settings"}
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=told, check=True)


def test_what_is_delivered_again_happens_once(stack, signed_in):
    witness = Witness(stack.data)
    journey = Journey(signed_in("township"), signed_in("specialist"), "wjh")
    play(journey, "begin", "write", "consent")
    worker = stack.pid_of("worker")
    os.kill(worker, signal.SIGSTOP)  # the same messages wait side by side
    play(journey, "send")
    deliver_again(stack)
    os.kill(worker, signal.SIGCONT)
    wait_for(witness.nothing_waits, within=AGAIN)
    with slow_marks(stack):
        play(journey, "accept")
        wait_for(witness.is_awaited, within=AGAIN)
        stack.kill("worker")  # what the subscribers did is done, and not yet marked
    for who in (journey.asker, journey.answerer):
        journey.enter(who)
    play(journey, "draft", "sign", "decide")
    deliver_again(stack)
    wait_for(lambda: holds(lambda: witness.steps(journey.case)[-1] == "case.archive"))
    wait_for(witness.nothing_waits, within=AGAIN)
    witness.check_closed(journey.case)
    wait_for(lambda: holds(lambda: not stack.broken()))


@contextmanager
def slow_marks(stack):
    """Whoever marks an event as delivered waits for us."""
    url = json.loads((stack.data / "runtime.json").read_text())["owner_url"]
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(SLOW)
        try:
            yield
        finally:
            owner.execute("DROP FUNCTION drill_slow() CASCADE")
