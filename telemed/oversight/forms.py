"""What the addresses of the pages hold, checked."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core.errors import Invalid
from telemed.organisations.models import Specialty
from telemed.oversight.indicators import (
    Family,
    Indicator,
    Side,
    families,
    find,
    month_before,
    urgencies,
)
from telemed.oversight.places import YEAR
from telemed.oversight.queries.signals import STATES
from telemed.oversight.tracing import PERIODS, Asked
from telemed.oversight.wanted import By, Wanted

FIRST = date(2000, 1, 1)
LAST_PAGE = 1000
SPANS = (30, 90, 180)  # days before and after


def wanted_of(data: Mapping[str, str]) -> Wanted:
    """Raises Invalid, naming the part of the address that is wrong."""
    said = {name: str(value).strip() for name, value in data.items()}
    family, indicator = _indicator(said.get("show", ""))
    return Wanted(
        month=month_of(said.get("month", "")),
        family=family,
        indicator=indicator,
        by=By(_one_of(said.get("by", "") or By.PLACE, list(By), "by")),
        place=said.get("place", "") if not said.get("institution") else "",
        institution=_institution(said.get("institution", "")),
        specialty=specialty_of(said.get("specialty", "")),
        urgency=urgency_of(said.get("urgency", "")),
        side=_one_of(said.get("side", ""), ["", *Side], "side"),
        sort=_sort(said.get("sort", ""), family),
        span=int(_one_of(said.get("span", "") or "0", ["0", "1", str(YEAR)], "span")),
        page=_page(said.get("page", "")),
    )


def month_of(text: str) -> date:
    """The first day of "2026-11"; the last month that is over where nothing is given."""
    today = timezone.localdate()
    if not text:
        return month_before(today.replace(day=1))
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
    text = query.get("q", "").strip()[:60]
    return Asked(show=query.get("show", ""), days=int(days), text=text, before=mark_of(before))


def mark_of(text: str) -> tuple[datetime, int] | None:
    """Where the page before ended: a moment and a row of that moment."""
    moment, _tilde, number = text.partition("~")
    try:
        mark = (datetime.fromisoformat(moment), int(number)) if text else None
    except ValueError:
        raise Invalid(_("There is no such page."), path="before") from None
    if mark and (mark[0].tzinfo is None or not 0 <= mark[1] < 1 << 63):
        raise Invalid(_("There is no such page."), path="before")
    return mark


def specialty_of(text: str) -> str:
    if text and text not in Specialty.values:
        raise Invalid(_("There is no such specialty."), path="specialty")
    return text


def urgency_of(text: str) -> str:
    if text and text not in urgencies():
        raise Invalid(_("There is no such urgency."), path="urgency")
    return text


def day_of(text: str) -> date | None:
    """A day that is over, so that there is something after it; None where nothing is given."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or len(text) != 10 or not FIRST <= day < timezone.localdate():
        raise Invalid(_("Choose a day before today, like 2026-09-01."), path="date")
    return day


def span_of(text: str) -> int:
    return int(_one_of(text or str(SPANS[1]), [str(span) for span in SPANS], "days"))


def _indicator(key: str) -> tuple[Family, Indicator]:
    if not key:
        family = families()[0]
        return family, family.indicators[0]
    found = find(key)
    if found is None:
        raise Invalid(_("There is no such figure."), path="show")
    return found[1], found[2]


def _institution(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid(_("There is no such institution."), path="institution") from None


def _sort(text: str, family: Family) -> str:
    """A column of the table, with - before it the other way round; what it lacks sorts nothing."""
    keys = {"name", *(one.key for one in family.indicators)}
    return text if text.removeprefix("-") in keys else ""


def _page(text: str) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= LAST_PAGE):
        raise Invalid(_("This page of the list does not exist."), path="page")
    return int(text)


def _one_of(text: str, choices: list[Any], path: str) -> str:
    if text not in choices:
        raise Invalid(_("Choose one of the values offered."), path=path)
    return text


def reason_filter_of(text: str) -> str:
    return _one_of(text, ["", "none", "given"], "reason")


def state_of(text: str) -> str:
    return _one_of(text, ["", *STATES], "state")
