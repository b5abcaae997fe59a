"""Which hours somebody is on duty for, and which nobody is. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

Span = tuple[datetime, datetime]


def uncovered(spans: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """What is left of start..end, in order."""
    left, reached = [], start
    for begins, ends in sorted(spans):
        if begins >= end:
            break
        if begins > reached:
            left.append((reached, begins))
        reached = max(reached, ends)
    if reached < end:
        left.append((reached, end))
    return left


def next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def days_of(month: date) -> list[date]:
    return [month + timedelta(days=n) for n in range((next_month(month) - month).days)]


def midnight(day: date) -> datetime:
    """When a day begins in China."""
    return timezone.make_aware(datetime.combine(day, time()))


def day_span(day: date) -> Span:
    return midnight(day), midnight(day + timedelta(days=1))
