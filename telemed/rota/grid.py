"""A month as a table: a row for each specialty and the director, a column for each day."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from telemed.core.clocks import is_working_day
from telemed.organisations.models import Organisation, Specialty
from telemed.rota.coverage import (
    Span,
    day_span,
    days_of,
    midnight,
    month_before,
    next_month,
    uncovered,
)
from telemed.rota.models import LONGEST, Rota, Shift

DIRECTOR = str(Shift.Kind.DIRECTOR)  # the key of its row; the others have their specialty's


@dataclass(frozen=True)
class Row:
    key: str
    label: str


@dataclass(frozen=True)
class Gap:
    """Hours of a row for which nobody is on first call."""

    key: str
    label: str
    span: Span


@dataclass
class Cell:
    """One day of one row: the shifts that begin in it, and whether an hour is uncovered."""

    row: Row
    first: list[Shift] = field(default_factory=list)
    second: list[Shift] = field(default_factory=list)
    gap: bool = False

    @property
    def shifts(self) -> list[Shift]:
        return [*self.first, *self.second]

    @property
    def names(self) -> list[str]:
        """Each name once: a day may be cut into pieces."""
        return list(dict.fromkeys(str(shift.user) for shift in self.first))

    @property
    def second_names(self) -> list[str]:
        return list(dict.fromkeys(str(shift.user) for shift in self.second))


@dataclass
class Day:
    date: date
    working: bool
    today: bool
    cells: list[Cell]


@dataclass(frozen=True)
class Grid:
    rows: list[Row]
    days: list[Day]
    gaps: list[Gap]


def rows_of(organisation: Organisation, shifts: list[Shift]) -> list[Row]:
    """The specialties that its departments hold, in the order of the list; the director last."""
    held = set(organisation.departments.values_list("specialty", flat=True))
    held |= {shift.specialty for shift in shifts if shift.specialty}
    rows = [Row(s.value, str(s.label)) for s in Specialty if s.value in held]
    return [*rows, Row(DIRECTOR, str(Shift.Kind.DIRECTOR.label))]


def grid_of(rota: Rota) -> Grid:
    """Three queries, whatever the month holds."""
    shifts = list(rota.shifts.select_related("user").order_by("during", "pk"))
    rows = rows_of(rota.organisation, shifts)
    gaps = list(_gaps(rota, rows, shifts))
    return Grid(rows, _days(rota.month, rows, shifts, gaps), gaps)


def gaps_of(rota: Rota) -> list[Gap]:
    shifts = list(rota.shifts.all())
    return list(_gaps(rota, rows_of(rota.organisation, shifts), shifts))


def key_of(shift: Shift) -> str:
    return shift.specialty or DIRECTOR


def _days(month: date, rows: list[Row], shifts: list[Shift], gaps: list[Gap]) -> list[Day]:
    begun: dict[tuple[date, str], list[Shift]] = defaultdict(list)
    for shift in shifts:
        begun[timezone.localdate(shift.starts_at), key_of(shift)].append(shift)
    bare = {(day, gap.key) for gap in gaps for day in _days_in(gap.span)}
    today = timezone.localdate()
    days = []
    for day in days_of(month):
        cells = [_cell(row, begun[day, row.key], (day, row.key) in bare) for row in rows]
        days.append(Day(day, is_working_day(day)[0], day == today, cells))
    return days


def _cell(row: Row, shifts: list[Shift], gap: bool) -> Cell:
    second = [s for s in shifts if s.kind == Shift.Kind.SECOND_CALL]
    return Cell(row, [s for s in shifts if s not in second], second, gap)


def _days_in(span: Span) -> Iterator[date]:
    start, end = (timezone.localtime(moment) for moment in span)
    day = start.date()
    while midnight(day) < end:
        yield day
        day += timedelta(days=1)


def _gaps(rota: Rota, rows: list[Row], shifts: list[Shift]) -> Iterator[Gap]:
    """Over the whole month; the last night of the month before reaches into it."""
    start, end = midnight(rota.month), midnight(next_month(rota.month))
    spans: dict[str, list[Span]] = defaultdict(list)
    for shift in [*shifts, *_reaching_in(rota)]:
        if shift.kind != Shift.Kind.SECOND_CALL:
            spans[key_of(shift)].append((shift.starts_at, shift.ends_at))
    found = [
        Gap(row.key, row.label, span)
        for row in rows
        for span in uncovered(spans[row.key], start, end)
    ]
    yield from sorted(found, key=lambda gap: gap.span)


def _reaching_in(rota: Rota) -> list[Shift]:
    start = midnight(rota.month)
    before = Shift.objects.filter(
        rota__organisation=rota.organisation_id,
        rota__month=month_before(rota.month),
        in_force=True,
        during__contains=start,
    )
    return list(before)


def gap_of_day(grid_gaps: list[Gap], key: str, day: date) -> Span | None:
    """The first uncovered hours of a row on that day, a day long at most."""
    start, end = day_span(day)
    for gap in grid_gaps:
        if gap.key == key and gap.span[0] < end and gap.span[1] > start:
            begins = max(gap.span[0], start)
            return begins, min(gap.span[1], begins + LONGEST)
    return None
