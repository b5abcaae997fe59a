"""
A release: the web process is asked to stop while 500 pages are open, two doctors talk and requests
are under way. All are told and come back, spread out; nothing is lost, nothing is there twice.
"""

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from os import kill

import pytest

from telemed.demo.children import ROOT
from tests.drills.conftest import demonstration, wait_for
from tests.drills.in_the_room import Seat
from tests.drills.playing import AGAIN, check_heard, play, talk
from tests.drills.witness import Witness
from tests.journey import Journey
from tests.visitors import until_answered

pytestmark = pytest.mark.long

PAGES = 500
BACK = 20  # seconds in which all are back
ACCOUNTS = ("township", "specialist", "coordinator", "director", "office")


@pytest.fixture(scope="module")
def stack(folder):
    with demonstration(folder / "var") as running:
        yield running


def test_500_pages_are_told_and_come_back(stack, signed_in):
    witness = Witness(stack.data)
    people = {name: signed_in(name) for name in ACCOUNTS}
    journey = Journey(people["township"], people["specialist"], "wjh")
    play(journey, "begin", "write", "consent", "send", "accept")
    for who in (journey.asker, journey.answerer):
        journey.enter(who)
    said: list[str] = []
    cookies = [visitor.cookie for visitor in people.values()]
    crowd = subprocess.Popen(
        [sys.executable, "-m", "tests.drills.crowd", str(stack.port), str(PAGES), *cookies],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert json.loads(crowd.stdout.readline()) == {"open": PAGES}
        before = stack.pid_of("web")
        with (
            Seat(journey.asker, journey.room) as here,
            Seat(journey.answerer, journey.room) as there,
            ThreadPoolExecutor(1) as elsewhere,
        ):
            wait_for(lambda: here.openings and there.openings)
            # It stands in the middle of its transaction while the process is asked to stop.
            with witness.holding(journey.case):
                asked = elsewhere.submit(journey.draft)
                wait_for(lambda: witness.is_awaited() or asked.done())
                kill(before, signal.SIGTERM)
                time.sleep(0.3)
            assert asked.result().status == 200, "what is under way is answered"
            wait_for(lambda: stack.pid_of("web") != before)
            talk(here, there, said, midway=lambda: None)
            check_heard(here, there, said)
            told = json.loads(crowd.stdout.readline())
        assert told["codes"] == {"1012": PAGES}
        away = told["away"]
        print(f"half of them back in {away[PAGES // 2]:.1f} s, the last in {away[-1]:.1f} s")
        assert away[-1] < BACK
        assert away[-1] - away[0] > 2, "not all at once"
    finally:
        crowd.kill()
        crowd.communicate()
    for step in ("sign", "part", "decide"):
        until_answered(getattr(journey, step))
    wait_for(lambda: witness.steps(journey.case)[-1] == "case.archive", within=AGAIN)
    wait_for(witness.nothing_waits, within=AGAIN)
    witness.check_closed(journey.case)
    witness.check_room(journey.room, said)
    wait_for(lambda: not stack.broken(), within=AGAIN)
