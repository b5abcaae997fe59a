"""What the addresses of the pages hold."""

from datetime import date, datetime

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core.errors import Invalid
from telemed.oversight.tracing import PERIODS, Asked

FIRST = date(2000, 1, 1)


def month_of(text: str) -> date:
    """The first day of "2026-11"; this month where nothing is given."""
    today = timezone.localdate()
    if not text:
        return today.replace(day=1)
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        day = None
    if day is None or len(text) != 7 or not FIRST <= day <= today:
        raise Invalid(_("Choose a month that has begun, like 2026-11."), path="month")
    return day


def asked_of(query: QueryDict) -> Asked:
    """The filter of the trace. Raises Invalid for a period or a moment that no link has."""
    days, before = query.get("days", str(PERIODS[0])), query.get("before", "")
    if days not in {str(period) for period in PERIODS}:
        raise Invalid(_("Choose one from the list."), path="days")
    try:
        moment = datetime.fromisoformat(before) if before else None
    except ValueError:
        moment = None
    if before and (moment is None or moment.tzinfo is None):
        raise Invalid(_("There is no such page."), path="before")
    text = query.get("q", "").strip()[:60]
    return Asked(show=query.get("show", ""), days=int(days), text=text, before=moment)
