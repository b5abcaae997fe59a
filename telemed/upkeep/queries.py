"""What the page of the platform's work shows."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from telemed.core import clocks, moments, outbox, pulse
from telemed.core.models import Clock, OutboxEvent
from telemed.organisations.models import Organisation
from telemed.people.models import Role, User

AHEAD, STEP = timedelta(hours=1), timedelta(minutes=5)
LATE = timedelta(seconds=60)  # as /readyz has it: nobody takes what is due


@dataclass(frozen=True)
class Slice:
    """Five minutes of the hour that comes."""

    starts_at: datetime
    count: int


@dataclass(frozen=True)
class Work:
    """Counts of what waits, its age, what comes within an hour, and what failed for good."""

    at: datetime
    events_waiting: int
    events_lag: timedelta | None
    clocks_lag: timedelta | None
    tasks_waiting: int | None  # None: the broker does not say
    worker_alive: bool
    stuck: list[str]
    due: list[tuple[str, datetime]]
    dead_events: list[OutboxEvent]
    dead_clocks: list[Clock]

    @property
    def failed(self) -> int:
        return len(self.dead_events) + len(self.dead_clocks)

    @property
    def is_late(self) -> bool:
        return any(lag and lag > LATE for lag in (self.events_lag, self.clocks_lag))

    @property
    def overdue(self) -> int:
        return sum(due <= self.at for _kind, due in self.due)

    @cached_property
    def slices(self) -> list[Slice]:
        """The hour by five minutes; what is overdue comes in the first."""
        places = Counter(max((due - self.at) // STEP, 0) for _kind, due in self.due)
        steps = range(AHEAD // STEP)
        return [Slice(self.at + place * STEP, places[place]) for place in steps]

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """The most frequent first."""
        return Counter(kind for kind, _due in self.due).most_common()


def find_work() -> Work:
    alive, tasks, stuck = _of_the_worker()
    return Work(
        at=moments.now(),
        events_waiting=outbox.count_waiting(),
        events_lag=outbox.oldest_waiting(),
        clocks_lag=clocks.oldest_overdue(),
        tasks_waiting=tasks,
        worker_alive=alive,
        stuck=stuck,
        due=clocks.coming(AHEAD),
        dead_events=outbox.dead_events(),
        dead_clocks=clocks.dead_clocks(),
    )


def _of_the_worker() -> tuple[bool, int | None, list[str]]:
    """Where the broker does not answer, nobody knows of a worker."""
    try:
        return pulse.is_shown(), pulse.waiting_tasks(), pulse.stuck()
    except pulse.AWAY:
        return False, None, []


def platform_administrators() -> list[User]:
    return list(
        User.objects.filter(
            is_active=True,
            acting_as__role=Role.ADMINISTRATOR,
            acting_as__organisation__kind=Organisation.Kind.AUTHORITY,
        ).select_related("acting_as__organisation")
    )
