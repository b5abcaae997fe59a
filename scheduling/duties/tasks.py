"""Celery tasks."""

import logging
from collections.abc import Callable
from threading import Lock
from uuid import UUID

from celery import shared_task

from scheduling.duties import rates, services
from scheduling.registration import queries as registration
from telemed.core import garbage
from telemed.core.hands import Do, by_hands
from telemed.core.intentions import System, intention

logger = logging.getLogger(__name__)
Part = Callable[[int], int]
PLANNER = System("planner")
PART, ROWS, TEAMS, LONG = 2_000, 500, 100, 60_000
# In one run: records that are asked again, a million within a month; and forms from before.
READ_A_RUN, FILED_A_RUN = 40_000, 20_000


@shared_task(soft_time_limit=1500, time_limit=1600)
def plan_duties_task() -> int:
    """What is missed, what the calendar asks for, what is due now. Restartable: nothing twice."""
    with garbage.seldom():
        return _plan_duties()


def _plan_duties() -> int:
    _all(services.adopt_part, 100)
    _by_hands(services.read_part, 100, most=READ_A_RUN)
    _all(services.deliver_part, 100)
    _by_hands(services.miss_part, ROWS)
    made = by_hands(Plans().plan_part)
    made += _by_hands(services.open_part, ROWS)
    _tell_teams()
    _by_hands(services.file_part, 100, most=FILED_A_RUN)
    _by_hands(services.file_visits, 100, most=FILED_A_RUN)
    _count_counties()
    return made


class Plans:
    """All of them in their order, a part to each hand."""

    def __init__(self) -> None:
        self.after: UUID | None = None
        self.lock = Lock()

    def plan_part(self) -> tuple[int, bool]:
        with self.lock:
            plans = services.next_part(self.after, PART)
            self.after = plans[-1] if plans else self.after
        if not plans:
            return 0, False
        with intention(PLANNER, door="task", timeout_ms=LONG):
            return services.plan_part(plans), len(plans) == PART


def _tell_teams() -> None:
    """After the work, and of a team at once: a doctor's services are in every part of it."""
    after = None
    while teams := registration.teams_after(after, TEAMS):
        with intention(PLANNER, door="task", timeout_ms=LONG):
            services.tell_missed(teams)
            services.tell_opened(teams)
        after = teams[-1]


def _count_counties() -> None:
    """Each by itself: one that fails is tried again in the next run, and keeps no other back."""
    for county in rates.counties_to_count():
        try:
            with intention(PLANNER, door="task", timeout_ms=LONG):
                services.count_rates(county)
        except Exception:
            logger.exception("The rates of county %s were not counted", county)


def _all(part: Part, limit: int, *, most: int | None = None) -> int:
    """Part by part; with `most`, the rest in the next run."""
    return by_hands(_parts(part, limit), hands=1, most=most)


def _by_hands(part: Part, limit: int, *, most: int | None = None) -> int:
    """The same of a part that skips what another hand holds."""
    return by_hands(_parts(part, limit), most=most)


def _parts(part: Part, limit: int) -> Do:
    def do() -> tuple[int, bool]:
        with intention(PLANNER, door="task", timeout_ms=LONG):
            done = part(limit)
        return done, done == limit

    return do
