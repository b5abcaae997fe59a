"""Lines and maps as numbers for an SVG: what is drawn, in its own coordinates."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from telemed.oversight.indicators import Better, Indicator
from telemed.oversight.presenting.borders import sheet_of
from telemed.oversight.presenting.shown import Shown

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 16, 32
STEPS = 5  # colours
HEADROOM = 1.1
LETTER = 17  # wide, in the drawing


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    title: str
    hollow: bool  # the month still runs


@dataclass(frozen=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True)
class Line:
    """`paths` are broken where a month has nothing to show; `unfinished` leads to a running one."""

    width: int
    height: int
    left: int
    right: int
    base: float
    paths: list[str]
    unfinished: str
    dots: list[Dot]
    months: list[Tick]
    levels: list[Tick]


def draw_line(points: Sequence[tuple[str, Shown]], indicator: Indicator, *, running: bool) -> Line:
    """One point a month, from zero up; a share never ends above its whole."""
    top = _top([shown.value for _label, shown in points if shown.value is not None], indicator)
    base = HEIGHT - BOTTOM
    across = (WIDTH - LEFT - RIGHT) / max(len(points) - 1, 1)

    def at(number: int, value: float) -> tuple[float, float]:
        return round(LEFT + number * across, 1), round(base - (base - TOP) * value / top, 1)

    dots: list[Dot] = []
    runs: list[list[tuple[float, float]]] = []
    run: list[tuple[float, float]] = []
    last = len(points) - 1
    for number, (label, shown) in enumerate(points):
        if shown.value is None:
            runs, run = [*runs, run], []
            continue
        x, y = at(number, shown.value)
        title = _("{label}: {said}").format(label=label, said=shown.said)
        dots.append(Dot(x, y, title, hollow=running and number == last))
        run = [*run, (x, y)]
    runs.append(run)
    unfinished = ""
    if running and len(run) > 1:
        unfinished = _poly(run[-2:])
        runs[-1] = run[:-1]
    return Line(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        base=base,
        paths=[_poly(one) for one in runs if len(one) > 1],
        unfinished=unfinished,
        dots=dots,
        months=[
            Tick(at(number, 0)[0], label)
            for number, (label, _shown) in enumerate(points)
            if (last - number) % 3 == 0
        ],
        levels=[Tick(at(0, value)[1], f"{value:,g}") for value in (0, top / 2, top)],
    )


@dataclass(frozen=True)
class Region:
    """One shape of a map: its colour from 1 (good) to 5 (look here), 0 where nothing is shown."""

    path: str
    colour: int
    title: str
    query: str


@dataclass(frozen=True)
class Label:
    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Map:
    width: int
    height: int
    regions: list[Region]
    labels: list[Label]
    legend: list[tuple[int, str]]
    hides: bool


@dataclass(frozen=True)
class Coloured:
    """What a map says of one place."""

    name: str
    shown: Shown
    query: str


def draw_map(
    prefix: str, places: Mapping[str, Coloured], labels: Mapping[str, str], indicator: Indicator
) -> Map | None:
    """
    The counties in a place, coloured by their figure; None where no borders are known.

    `labels` stand in the middle of what begins with their key: prefectures, or counties that are
    wide enough.
    """
    sheet = sheet_of(prefix)
    if sheet is None:
        return None
    breaks = _breaks([p.shown.level for p in places.values() if p.shown.level is not None])
    regions = []
    for outline in sheet.outlines:
        place = places.get(outline.code)
        shown = place.shown if place else Shown("–", "0")
        colour = 0 if shown.level is None else _colour(shown.level, breaks, indicator)
        title = _("{label}: {said}").format(label=place.name if place else "", said=shown.said)
        regions.append(Region(outline.path, colour, title, place.query if place else ""))
    return Map(
        width=sheet.width,
        height=sheet.height,
        regions=regions,
        labels=[
            Label(sum(o.x for o in mine) // len(mine), sum(o.y for o in mine) // len(mine), text)
            for key, text in labels.items()
            if (mine := [o for o in sheet.outlines if o.code.startswith(key)])
            and (len(mine) > 1 or mine[0].width >= len(text) * LETTER)
        ],
        legend=_legend(breaks, indicator),
        hides=any(region.colour == 0 for region in regions),
    )


def _top(values: Sequence[float], indicator: Indicator) -> float:
    highest = max([*values, 0.0]) * HEADROOM
    if indicator.unit == "%" and highest > 50:
        return 100.0
    if highest <= 0:
        return 1.0
    size = 10 ** math.floor(math.log10(highest))
    return next(size * step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if size * step >= highest)


def _poly(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _breaks(values: list[float]) -> list[float]:
    """The upper ends of all colours but the last, so that each has as many places."""
    ordered = sorted(values)
    count = len(ordered)
    ends = {_round(ordered[count * step // STEPS]) for step in range(1, STEPS) if count}
    return sorted(end for end in ends if ordered[0] <= end < ordered[-1])


def _round(value: float) -> float:
    return math.ceil(value) if value >= 10 else math.ceil(value * 10) / 10


def _colour(value: float, breaks: list[float], indicator: Indicator) -> int:
    """Dark says: look here."""
    place = sum(value > end for end in breaks)
    return _shade(place, len(breaks), indicator)


def _shade(place: int, ends: int, indicator: Indicator) -> int:
    step = 1 + (place * (STEPS - 1) // ends if ends else 1)
    return STEPS + 1 - step if indicator.better == Better.HIGHER else step


def _legend(breaks: list[float], indicator: Indicator) -> list[tuple[int, str]]:
    lines = []
    for place in range(len(breaks) + 1):
        low = breaks[place - 1] if place else None
        high = breaks[place] if place < len(breaks) else None
        if low is None and high is None:
            continue
        if low is None:
            text = f"≤{high:g}"
        elif high is None:
            text = f">{low:g}"
        else:
            text = f"{low:g}–{high:g}"
        lines.append((_shade(place, len(breaks), indicator), text))
    return lines
