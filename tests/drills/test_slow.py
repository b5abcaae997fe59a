"""
A page that reads nothing any more while the others go on: it answers pings and acknowledges no
frame. It is closed and comes back without a gap, and what waits for it does not fill the server's
memory. (A line that answers no ping either is dropped by Daphne in 15 s.)
"""

import json
import time
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.drills.conftest import demonstration, wait_for
from tests.drills.in_the_room import Seat
from tests.drills.playing import play
from tests.drills.witness import Witness
from tests.journey import Journey

pytestmark = pytest.mark.long

TOO_SLOW = 4008
GROWTH = 60 << 10  # KiB that the web process may grow by
TEXT = "长" * 900
ROUNDS = 260  # of a message and a signal; 200 frames may be under way, and 100 wait


@pytest.fixture(scope="module")
def stack(folder):
    with demonstration(folder / "var") as running:
        yield running


def memory(pid: int) -> int:
    """KiB that are resident."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


def test_a_page_that_stops_reading_is_closed_and_comes_back_without_a_gap(stack, signed_in):
    witness = Witness(stack.data)
    journey = Journey(signed_in("township"), signed_in("specialist"), "wjh")
    play(journey, "begin", "write", "consent", "send", "accept")
    for who in (journey.asker, journey.answerer):
        journey.enter(who)
    where, connection = f"127.0.0.1:{stack.port}", uuid4()
    with (
        Seat(journey.asker, journey.room) as here,
        connect(
            f"ws://{where}/ws/rooms/{journey.room}/?after=0&connection={connection}",
            additional_headers={"Cookie": journey.answerer.cookie},
            origin=f"http://{where}",
            max_queue=None,  # its line is alive, and it never says that it has read anything
            ping_interval=None,
            close_timeout=1,
        ) as stuck,
    ):
        wait_for(lambda: here.openings)
        before = memory(stack.pid_of("web"))
        for n in range(ROUNDS):
            here.say(f"here {n} {TEXT}")
            here.pass_on({"do": "signal", "to": str(connection), "generation": n})
            time.sleep(0.05)  # within what one page may send
        wait_for(lambda: len(here.texts) == ROUNDS)
        grown = memory(stack.pid_of("web")) - before
        last, code = drain(stuck)
        print(f"{ROUNDS} said; the slow page has number {last}; grown by {grown >> 10} MiB")
        assert code == TOO_SLOW
        assert grown < GROWTH
        with Seat(journey.answerer, journey.room, after=last) as back:
            here.say("here again")
            wait_for(lambda: back.texts[-1:] == ["here again"])
            assert back.gaps == []
    witness.check_gapless(journey.room)


def drain(stuck) -> tuple[int, int]:
    """The last number that reached it after all, and the code that it ends with."""
    last = 0
    with suppress(TimeoutError):
        try:
            while True:
                last = json.loads(stuck.recv(timeout=20)).get("seq", last)
        except ConnectionClosed as closed:
            return last, closed.rcvd.code if closed.rcvd else 0
    return last, 0
