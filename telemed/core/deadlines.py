"""
Time limits of background tasks. A thread cannot be stopped from outside, so in a thread pool
Celery enforces none: one task that hangs on a line, and then another, would silence the worker.

And room for those that must not wait: long tasks have half of the threads, never all.
"""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import redis
from celery import Task
from celery.utils.time import maybe_iso8601
from django.conf import settings

from telemed.core import pulse

logger = logging.getLogger(__name__)

OVERRUN = 70  # EX_SOFTWARE: what the worker ends with
PLACES = 6  # of a stuck task, innermost first
LONG = 60.0  # seconds; a task that may take more is a long one
AGAIN = 5  # seconds until one that found no place asks again


@dataclass(eq=False)
class Running:
    """One task in one thread."""

    name: str
    soft: float
    hard: float
    thread: int = field(default_factory=threading.get_ident)
    began: float = field(default_factory=time.monotonic)
    told: bool = False

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


class Watch:
    """
    Past its soft limit a task is named in the log, with where it stands, and turns /readyz red;
    past the hard one the whole worker ends and whoever runs it starts it again. That costs its
    neighbours nothing that is kept: every task is transactions that are found again.
    """

    EVERY = 1.0  # seconds

    def __init__(self, end: Callable[[int], object] = os._exit) -> None:
        self.running: set[Running] = set()
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None
        self.end = end

    @contextmanager
    def over(self, name: str, *, soft: float, hard: float) -> Iterator[None]:
        task = Running(name, soft, hard)
        with self.lock:
            self.running.add(task)
            if self.thread is None:
                self.thread = threading.Thread(target=self._go_on, daemon=True)
                self.thread.start()
        try:
            yield
        finally:
            with self.lock:
                self.running.discard(task)

    def _go_on(self) -> None:
        while True:
            time.sleep(self.EVERY)
            try:
                self.look()
            except Exception:
                logger.exception("The watch over the tasks failed")

    def look(self) -> None:
        with self.lock:
            late = [task for task in self.running if task.seconds > task.soft]
        for task in late:
            self._tell(task)
        if late:
            with suppress(redis.RedisError):  # perhaps that is what they hang on
                pulse.show_stuck([task.name for task in late])
        if over := [task.name for task in late if task.seconds > task.hard]:
            logger.critical("%s ran over the limit; the worker ends", " and ".join(over))
            self.end(OVERRUN)

    def _tell(self, task: Running) -> None:
        if not task.told:
            task.told = True
            logger.error(
                "Task %s has run for %.0f s, at %s", task.name, task.seconds, where(task.thread)
            )


def where(thread: int) -> str:
    """The places in the code that a thread stands at; no values."""
    places: list[str] = []
    frame = sys._current_frames().get(thread)
    while frame and len(places) < PLACES:
        places.append(f"{frame.f_code.co_filename}:{frame.f_lineno}")
        frame = frame.f_back
    return " < ".join(places)


WATCH = Watch()
# Clocks, messages and doorbells come every two seconds, and a night's work takes minutes.
PLACES_OF_LONG_ONES = threading.BoundedSemaphore(max(settings.CELERY_WORKER_CONCURRENCY // 2, 1))


class Timed(Task):
    """The base of all tasks: run by a worker, its two limits hold."""

    abstract = True

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if self.request.called_directly or not self.time_limit:
            return self.run(*arguments, **named)
        if self.soft_time_limit <= LONG:
            return self._watched(arguments, named)
        if not PLACES_OF_LONG_ONES.acquire(blocking=False):
            until = maybe_iso8601(self.request.expires)  # a tick is worth as long as before
            self.apply_async(args=arguments, kwargs=named, countdown=AGAIN, expires=until)
            return None
        try:
            return self._watched(arguments, named)
        finally:
            PLACES_OF_LONG_ONES.release()

    def _watched(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        with WATCH.over(self.name, soft=self.soft_time_limit, hard=self.time_limit):
            return self.run(*arguments, **named)
