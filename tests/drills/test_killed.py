"""
kill -9 in mid-journey: two doctors play a whole case, and at every step one of the processes dies
under a request in flight, an open socket or a clock that is about to fire. Whatever was
acknowledged is there exactly once, nothing is half done, and everybody was told.

One round in a plain run; all of them with --all-drills or `python -m tests.drills`.
"""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import psycopg
import pytest

from telemed.demo.children import ROOT
from tests.drills.conftest import Up, demonstration, wait_for
from tests.drills.in_the_room import Seat
from tests.drills.witness import Witness
from tests.journey import Journey
from tests.visitors import Answer, until_answered

VICTIMS = ("web", "database", "valkey", "worker", "beat")
PATIENTS = ("wjh", "zgf", "zqy", "lxm", "sxl", "yzm", "lsy", "wjh", "zgf", "zqy")
STEPS = ("begin", "write", "consent", "send", "accept", "meet", "draft", "sign", "part", "decide")
MESSAGES = 12  # of each doctor in the room
GONE = 410  # what a room answers that was ended already


def once_or_each_round(fixture_name: str, config: pytest.Config) -> str:
    """Who is killed again and again is started ever later: many rounds start afresh."""
    return "function" if config.getoption("all_drills") else "module"


@pytest.fixture(scope=once_or_each_round)
def stack(folder):
    with demonstration(folder / "var") as running:
        yield running


@pytest.fixture
def witness(stack):
    return Witness(stack.data)


def pytest_generate_tests(metafunc):
    if "number" in metafunc.fixturenames:
        every = metafunc.config.getoption("all_drills")
        metafunc.parametrize("number", range(2 * len(VICTIMS)) if every else [0])


def amid(
    stack: Up, witness: Witness, victim: str, act: Callable[[], Answer], *, hold: str = ""
) -> Answer:
    """
    Kill it while the request is under way, and go on asking as a page does. With `hold` the
    request stands in the middle of its transaction, at this case's lock; else it is anywhere.
    """
    before = stack.pid_of(victim)
    with ThreadPoolExecutor(1) as pool, ExitStack() as held:
        if hold:
            wait_for(lambda: answering(lambda: witness.one("SELECT 1") == 1))
            held.enter_context(witness.holding(hold))
        answer = pool.submit(until_answered, act)
        if hold:
            wait_for(lambda: witness.is_awaited() or answer.done())
        else:
            time.sleep(random.uniform(0, 0.08))  # noqa: S311 (where it hits is chance)
        stack.kill(victim)
        held.close()
        answered = answer.result()
    wait_for(lambda: stack.pid_of(victim) != before)
    assert answered.status < 400 or answered.status == GONE, answered.text[:500]
    return answered


def meet(stack: Up, journey: Journey, victim: str) -> list[str]:
    """Both talk while it dies; what was said, each in their order."""
    for who in (journey.asker, journey.answerer):
        until_answered(lambda who=who: journey.enter(who))
    before, said = stack.pid_of(victim), []
    with Seat(journey.asker, journey.room) as here, Seat(journey.answerer, journey.room) as there:
        wait_for(lambda: here.openings and there.openings)
        for n in range(MESSAGES):
            for name, seat in (("here", here), ("there", there)):
                said.append(f"{name} {n}")
                seat.say(said[-1])
            if n == MESSAGES // 3:
                stack.kill(victim)
            time.sleep(0.02)
        wait_for(lambda: len(here.texts) == len(there.texts) == len(said))
        assert here.texts == there.texts
        assert here.gaps == there.gaps == []
    wait_for(lambda: stack.pid_of(victim) != before)
    return said


def test_a_case_goes_its_whole_way_whoever_dies_under_it(stack, witness, signed_in, number):
    journey = Journey(signed_in("township"), signed_in("specialist"), PATIENTS[number])
    said: list[str] = []

    for n, step in enumerate(STEPS):
        victim = VICTIMS[(n + number) % len(VICTIMS)]
        if step == "meet":
            said = meet(stack, journey, victim)
            continue
        in_the_middle = bool(journey.case) and (n + number // len(VICTIMS)) % 2 == 0
        hold = journey.case if in_the_middle and step != "write" else ""
        amid(stack, witness, victim, getattr(journey, step), hold=hold)

    wait_for(lambda: answering(lambda: witness.steps(journey.case)[-1] == "case.archive"))
    wait_for(lambda: answering(witness.nothing_waits))
    witness.check_closed(journey.case)
    witness.check_room(journey.room, said)
    wait_for(lambda: stack.status("/readyz") == 200)
    check_trace(stack)


def test_an_emergency_sent_again_is_one_case_and_its_clock_fires_once(stack, witness, signed_in):
    asker = signed_in("township")
    journey = Journey(asker, asker, "zqy")
    in_force = "SELECT asked_id FROM organisations_agreement WHERE state = 'active' LIMIT 1"
    hospital = str(witness.one(in_force))

    amid(stack, witness, "web", lambda: journey.ask_in_emergency(hospital))
    again = until_answered(lambda: journey.ask_in_emergency(hospital))

    assert again.location == f"/cases/{journey.case}/"
    kept = "SELECT id FROM requests_case WHERE kind = 'emergency'"
    assert [str(case) for (case,) in witness.rows(kept)] == [journey.case]
    assert witness.steps(journey.case).count("case.submit") == 1
    asked = witness.one("SELECT count(*) FROM requests_offer WHERE case_id = %s", journey.case)
    told = witness.told(journey.case)

    # Its clock runs out now; the worker dies inside the handler, beat at the next tick.
    with witness.holding(journey.case):
        witness.change(
            "UPDATE core_clock SET due_at = now() WHERE kind = 'case.accept' AND rung = 1"
            " AND about = %s",
            journey.case,
        )
        wait_for(witness.is_awaited)
        stack.kill("worker")
    stack.kill("beat")

    assert asked
    assert told["case.emergency"] >= asked, "each doctor who was asked, and the coordinator"
    fired = "SELECT count(*) FROM core_clock WHERE about = %s AND state = 'fired'"
    wait_for(lambda: witness.one(fired, journey.case) == 1)
    wait_for(lambda: stack.status("/readyz") == 200)
    assert witness.steps(journey.case).count("case.escalate") == 1
    (facts,) = witness.facts(journey.case, "case.escalate")
    rung = "SELECT recipient_id FROM notifications_notification WHERE about = %s AND turn = 2"
    heard = sorted(str(person) for (person,) in witness.rows(rung, journey.case))
    assert heard == sorted(facts["ids"]) != [], "everybody on that rung heard of it, once"
    check_trace(stack)


def answering(ask: Callable[[], bool]) -> bool:
    """Not while the database is away."""
    with suppress(psycopg.OperationalError, OSError):
        return ask()
    return False


def check_trace(stack: Up) -> None:
    verify = [sys.executable, str(ROOT / "manage.py"), "audit_verify"]
    told = {"TELEMED_DATA": str(stack.data), "PATH": "/usr/bin:/bin"}
    said = subprocess.run(verify, env=told, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "The chain is whole." in said.stdout
