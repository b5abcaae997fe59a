"""Dates and numbers as half-open ranges: a value stands for everything that rounds to it."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

# A value without a zone is Chinese time, in the index and in a query alike.
LOCAL = timezone(timedelta(hours=8))
EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
LATEST = datetime(9999, 12, 30, tzinfo=UTC)
LARGEST = 1.7e308  # float8
Span = tuple[datetime, datetime]
ASKED = re.compile(
    r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
).fullmatch


def of_date(text: str) -> Span:
    """
    A FHIR date, dateTime or instant; raises ValueError for what no calendar has.

    Years that PostgreSQL and Python cannot carry through time zones are cut to the edge.
    """
    if text < "0002":
        return EARLIEST, EARLIEST
    if text >= "9999":
        return LATEST, LATEST
    if "T" in text:
        return _of_time(text)
    year, month, day = int(text[:4]), int(text[5:7] or 1), int(text[8:10] or 1)
    start = datetime(year, month, day, tzinfo=LOCAL)
    if len(text) == 10:
        return start, start + timedelta(days=1)
    if len(text) == 7:
        return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=LOCAL)
    return start, datetime(year + 1, 1, 1, tzinfo=LOCAL)


def _of_time(text: str) -> Span:
    clock = text[11:].removesuffix("Z")
    cut = max(clock.find("+"), clock.find("-"))
    clock, zone = (clock[:cut], clock[cut:]) if cut > 0 else (clock, "")
    whole, _, fraction = clock.partition(".")
    if len(whole) == 5:
        step, whole = timedelta(minutes=1), f"{whole}:00"
    else:
        step = timedelta(microseconds=10 ** max(0, 6 - len(fraction)))
    whole = whole.replace(":60", ":59")  # a leap second
    zone = "+00:00" if text.endswith("Z") else zone
    start = datetime.fromisoformat(f"{text[:10]}T{whole}.{f'{fraction}000000'[:6]}{zone}")
    if start.tzinfo is None:
        start = start.replace(tzinfo=LOCAL)
    return start, start + step


def of_period(start: str | None, end: str | None) -> Span:
    """An open end reaches as far as time does."""
    return of_date(start)[0] if start else EARLIEST, of_date(end)[1] if end else LATEST


def of_number(value: int | Decimal) -> tuple[float, float]:
    """[v - half a unit of the last digit, v + half a unit), from the digits as written."""
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or not -300 < number.adjusted() < 300:
        capped = min(max(float(number), -LARGEST), LARGEST)
        return capped, capped
    half = Decimal((0, (5,), min(exponent, 0) - 1 if isinstance(value, int) else exponent - 1))
    return float(number - half), float(number + half)
