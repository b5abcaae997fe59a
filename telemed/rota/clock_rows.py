"""Which clocks a published rota has running."""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from telemed.core import policies
from telemed.core.clocks import start_clock, stop_clocks
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar
from telemed.rota import rules
from telemed.rota.coverage import midnight
from telemed.rota.models import HandOver, Rota, Shift

PUBLISH, HAND_OVER, ABSENT = "rota.publish", "shift.handover", "shift.absent"


def start_publish_clock(*, rota: Rota, before: Rota | None) -> None:
    """On a day of this month, by rule the 25th, somebody looks whether the next one is out."""
    require_intention()
    if before:
        stop_clocks(about=before.pk)
    due = midnight(rota.month.replace(day=policies.value(rules.PUBLISH_DAY))) + timedelta(hours=9)
    if due > timezone.now():
        start_clock(
            kind=PUBLISH, about=rota.pk, allowance=due - timezone.now(), calendar=Calendar.WALL
        )


def start_end_clock(*, rota: Rota) -> None:
    """
    One clock a rota: it runs to shortly before the next shift ends, and is started again.

    So a month of a thousand shifts has one row that waits, not a thousand.
    """
    require_intention()
    now, before = timezone.now(), policies.value(rules.BEFORE_END)
    ahead = Shift.objects.filter(rota=rota, in_force=True, during__endswith__gt=now + before)
    ends = ahead.annotate(end=F("during__endswith")).order_by("end")
    if end := ends.values_list("end", flat=True).first():
        wait = end - before - now
        start_clock(kind=HAND_OVER, about=rota.pk, allowance=wait, calendar=Calendar.WALL)


def start_absent_clock(*, hand_over: HandOver, ends_at: datetime) -> None:
    """Shortly into the next shift."""
    require_intention()
    patience: timedelta = policies.value(rules.PATIENCE)
    wait = max(ends_at + patience - timezone.now(), timedelta())
    start_clock(kind=ABSENT, about=hand_over.pk, allowance=wait, calendar=Calendar.WALL)


def start_clocks(*, rota: Rota, before: Rota | None) -> None:
    """Everything that a published rota has running; its former version's clocks stop."""
    require_intention()
    start_publish_clock(rota=rota, before=before)
    start_end_clock(rota=rota)
