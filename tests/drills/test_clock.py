"""
Machines whose clocks are an hour off: a web process ahead, one worker ahead and one behind, and no
other worker. What is due is due by the database's clock.
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager

import pytest

from telemed.demo.children import ROOT
from tests.drills.conftest import INHERITED, demonstration, free_port, holds, wait_for
from tests.drills.witness import Witness
from tests.journey import Journey
from tests.visitors import Visitor, until_answered

FAKETIME = shutil.which("faketime")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not FAKETIME, reason="apt-get install faketime"),
]

SOON = 30  # seconds in which what is due is done
CELERY = ("-m", "celery", "--quiet", "-A", "telemed.celery", "worker")
ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")


@pytest.fixture(scope="module")
def stack(folder):
    with demonstration(folder / "var") as running:
        wait_for(running.is_idle)  # its own stories are told
        yield running


@contextmanager
def off_by(hours: str, stack, *arguments: str):
    """A process of the same installation on a machine whose clock is wrong."""
    told = {name: os.environ[name] for name in INHERITED if name in os.environ}
    told |= {"TELEMED_DATA": str(stack.data), "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    process = subprocess.Popen(
        [FAKETIME, "-f", hours, sys.executable, *arguments],
        cwd=ROOT,
        env=told,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # the wrapper waits beside what it started
        process.wait()


def test_due_times_follow_the_database(stack, real_network):
    witness, port, worker = Witness(stack.data), free_port(), stack.pid_of("worker")
    serve = ("-m", "telemed.serve", "-v", "0", "-b", "127.0.0.1", "-p", str(port))
    with ExitStack() as machines:
        machines.enter_context(off_by("+1h", stack, *serve, "telemed.asgi:application"))
        os.kill(worker, signal.SIGSTOP)
        machines.callback(os.kill, worker, signal.SIGCONT)
        for hours in ("+1h", "-1h"):
            machines.enter_context(off_by(hours, stack, *CELERY, *ALONE, "-n", f"w{hours}@drill"))

        asker = machines.enter_context(Visitor(port, patience=20))
        until_answered(lambda: asker.get("/livez"))
        asker.sign_in("township")
        journey = Journey(asker, asker, "zqy")
        hospital = str(
            witness.one(
                "SELECT asked_id FROM organisations_agreement WHERE state = 'active' LIMIT 1"
            )
        )
        journey.ask_in_emergency(hospital)
        about = journey.case
        left = witness.rows(
            "SELECT extract(epoch FROM due_at - clock_timestamp())::int FROM core_clock"
            " WHERE about = %s AND kind = 'case.accept' ORDER BY rung",
            about,
        )
        assert 0 < left[0][0] <= 300, "five minutes, and not sixty-five"

        wait_for(witness.nothing_waits, within=SOON)
        told = witness.told(about)
        assert told["case.emergency"], told
        early = "SELECT count(*) FROM core_clock WHERE state = 'fired' AND due_at > ended_at"
        assert witness.one(early) == 0
        witness.change(
            "UPDATE core_clock SET due_at = now() + interval '6 seconds'"
            " WHERE kind = 'case.accept' AND rung = 1 AND about = %s",
            about,
        )
        fired = "SELECT count(*) FROM core_clock WHERE about = %s AND state = 'fired'"
        took = wait_for(lambda: witness.one(fired, about) == 1, within=SOON)
        assert took > 5, "not an hour too early"
        assert witness.steps(about).count("case.escalate") == 1
        assert witness.one(early) == 0
    wait_for(lambda: holds(lambda: not stack.broken()))
