"""Two periods side by side: values, n, how sure they are, and what that means in words."""

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

from telemed.oversight import statistics
from telemed.oversight.hiding import State
from telemed.oversight.indicators import STEP, Figure, Indicator, families, headlines
from telemed.oversight.presenting.shown import MANY, Shown, difference, show
from telemed.oversight.queries.comparisons import Comparison
from telemed.oversight.queries.pictures import Judged

FULL = 100.0
WIDTH = 240.0


@dataclass(frozen=True)
class Sided:
    """One period: what is shown, its interval in words, and where both lie in the drawing."""

    shown: Shown
    interval: str
    low: float | None = None
    high: float | None = None
    at: float = 0.0
    start: float = 0.0
    width: float = 0.0


@dataclass(frozen=True)
class Line:
    indicator: Indicator
    before: Sided
    after: Sided
    said: str
    sense: str

    @property
    def sides(self) -> list[tuple[str, Sided, str, int, int]]:
        """Word, side, class of its mark, and where bar and dot stand in the drawing."""
        return [
            (_("Before"), self.before, "was", 6, 8),
            (_("After"), self.after, "is", 20, 22),
        ]


def make_lines(comparison: Comparison) -> list[Line]:
    """The key figures first, then the others but counts: both periods have as many days."""
    others = [one for family in families() for one in family.indicators]
    wanted = dict.fromkeys([*headlines(), *others])
    return [_line(comparison, one) for one in wanted if not one.is_count]


def _line(comparison: Comparison, indicator: Indicator) -> Line:
    before, after = (_sided(one, indicator) for one in (comparison.before, comparison.after))
    ends = [end for side in (before, after) for end in (side.high, side.shown.value) if end]
    top = FULL if indicator.unit == "%" else max(ends, default=1.0)
    said, sense = _say(before, after, indicator)
    return Line(indicator, _placed(before, top), _placed(after, top), said, sense)


def _sided(judged: Judged, indicator: Indicator) -> Sided:
    shown = show(judged, indicator, rounded=True)
    figure = judged.cell.figures.get(indicator.key, Figure(value=None, n=0))
    if judged.verdicts[indicator.key].value is not State.SHOWN or figure.value is None:
        return Sided(shown, "")
    ends = _interval(figure)
    if ends is None:
        return Sided(shown, _("too few for an interval"))
    step = 1 if figure.counted is None or figure.n >= MANY else STEP
    low, high = step * math.floor(ends[0] / step), step * math.ceil(ends[1] / step)
    if figure.counted is not None:
        high = min(high, int(FULL))
    return Sided(shown, f"{low:g}–{high:g}", float(low), float(high))


def _interval(figure: Figure) -> tuple[float, float] | None:
    if figure.counted is not None:
        return statistics.wilson(figure.counted, figure.n)
    if figure.n < statistics.LEAST or figure.low is None or figure.high is None:
        return None
    return figure.low, figure.high


def _say(before: Sided, after: Sided, indicator: Indicator) -> tuple[str, str]:
    if before.shown.value is None or after.shown.value is None:
        return _("Too few cases to compare."), ""
    if None in (before.low, before.high, after.low, after.high):
        return _("Too few cases to tell a difference from chance."), ""
    apart = (before.high or 0) < (after.low or 0) or (after.high or 0) < (before.low or 0)
    if not apart:
        return _("The intervals overlap: what differs may be chance."), ""
    _change, sense = difference(after.shown, before.shown, indicator)
    higher = after.shown.value > before.shown.value
    words = {
        "good": _("Better afterwards: the intervals do not touch, so it is hardly chance."),
        "bad": _("Worse afterwards: the intervals do not touch, so it is hardly chance."),
    }
    up, down = _("Higher afterwards, hardly by chance."), _("Lower afterwards, hardly by chance.")
    return words.get(sense, up if higher else down), sense


def _placed(side: Sided, top: float) -> Sided:
    if side.shown.value is None:
        return side
    low = side.low if side.low is not None else side.shown.value
    high = side.high if side.high is not None else side.shown.value
    scale = WIDTH / top
    return Sided(
        side.shown,
        side.interval,
        side.low,
        side.high,
        at=round(side.shown.value * scale, 1),
        start=round(low * scale, 1),
        width=round((high - low) * scale, 1),
    )
