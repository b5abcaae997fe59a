"""The hour that comes, as bars."""

from dataclasses import dataclass
from datetime import datetime

from telemed.upkeep.queries import Work

WIDTH, HEIGHT, GAP = 40, 96, 8  # of a bar, in units of the drawing


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    height: int
    count: int
    starts_at: datetime


@dataclass(frozen=True)
class Hour:
    bars: list[Bar]
    width: int = 0
    height: int = HEIGHT
    bar: int = WIDTH


def draw(work: Work) -> Hour:
    """The highest bar fills the drawing; what is not nothing is seen."""
    most = max((one.count for one in work.slices), default=0) or 1
    bars = []
    for number, one in enumerate(work.slices):
        height = max(round(HEIGHT * one.count / most), 2 if one.count else 0)
        bars.append(Bar(number * (WIDTH + GAP), HEIGHT - height, height, one.count, one.starts_at))
    return Hour(bars, width=len(bars) * (WIDTH + GAP) - GAP)
