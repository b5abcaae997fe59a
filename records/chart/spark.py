"""The geometry of a small trend line, in the units of its viewBox. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from records.chart.reading import Measurement

WIDTH, HEIGHT, EDGE = 200, 36, 4


@dataclass(frozen=True)
class Spark:
    """A path through all points, the points apart, and the band of the normal range."""

    path: str
    points: tuple[tuple[str, bool], ...]  # where, and whether out of range
    band: tuple[int, int] | None  # top and height


def draw(points: Sequence[Measurement]) -> Spark | None:
    """Evenly spaced, oldest first; nothing where there is no trend to see."""
    values = [(row, row.amount) for row in points if row.amount is not None]
    if len(values) < 2:
        return None
    newest = values[-1][0]
    shown = [amount for _row, amount in values]
    ends = [*shown, *(end for end in (newest.low, newest.high) if end is not None)]
    low, high = min(ends), max(ends)

    def y(amount: Decimal) -> int:
        share = (high - amount) / (high - low) if high > low else Decimal("0.5")
        return round(EDGE + share * (HEIGHT - 2 * EDGE))

    step = (WIDTH - 2 * EDGE) / (len(values) - 1)
    places = [f"{round(EDGE + n * step)},{y(amount)}" for n, amount in enumerate(shown)]
    band = None
    if newest.low is not None or newest.high is not None:
        top = y(newest.high) if newest.high is not None else 0
        foot = y(newest.low) if newest.low is not None else HEIGHT
        band = (top, max(foot - top, 1))
    marks = zip(places, (bool(row.flag) for row, _amount in values), strict=True)
    return Spark("M" + " ".join(places), tuple(marks), band)
