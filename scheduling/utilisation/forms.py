"""What the address of the page holds, checked."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from telemed.core.errors import Invalid


def week_of(data: Mapping[str, str], newest: date) -> date:
    """The Monday of the week that is named; the newest where none is."""
    text = str(data.get("from", "")).strip()
    if not text:
        return newest
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or not date(2000, 1, 1) <= day <= newest + timedelta(days=6):
        raise Invalid(_("Give a day like 2026-11-24 that is not ahead."), path="from")
    return day - timedelta(days=day.weekday())


def department_of(data: Mapping[str, str]) -> UUID | None:
    text = str(data.get("department", "")).strip()
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid(_("This department does not exist."), path="department") from None
