"""A month in figures: each day's places, what is free, and where nobody is."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from scheduling.availability.grid import Week, days_of
from scheduling.availability.models import RUNNING
from telemed.organisations.models import Organisation

SEVEN = 7


@dataclass(frozen=True)
class DayOfMonth:
    date: date
    is_in: bool  # of this month; the days around it fill the weeks
    is_today: bool
    off: str
    sessions: int
    places: int
    free: int
    gaps: int  # departments with nobody


def month_of(
    organisation: Organisation, first: date, department: UUID | None = None
) -> list[list[DayOfMonth]]:
    """Its weeks, from Monday to Sunday."""
    monday = first - timedelta(days=first.weekday())
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    many = -(-(after - monday).days // SEVEN) * SEVEN
    grid = days_of(organisation, [monday + timedelta(days=n) for n in range(many)], department)
    days = [_day(grid, n, first) for n in range(many)]
    return [days[n : n + SEVEN] for n in range(0, many, SEVEN)]


def _day(grid: Week, n: int, first: date) -> DayOfMonth:
    day = grid.days[n]
    marks = [section.marks[n] for section in grid.sections]
    boxes = [
        box for section in grid.sections for line in section.lines for box in line.cells[n].boxes
    ]
    return DayOfMonth(
        date=day.date,
        is_in=day.date.month == first.month,
        is_today=day.is_today,
        off=day.off,
        sessions=sum(box.session.state in RUNNING for box in boxes),
        places=sum(mark.places for mark in marks),
        free=sum(mark.free for mark in marks),
        gaps=sum(mark.gap for mark in marks),
    )
