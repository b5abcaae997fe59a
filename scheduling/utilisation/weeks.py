"""Week by week: how long people waited, who did not come, what pools gave back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from scheduling.utilisation.queries import WEEKS, Count, Usage

WIDTH, HEIGHT = 400, 200
TOP, BOTTOM = 30, 28
GAP = 0.35  # of a week's width
FEWEST = 5  # visits; a share of fewer says nothing


@dataclass(frozen=True)
class Week:
    """One that is over, or this one as far as its days are; None where a figure says nothing."""

    monday: date
    count: Count
    unfinished: bool

    @property
    def missed(self) -> float | None:
        due = self.count.due
        return 100 * self.count.missed / due if due >= FEWEST else None


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str  # of the week
    text: str
    title: str


@dataclass(frozen=True)
class Chart:
    name: str
    heading: str
    bars: list[Bar]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - BOTTOM

    @property
    def is_flat(self) -> bool:
        """No week has anything to draw."""
        return not any(bar.height for bar in self.bars)


def weeks_of(usage: Usage) -> list[Week]:
    """Of the window, those of which a day is over."""
    mondays = [usage.first + timedelta(weeks=n) for n in range(WEEKS)]
    return [
        Week(monday, usage.weeks[monday], monday + timedelta(weeks=1) > usage.today)
        for monday in mondays
        if monday < usage.today
    ]


def charts(weeks: list[Week]) -> list[Chart]:
    return [
        _chart("waited", _("Days from booking to visit, median"), weeks, _waited, "{:.0f}"),
        _chart("missed", _("Did not come, per cent"), weeks, _missed, "{:.1f}"),
        _chart("returned", _("Places returned to everybody"), weeks, _returned, "{:.0f}"),
    ]


def _waited(week: Week) -> float | None:
    return week.count.wait


def _missed(week: Week) -> float | None:
    return week.missed


def _returned(week: Week) -> float | None:
    return week.count.returned


def _chart(
    name: str,
    heading: str,
    weeks: list[Week],
    figure: Callable[[Week], float | None],
    form: str,
) -> Chart:
    """From zero up; a week whose figure says nothing has a dash and no bar."""
    top = max((figure(week) or 0 for week in weeks), default=0) or 1
    across, base = WIDTH / WEEKS, HEIGHT - BOTTOM
    bars = []
    for number, week in enumerate(weeks):
        value = figure(week)
        height = round((base - TOP) * (value or 0) / top, 1)
        text = "–" if value is None else form.format(value)
        bars.append(
            Bar(
                x=round((number + GAP / 2) * across, 1),
                y=round(base - height, 1),
                width=round(across * (1 - GAP), 1),
                height=height,
                middle=round((number + 0.5) * across, 1),
                label=f"{week.monday:%m-%d}",
                text=text,
                title=_title(week.monday, text),
            )
        )
    return Chart(name, heading, bars)


def _title(monday: date, text: str) -> str:
    day = formats.date_format(monday, "SHORT_DATE_FORMAT")
    return _("Week from {day}: {figure}").format(day=day, figure=text)
