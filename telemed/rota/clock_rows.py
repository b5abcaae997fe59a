"""Which clocks a published rota has running."""

from datetime import timedelta

from django.utils import timezone

from telemed.core.clocks import start_clock, stop_clocks
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar
from telemed.rota.coverage import midnight
from telemed.rota.models import Rota

PUBLISH = "rota.publish"
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
