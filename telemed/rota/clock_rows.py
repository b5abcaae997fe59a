"""Which clocks a published rota has running."""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from telemed.core.clocks import start_clock, stop_clocks
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar
from telemed.rota.coverage import midnight
from telemed.rota.models import HandOver, Rota, Shift

PUBLISH, HAND_OVER, ABSENT = "rota.publish", "shift.handover", "shift.absent"
BEFORE_END, PATIENCE = timedelta(minutes=30), timedelta(minutes=15)
PUBLISH_DAY = 25  # of the month: by then the next one is out


def start_publish_clock(*, rota: Rota, before: Rota | None) -> None:
    """On the 25th of this month somebody looks whether the next one is published."""
    require_intention()
    if before:
        stop_clocks(about=before.pk)
    due = midnight(rota.month.replace(day=PUBLISH_DAY)) + timedelta(hours=9)
    if due > timezone.now():
        start_clock(
            kind=PUBLISH, about=rota.pk, allowance=due - timezone.now(), calendar=Calendar.WALL
        )


def start_end_clock(*, rota: Rota) -> None:
    """
    One clock a rota: it runs to half an hour before the next shift ends, and is started again.

    So a month of a thousand shifts has one row that waits, not a thousand.
    """
    require_intention()
    now = timezone.now()
    ahead = Shift.objects.filter(rota=rota, in_force=True, during__endswith__gt=now + BEFORE_END)
    ends = ahead.annotate(end=F("during__endswith")).order_by("end")
    if end := ends.values_list("end", flat=True).first():
        wait = end - BEFORE_END - now
        start_clock(kind=HAND_OVER, about=rota.pk, allowance=wait, calendar=Calendar.WALL)


def start_absent_clock(*, hand_over: HandOver, ends_at: datetime) -> None:
    """A quarter of an hour into the next shift."""
    require_intention()
    wait = max(ends_at + PATIENCE - timezone.now(), timedelta())
    start_clock(kind=ABSENT, about=hand_over.pk, allowance=wait, calendar=Calendar.WALL)


def start_clocks(*, rota: Rota, before: Rota | None) -> None:
    """Everything that a published rota has running; its former version's clocks stop."""
    require_intention()
    start_publish_clock(rota=rota, before=before)
    start_end_clock(rota=rota)
