"""What the played day came to, read from the rows that it left."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from consult.requests.models import ENDED, Case, Status, Step
from telemed.core import outbox
from telemed.core.intentions import require_intention
from telemed.core.models import Clock, ClockState, OutboxEvent
from telemed.demo.day.tempo import Tempo
from telemed.notifications.models import Delivery, Notification

ANSWERS = ("case.accept", "offer.decline")


@dataclass(frozen=True)
class Figures:
    """`late` in real seconds, `answers` in minutes of the played day."""

    asked: int
    answers: Sequence[float]
    waits: Sequence[float]  # the same in real seconds
    closed: int
    open: int
    escalations: int
    late: Sequence[float]
    messages: int
    sent: dict[str, int]
    dead: int
    undelivered: int

    @property
    def closed_share(self) -> float:
        return self.closed / self.asked if self.asked else 0.0

    @property
    def latest(self) -> float:
        return max(self.late, default=0.0)

    def late_at(self, share: float) -> float:
        """The lateness that so large a part of the clocks does not exceed."""
        ranked = sorted(self.late)
        return ranked[min(int(len(ranked) * share), len(ranked) - 1)] if ranked else 0.0

    @property
    def median(self) -> float | None:
        return statistics.median(self.answers) if self.answers else None


def measure(*, cases: Sequence[UUID], since: datetime, tempo: Tempo) -> Figures:
    """
    Of these cases; clocks, messages and dead events are the whole house's since then. A clock that
    is due and not claimed yet is as late as it is now.
    """
    require_intention()
    steps = Step.objects.filter(case__in=cases)
    sent = dict(steps.filter(action="case.submit").values_list("case", "at"))
    first: dict[UUID, datetime] = {}
    answers = steps.filter(action__in=ANSWERS).order_by("at").values_list("case", "at")
    for case, at in answers:
        first.setdefault(case, at)
    states = list(Case.objects.filter(pk__in=cases).values_list("status", flat=True))
    closed = sum(state in (Status.CLOSED, Status.ARCHIVED) for state in states)
    over = (Status.CLOSED, Status.ARCHIVED, *ENDED)
    now = timezone.now()
    fired = Clock.objects.filter(state=ClockState.FIRED, ended_at__gte=since)
    waiting = Clock.objects.filter(state=ClockState.RUNNING, due_at__lt=now)
    due = [*fired.values_list("ended_at", "due_at")]
    due += [(now, due_at) for due_at in waiting.values_list("due_at", flat=True)]
    channels = Delivery.objects.filter(created_at__gte=since, sent_at__isnull=False)
    names = list(channels.values_list("channel", flat=True))
    return Figures(
        asked=len(sent),
        answers=[
            (tempo.played(at) - tempo.played(sent[case])).total_seconds() / 60
            for case, at in first.items()
        ],
        waits=[(at - sent[case]).total_seconds() for case, at in first.items()],
        closed=closed,
        open=sum(state not in over for state in states),
        escalations=steps.filter(action="case.escalate").count(),
        late=[
            max((ended - max(due_at, since)).total_seconds(), 0.0) for ended, due_at in due if ended
        ],
        messages=Notification.objects.filter(created_at__gte=since).count(),
        sent={name: names.count(name) for name in sorted(set(names))},
        dead=outbox.count_dead(),
        undelivered=OutboxEvent.objects.filter(
            delivered_at=None, dead_at=None, discarded_at=None
        ).count(),
    )
