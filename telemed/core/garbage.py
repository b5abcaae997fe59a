"""How often Python looks for circles of objects that nobody holds any more."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG, MIDDLE, OLD = 100_000, 50, 100  # the ordinary ones are 700, 10 and 10


@contextmanager
def seldom() -> Iterator[None]:
    """
    For a night's work: what a part of it makes lives until the part ends, so that looking finds
    nothing. It took a fifth of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
