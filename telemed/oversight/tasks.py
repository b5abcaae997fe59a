"""Background doors: who has gone quiet, and which figures ask for a look."""

from celery import shared_task
from django.utils import timezone

from telemed.core.intentions import System, intention
from telemed.oversight import services
from telemed.oversight.indicators import month_before

WATCHER = System("oversight")
CHUNK = 200  # institutions an intention
STATEMENT = 20_000  # ms
MONTH = 120_000  # ms; `python -m tests.benchmarks trail` reads as much as a province writes


@shared_task(soft_time_limit=110, time_limit=120)
def watch_silence_task() -> None:
    """Chunk by chunk; cut off, the next run begins anew and finds the same."""
    last: int | None = 0
    while last is not None:
        with intention(WATCHER, door="beat", timeout_ms=STATEMENT):
            last = services.watch_silence(after=last, size=CHUNK)


@shared_task(soft_time_limit=280, time_limit=300)
def raise_signals_task() -> int:
    """About the last month that is over."""
    month = month_before(timezone.localdate().replace(day=1))
    with intention(WATCHER, door="beat", timeout_ms=MONTH):
        return services.raise_signals(month=month)
