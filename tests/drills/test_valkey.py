"""
Valkey loses everything it has, and is away for 20 s. It holds doorbells and counts, so nobody may
lose a word by it: requests are taken, rooms come back, what waits is delivered when it is there.
"""

import time
from contextlib import ExitStack

import pytest

from tests.drills.apart import OwnValkey, place
from tests.drills.conftest import demonstration, holds, wait_for
from tests.drills.in_the_room import Seat
from tests.drills.listening import Badge
from tests.drills.playing import AGAIN, check_heard, play, talk
from tests.drills.witness import Witness
from tests.journey import Journey
from tests.visitors import Visitor

pytestmark = pytest.mark.long

AWAY = 20  # seconds
LOCKED = "试错次数太多"  # said to whom has to wait
READY = 60  # seconds; the worker asks for its broker ever later, at most every 30
ANSWER = 10  # seconds in which a request is taken meanwhile


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
    with demonstration(folder / "var", **valkey.environment) as running:
        wait_for(running.is_idle)  # its own stories are told
        yield running


@pytest.fixture
def witness(stack):
    return Witness(stack.data)


def test_flushed_in_the_middle_of_a_room_and_of_a_sending(stack, witness, valkey, signed_in):
    journey = Journey(signed_in("township"), signed_in("specialist"), "wjh")
    play(journey, "begin", "write", "consent")
    valkey.flush()
    play(journey, "send")
    valkey.flush()
    play(journey, "accept")
    for who in (journey.asker, journey.answerer):
        journey.enter(who)
    said: list[str] = []
    with Seat(journey.asker, journey.room) as here, Seat(journey.answerer, journey.room) as there:
        wait_for(lambda: here.openings and there.openings)
        talk(here, there, said, midway=valkey.flush)
        check_heard(here, there, said)
    play(journey, "draft", "sign")
    valkey.flush()
    play(journey, "part", "decide")

    wait_for(lambda: witness.steps(journey.case)[-1] == "case.archive", within=AGAIN)
    wait_for(witness.nothing_waits, within=AGAIN)
    witness.check_closed(journey.case)
    witness.check_room(journey.room, said)
    wait_for(lambda: not stack.broken(), within=AGAIN)


def test_absent_for_20_seconds(stack, witness, valkey, signed_in):
    open_case = Journey(signed_in("township"), signed_in("specialist"), "zgf")
    play(open_case, "begin", "write", "consent", "send", "accept")
    for who in (open_case.asker, open_case.answerer):
        open_case.enter(who)
    asked_meanwhile = Journey(open_case.asker, open_case.answerer, "zqy")
    said: list[str] = []
    with (
        Seat(open_case.asker, open_case.room) as here,
        Seat(open_case.answerer, open_case.room) as there,
        Badge(open_case.answerer) as badge,
        ExitStack() as started,
    ):
        wait_for(lambda: here.openings and there.openings and badge.count is not None)
        wait_for(witness.nothing_waits, within=AGAIN)
        before = badge.count

        talk(here, there, said, midway=valkey.kill)
        gone_at = time.monotonic()
        play(asked_meanwhile, "begin", "write", "consent", "send")
        newcomer = signed_in("coordinator")
        assert newcomer.get("/").status == 200
        assert {"doorbells", "broker", "worker"} >= stack.broken() >= {"doorbells", "broker"}
        assert counted_here(stack).index(True) == 10, "ten tries, then no more"
        late = started.enter_context(Seat(open_case.answerer, open_case.room))
        time.sleep(max(0, gone_at + AWAY - time.monotonic()))
        assert {"doorbells", "broker", "worker"} >= stack.broken() >= {"doorbells", "broker"}
        assert not late.openings, "a page that comes now says that there is no line"
        valkey.start()

        wait_for(lambda: late.openings, within=AGAIN)
        check_heard(here, there, said)
        ready = wait_for(lambda: holds(lambda: not stack.broken()), within=READY)
        wait_for(witness.nothing_waits, within=AGAIN)
        told = wait_for(lambda: badge.count == before + 1, within=AGAIN)
        print(f"ready {ready:.1f} s after Valkey was back, the badge {told:.1f} s after that")
        talk(here, there, said, midway=lambda: None)
        check_heard(here, there, said)
    assert witness.steps(asked_meanwhile.case).count("case.submit") == 1
    asked = witness.one(
        "SELECT count(*) FROM requests_offer WHERE case_id = %s", asked_meanwhile.case
    )
    assert witness.told(asked_meanwhile.case)["case.offered"] == asked
    play(open_case, "draft", "sign", "part", "decide")
    wait_for(lambda: witness.steps(open_case.case)[-1] == "case.archive", within=AGAIN)
    witness.check_closed(open_case.case)
    witness.check_room(open_case.room, said)


def counted_here(stack) -> list[bool]:
    """Wrong passwords in a row, and which of them were told to wait: this process counts alone."""
    with Visitor(stack.port, patience=ANSWER) as guesser:
        guesser.get("/accounts/login/")
        wrong = {"login": "nobody-of-ours", "password": "wrong-and-wrong"}
        answers = [guesser.post("/accounts/login/", wrong).text for _turn in range(11)]
        return [LOCKED in answer for answer in answers]
