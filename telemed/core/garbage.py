"""How often Python looks for circles of objects that nobody holds any more."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

ORDINARY = gc.get_threshold()
YOUNG, MIDDLE, OLD = 100_000, 50, 100  # the ordinary ones are 700, 10 and 10
_lock, _works = Lock(), [0]  # how many works are under way in this process


@contextmanager
def seldom() -> Iterator[None]:
    """
    For a night's work: what a part of it makes lives until the part ends, so that looking finds
    nothing. It took a fifth of the time. Of several works in threads the last one ends it.
    """
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(more: int) -> None:
    with _lock:
        _works[0] += more
        gc.set_threshold(*((YOUNG, MIDDLE, OLD) if _works[0] else ORDINARY))
