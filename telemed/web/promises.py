"""How far a clock is from its promise, in words for a message."""

from datetime import timedelta

from telemed.core import moments
from telemed.core.models import Clock
from telemed.web.words import span

PROMISE = 1  # the rung of a ladder at which what was promised is due
MINUTE = timedelta(minutes=1)


def left_of(clock: Clock) -> str:
    """How long is left until the promise of its ladder, or how long it is over: 3 时 20 分."""
    promise = Clock.objects.filter(about=clock.about, kind=clock.kind, rung=PROMISE)
    due_at = promise.order_by("-turn").values_list("due_at", flat=True).first()
    away = abs((due_at or clock.due_at) - moments.now())
    return span(max(round(away / MINUTE), 1) * MINUTE)
