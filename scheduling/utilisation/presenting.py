"""The weeks as columns, rows and a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext as _

from scheduling.availability.models import Pool
from scheduling.utilisation.queries import WEEKS, Count, Usage
from scheduling.utilisation.weeks import FEWEST, charts, weeks_of
from telemed.core.policies.kinds import length
from telemed.organisations.models import Department

WIDTH, HEIGHT = 1200, 320
LEFT, RIGHT, TOP, BOTTOM = 80, 8, 16, 44
GAP = 0.25  # of a day's width


@dataclass(frozen=True)
class Column:
    """One day: a column for its places, filled as far as they are taken."""

    x: float
    width: float
    y: float
    height: float
    taken_y: float
    taken_height: float
    title: str
    ahead: bool


@dataclass(frozen=True)
class Mark:
    at: float
    text: str


@dataclass(frozen=True)
class Columns:
    """`now`: where the days to come begin; None when all are over, or all to come."""

    width: int
    height: int
    left: int
    right: int
    base: int
    columns: list[Column]
    weeks: list[Mark]
    levels: list[Mark]
    now: float | None


@dataclass(frozen=True)
class Row:
    """A department or a pool, with its shares in per cent; None where they say nothing."""

    name: str
    count: Count
    used: float | None
    missed: float | None


@dataclass(frozen=True)
class PoolRow:
    name: str
    places: int
    taken: int
    used: float | None
    returned: int


def page(usage: Usage, departments: Sequence[Department], chosen: UUID | None) -> dict[str, Any]:
    names = {one.pk: one.name for one in departments}
    rows = [_row(names[key], count) for key, count in usage.departments.items() if key]
    step, weeks = timedelta(weeks=2), weeks_of(usage)
    return {
        "usage": usage,
        "columns": draw(usage),
        "weeks": weeks,
        "charts": charts(weeks),
        "whole": _row(_("All departments"), usage.whole),
        "rows": sorted(rows, key=lambda row: (-(row.used or 0), row.name)),
        "pools": _pools(usage),
        "returned": sum(one.returned for one in usage.pools),
        "returns": [(pool.label, length(before)) for pool, before in usage.returns],
        "departments": departments,
        "chosen": chosen,
        "earlier": usage.first - step,
        "later": usage.first + step if usage.first + step <= first_week(usage.today) else None,
    }


def first_week(today: date) -> date:
    """The Monday with which the newest window begins: this week and the next stand at its end."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 2)


def draw(usage: Usage) -> Columns:
    """A column a day, from zero up; a day without sessions has none."""
    days = [usage.first + timedelta(days=n) for n in range(7 * WEEKS)]
    top = max((count.places for count in usage.days.values()), default=0) or 1
    base, across = HEIGHT - BOTTOM, (WIDTH - LEFT - RIGHT) / len(days)

    def tall(value: float) -> float:
        return round((base - TOP) * value / top, 1)

    columns = []
    for number, day in enumerate(days):
        count = usage.days.get(day)
        if count is None or not count.places:
            continue
        columns.append(
            Column(
                x=round(LEFT + (number + GAP / 2) * across, 1),
                width=round(across * (1 - GAP), 1),
                y=base - tall(count.places),
                height=tall(count.places),
                taken_y=base - tall(count.taken),
                taken_height=tall(count.taken),
                title=_title(day, count),
                ahead=day >= usage.today,
            )
        )
    now = (usage.today - usage.first).days
    return Columns(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        base=base,
        columns=columns,
        weeks=[
            Mark(round(LEFT + (7 * week + GAP / 2) * across, 1), f"{days[7 * week]:%m-%d}")
            for week in range(WEEKS)
        ],
        levels=[Mark(base - tall(value), f"{value:g}") for value in (0, top / 2, top)],
        now=round(LEFT + now * across, 1) if 0 < now < len(days) else None,
    )


def file_rows(usage: Usage, departments: Sequence[Department]) -> Iterator[list[str]]:
    """Days, weeks, departments and pools, one below the other."""
    names = {one.pk: one.name for one in departments}
    counted = [_("Places"), _("Booked"), _("Came"), _("Did not come")]
    yield [_("Day"), *counted]
    for day, count in sorted(usage.days.items()):
        yield [day.isoformat(), *_numbers(count)]
    yield []
    yield [_("Week from"), *counted, _("Days waited, median"), _("Returned by others")]
    for week in weeks_of(usage):
        said = "" if week.count.wait is None else str(week.count.wait)
        yield [week.monday.isoformat(), *_numbers(week.count), said, str(week.count.returned)]
    yield []
    yield [_("Department"), *counted, _("Days waited, median")]
    for key, count in usage.departments.items():
        name = names[key] if key else _("All departments")
        yield [name, *_numbers(count), "" if count.wait is None else str(count.wait)]
    yield []
    yield [_("Kept for"), _("Places"), _("Booked"), _("Returned by others")]
    for pool in usage.pools:
        name = str(Pool(pool.pool).label)
        yield [name, str(pool.places), str(pool.taken), str(pool.returned)]


def _numbers(count: Count) -> list[str]:
    return [str(n) for n in (count.places, count.taken, count.came, count.missed)]


def _row(name: str, count: Count) -> Row:
    return Row(name, count, _share(count.taken, count.places), _share(count.missed, count.due))


def _pools(usage: Usage) -> list[PoolRow]:
    order = {pool: number for number, pool in enumerate(Pool.values)}
    return [
        PoolRow(
            str(Pool(one.pool).label),
            one.places,
            one.taken,
            _share(one.taken, one.places),
            one.returned,
        )
        for one in sorted(usage.pools, key=lambda one: order[one.pool])
    ]


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole >= FEWEST else None


def _title(day: date, count: Count) -> str:
    said = _("{day}: {taken} of {places} booked")
    if count.due:
        said = _("{day}: {taken} of {places} booked, {came} came, {missed} did not")
    return said.format(
        day=formats.date_format(day, "SHORT_DATE_FORMAT"),
        taken=count.taken,
        places=count.places,
        came=count.came,
        missed=count.missed,
    )
