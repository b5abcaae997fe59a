"""What the picture's address holds."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core.errors import Invalid

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
