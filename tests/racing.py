"""Several callers at one barrier, and how each of them ended."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from telemed.core.errors import DomainError


def race(calls: Sequence[Callable[[], Any]], won: str = "won") -> Counter[str]:
    """Start all at once, each on a connection of its own; count `won` and names of refusals."""
    barrier, ended = threading.Barrier(len(calls)), Counter[str]()
    lock = threading.Lock()

    def run(call: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            call()
            outcome = won
        except DomainError as error:
            outcome = type(error).__name__
        except Exception as error:  # noqa: BLE001  counted, so that the test shows it
            outcome = f"{type(error).__name__}: {error}"
        finally:
            connection.close()
        with lock:
            ended[outcome] += 1

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return ended
