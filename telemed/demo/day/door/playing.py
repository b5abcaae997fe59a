"""The engine: who acts when, on a few threads, until the day is over or somebody stops it."""

import heapq
import logging
import statistics
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from django.db import OperationalError, connection
from django.utils import timezone

from telemed.core.errors import DomainError
from telemed.demo.day import load
from telemed.demo.day.door.acting import Act, Cast
from telemed.demo.day.people import Request
from telemed.demo.day.tempo import Tempo

logger = logging.getLogger(__name__)

ROUND = 0.5  # seconds between two looks at what clocks did
OUTCOMES = 100  # of earlier days, told in the played one
AGAIN, TRIES = timedelta(seconds=1), 3  # what a page would say after "try again"


@dataclass
class Tally:
    """What happened, while it happens."""

    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    behind: float = 0.0  # seconds by which the last act was late
    most_behind: float = 0.0

    def speed_of(self, name: str) -> tuple[float, float]:
        """Median and worst twentieth of an act, in milliseconds."""
        took = sorted(self.took[name])
        return 1000 * statistics.median(took), 1000 * took[int(len(took) * 0.95)]


class Play:
    """One played day. `stop()` may be called from anywhere; what is begun is ended."""

    def __init__(self, tempo: Tempo, *, hands: int, say: Callable[[str], None]) -> None:
        self.tempo, self.hands, self.say = tempo, hands, say
        self.cast, self.tally = Cast(tempo), Tally()
        self.waiting: list[tuple[datetime, int, Act]] = []
        self.number = count()
        self.stopped = threading.Event()

    def plan(self, requests: Sequence[tuple[datetime, Request]], seed: str) -> None:
        """Who asks when; and what doctors of earlier days still have to tell."""
        for at, request in requests:
            self._add(Act(at, "ask", partial(self.cast.ask, request)))
        told = self.cast.due_outcomes(OUTCOMES)
        for n, (case, doctor, day) in enumerate(told, start=1):
            at = self.tempo.began + self.tempo.length * n / (len(told) + 1)
            tell = partial(self.cast.tell_outcome, case, doctor, day, seed)
            self._add(Act(at, "outcome", tell))

    def stop(self) -> None:
        self.stopped.set()

    def run(self) -> Tally:
        looked, running = 0.0, set[Future[Sequence[Act]]]()
        with ThreadPoolExecutor(self.hands, thread_name_prefix="day") as pool:
            while not self._is_over(running):
                now = timezone.now()
                while self._is_due(now) and len(running) < self.hands:
                    running.add(pool.submit(self._do, heapq.heappop(self.waiting)[2]))
                if time.monotonic() - looked >= ROUND and not self.stopped.is_set():
                    looked = time.monotonic()
                    self._keep(self._look_round())
                    self.say(self._progress(now))
                done, running = wait(
                    running, timeout=self._pause(running), return_when=FIRST_COMPLETED
                )
                for act in done:
                    self._keep(act.result())
                if not running:
                    self.stopped.wait(0.02)
            together = threading.Barrier(self.hands, timeout=10)
            for _hand in range(self.hands):  # each thread has a connection of its own
                pool.submit(_close_line, together)
        self.cast.end()
        return self.tally

    def _is_over(self, running: set[Future[Sequence[Act]]]) -> bool:
        if running:
            return False
        nothing = not self.waiting or self.waiting[0][0] > self.tempo.ends_at
        return self.stopped.is_set() or (nothing and timezone.now() >= self.tempo.ends_at)

    def _is_due(self, now: datetime) -> bool:
        if self.stopped.is_set() or not self.waiting:
            return False
        return self.waiting[0][0] <= min(now, self.tempo.ends_at)

    def _pause(self, running: set[Future[Sequence[Act]]]) -> float:
        full = len(running) >= self.hands
        return ROUND if full else 0.02

    def _add(self, act: Act) -> None:
        heapq.heappush(self.waiting, (act.at, next(self.number), act))

    def _keep(self, acts: Sequence[Act]) -> None:
        for act in acts:
            self._add(act)

    def _look_round(self) -> Sequence[Act]:
        try:
            return self.cast.look_round()
        except OperationalError:
            logger.exception("A look at the played cases failed")
            return []

    def _do(self, act: Act) -> Sequence[Act]:
        """In a thread of the pool. A refusal is an answer; the rest is a failure of the house."""
        self.tally.behind = max((timezone.now() - act.at).total_seconds(), 0.0)
        self.tally.most_behind = max(self.tally.most_behind, self.tally.behind)
        began = time.monotonic()
        try:
            follows = act.do()
        except DomainError as error:
            self.tally.refused[f"{act.name}: {error.message}"] += 1
            return []
        except OperationalError as error:
            if act.tries + 1 < TRIES:
                self.tally.refused[f"{act.name}: tried again"] += 1
                return [replace(act, at=timezone.now() + AGAIN, tries=act.tries + 1)]
            self._fail(act, error)
            return []
        except Exception as error:
            logger.exception("An act of the played day failed: %s", act.name)
            self._fail(act, error)
            return []
        self.tally.acts[act.name] += 1
        self.tally.took[act.name].append(time.monotonic() - began)
        return follows

    def _fail(self, act: Act, error: Exception) -> None:
        self.tally.failed[f"{act.name}: {type(error).__name__}"] += 1

    def _progress(self, now: datetime) -> str:
        done = self.tally.acts
        clock = timezone.localtime(self.tempo.played(now))
        night = " night" if load.is_night(clock.hour * load.HOUR) else ""
        return (
            f"{clock:%H:%M}{night}  asked {done['ask']}, answered {done['answer']},"
            f" signed {done['sign']}, decided {done['decide']},"
            f" behind {self.tally.behind:.1f} s"
        )


def _close_line(together: threading.Barrier) -> None:
    """In every thread once: none takes a second turn before all have had one."""
    together.wait()
    connection.close()
