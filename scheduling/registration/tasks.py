"""Celery tasks."""

from celery import shared_task

from scheduling.registration import services
from telemed.core.intentions import System, intention

HANDER, CLOCKS = System("hand-over"), System("clocks")
PART, LONG = 25, 60_000  # people whose rows are locked together, ms
ROWS = 500


@shared_task(soft_time_limit=540, time_limit=600)
def hand_over_teams_task() -> int:
    """Part by part until nothing is left; cut off anywhere, the next run goes on."""
    total = 0
    while True:
        with intention(HANDER, door="task", timeout_ms=LONG):
            done = services.hand_over_part(PART)
        if not done:
            return total
        total += done


@shared_task(soft_time_limit=540, time_limit=600)
def await_own_signatures_task() -> None:
    """At 18 whoever a guardian signed for is asked, also of contracts older than this clock."""
    after = None
    while True:
        with intention(CLOCKS, door="task", timeout_ms=LONG):
            after = services.ask_those_in_force(after, ROWS)
        if after is None:
            return
