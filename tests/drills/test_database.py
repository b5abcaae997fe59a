"""
The database stands still for 20 s, then it is dead for 15 more. Nothing can be kept meanwhile, and
everybody is told so in words; afterwards everything goes on by itself, and nothing happens twice.
"""

import signal
import time
from http.client import HTTPConnection

import pytest

from tests.drills.apart import OwnPostgres, place
from tests.drills.conftest import demonstration, holds, wait_for
from tests.drills.in_the_room import Seat
from tests.drills.playing import AGAIN, check_heard, play, talk
from tests.drills.witness import Witness
from tests.journey import Journey
from tests.visitors import Answer, NoAnswer, until_answered

pytestmark = pytest.mark.long

FROZEN, DEAD = 20, 15  # seconds
ANSWER = 25  # seconds in which a page says that it has none
SORRY = "现在暂时不能用"
TRACE = ("Traceback", "OperationalError", "psycopg", "SELECT ", "File &quot;")


@pytest.fixture(scope="module")
def database():
    with place() as folder:
        server = OwnPostgres(folder)
        server.start()
        wait_for(server.server.answers)
        server.server.establish()
        yield server
        server.stop()


@pytest.fixture(scope="module")
def stack(folder, database):
    with demonstration(folder / "var", **database.environment) as running:
        yield running


@pytest.fixture
def witness(stack, database):
    return Witness(stack.data, database.environment["TELEMED_DATABASE_URL"])


def ask(visitor, path: str) -> Answer:
    """What this page says, also when it is an apology."""
    visitor.line.close()
    visitor.line.timeout = ANSWER
    began = time.monotonic()
    try:
        answer = visitor.get(path)
    except NoAnswer as none:
        if none.answer is None:
            raise
        answer = none.answer
    assert time.monotonic() - began < ANSWER
    return answer


def says_so(visitor, path: str) -> None:
    answer = ask(visitor, path)
    assert answer.status == 503, (path, answer.status, answer.text[:1500])
    assert SORRY in answer.text, answer.text[:3000]
    assert not [word for word in TRACE if word in answer.text]


def test_gone_for_35_seconds(stack, witness, database, signed_in):
    journey = Journey(signed_in("township"), signed_in("specialist"), "wjh")
    play(journey, "begin", "write", "consent", "send", "accept")
    for who in (journey.asker, journey.answerer):
        journey.enter(who)
    other = Journey(journey.asker, journey.answerer, "zqy")
    hospital = str(
        witness.one("SELECT asked_id FROM organisations_agreement WHERE state = 'active' LIMIT 1")
    )
    other.ask_in_emergency(hospital)
    said: list[str] = []
    with Seat(journey.asker, journey.room) as here, Seat(journey.answerer, journey.room) as there:
        wait_for(lambda: here.openings and there.openings)
        # Its clock runs out while nobody can see it.
        witness.change(
            "UPDATE core_clock SET due_at = now() + interval '8 seconds'"
            " WHERE kind = 'case.accept' AND rung = 1 AND about = %s",
            other.case,
        )
        before = {name: stack.pid_of(name) for name in ("web", "beat")}
        talk(here, there, said, midway=lambda: database.signal(signal.SIGSTOP))
        frozen_at = time.monotonic()
        broken_says_so(stack)
        says_so(journey.asker, f"/cases/{journey.case}/")
        time.sleep(max(0, frozen_at + FROZEN - time.monotonic()))
        database.kill()
        dead_at = time.monotonic()
        broken_says_so(stack)
        says_so(journey.asker, f"/cases/{journey.case}/")
        assert stack.status("/livez") == 200, "a restart of the web process would not help"
        time.sleep(max(0, dead_at + DEAD - time.monotonic()))
        database.start()

        ready = wait_for(lambda: holds(lambda: not stack.broken()), within=AGAIN)
        check_heard(here, there, said)
        talk(here, there, said, midway=lambda: None)
        check_heard(here, there, said)
    print(f"ready {ready:.1f} s after the database was started")
    fired = "SELECT count(*) FROM core_clock WHERE about = %s AND state = 'fired'"
    wait_for(lambda: witness.one(fired, other.case) == 1, within=AGAIN)
    assert witness.steps(other.case).count("case.escalate") == 1
    for step in ("draft", "sign", "part", "decide"):
        until_answered(getattr(journey, step))
    wait_for(lambda: witness.steps(journey.case)[-1] == "case.archive", within=AGAIN)
    wait_for(witness.nothing_waits, within=AGAIN)
    witness.check_closed(journey.case)
    witness.check_room(journey.room, said)
    assert {name: stack.pid_of(name) for name in before} == before, "nobody had to start anything"
    assert "Traceback" not in journey.asker.get("/").text


def broken_says_so(stack) -> None:
    line = HTTPConnection("127.0.0.1", stack.port, timeout=30)
    try:
        line.request("GET", "/readyz")
        answer = line.getresponse()
        body = answer.read().decode()
    finally:
        line.close()
    assert answer.status == 503, body
    assert '"database": {"ok": false' in body, body
