"""A long work in parts, by two hands: while one waits for the database, the other computes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

from django.db import connections

HANDS = 2
# Does the next part: how much that was, and whether there may be more.
Do = Callable[[], tuple[int, bool]]


def by_hands(do: Do, *, hands: int = HANDS, most: int | None = None) -> int:
    """
    How much it was in all; with `most`, about as much and no more.

    `do` is called from several threads at once, each with a connection of its own. The first part
    is the caller's alone, so that what is small needs no other. When one fails, the others end the
    part that they have in hand and begin no more.
    """
    work = _Work(do, most)
    work.next_part()
    with ThreadPoolExecutor(hands, thread_name_prefix="hand") as pool:
        lent = [] if work.over.is_set() else [pool.submit(work.lend) for _ in range(hands - 1)]
        work.go_on()
    for hand in lent:
        hand.result()
    return work.done


class _Work:
    def __init__(self, do: Do, most: int | None) -> None:
        self.do, self.most = do, most
        self.done, self.over, self.lock = 0, Event(), Lock()

    def next_part(self) -> None:
        more = False
        try:
            n, more = self.do()
        finally:
            if not more:
                self.over.set()
        with self.lock:
            self.done += n
            if self.most is not None and self.done >= self.most:
                self.over.set()

    def go_on(self) -> None:
        while not self.over.is_set():
            self.next_part()

    def lend(self) -> None:
        try:
            self.go_on()
        finally:
            connections.close_all()  # of this thread
