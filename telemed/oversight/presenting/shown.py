"""One figure as a page may show it."""

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

from telemed.oversight.hiding import State
from telemed.oversight.indicators import FEWEST, STEP, Better, Figure, Indicator, round_count
from telemed.oversight.queries.pictures import Judged

MANY = 100  # from here on a whole per cent tells nothing of single cases
FULL = 100.0


@dataclass(frozen=True)
class Shown:
    """
    `text` is empty where nothing may be said of the value, and `why` then says so.

    `value` is what a chart draws and a table sorts by; None where the true one is not known.
    """

    text: str
    n: str
    value: float | None = None
    why: str = ""
    guess: float | None = None  # the middle of where the value lies, for a colour alone

    @property
    def level(self) -> float | None:
        """What a map is coloured by."""
        return self.guess if self.value is None else self.value

    @property
    def said(self) -> str:
        """Value and n in one line; what is hidden says why."""
        return _("{value} (n = {n})").format(value=self.text or self.why, n=self.n)


def show(judged: Judged, indicator: Indicator, *, rounded: bool = False) -> Shown:
    figure = judged.cell.figures.get(indicator.key, Figure(value=None, n=0))
    verdict = judged.verdicts[indicator.key]
    n = _n(figure, verdict.n, rounded=rounded)
    if verdict.value is State.FEW:
        return Shown("", n, why=few())
    if verdict.value is State.WITHHELD:
        return Shown("", n, why=_("not shown"))
    if figure.value is None:
        return Shown("–", n)
    if verdict.value in (State.UNDER, State.OVER):
        return _bounded(figure, n, under=verdict.value is State.UNDER, rounded=rounded)
    if verdict.value is State.ROUGH:
        rough = STEP * math.floor(figure.value / STEP + 0.5)
        return Shown(f"≈ {rough:g}", n, value=float(rough))
    value = round_value(figure, indicator) if rounded else figure.value
    decimals = 0 if rounded else indicator.decimals
    return Shown(f"{value:,.{decimals}f}", n, value=float(value))


def few() -> str:
    return f"<{FEWEST}"


def round_value(figure: Figure, indicator: Indicator) -> float:
    """Shares of few to five per cent, medians to whole minutes, counts to fives."""
    value = figure.value or 0.0
    if figure.counted is not None:
        step = 1 if figure.n >= MANY else STEP
        return step * math.floor(value / step + 0.5)
    return round_count(figure.n) if indicator.is_count else math.floor(value + 0.5)


def difference(now: Shown, before: Shown, indicator: Indicator) -> tuple[str, str]:
    """What has changed since, in words, and whether that is good, bad or neither ("")."""
    if now.value is None or before.value is None:
        return _("cannot be compared with the month before"), ""
    decimals = indicator.decimals
    change = round(now.value, decimals) - round(before.value, decimals)
    if round(change, decimals) == 0:
        return _("the same as the month before"), ""
    figures = {
        "n": f"{abs(change):,.{decimals}f}",
        "unit": _("points") if indicator.unit == "%" else indicator.unit,
    }
    more = _("{n} {unit} more than the month before").format(**figures)
    less = _("{n} {unit} less than the month before").format(**figures)
    if indicator.better == Better.NEITHER:
        return (more if change > 0 else less), ""
    better = (change > 0) == (indicator.better == Better.HIGHER)
    return (more if change > 0 else less), "good" if better else "bad"


def _n(figure: Figure, state: State, *, rounded: bool) -> str:
    if state is State.FEW:
        return few()
    if state is State.WITHHELD:
        return "–"
    if rounded:
        return f"≈ {round_count(figure.n):,}" if figure.n else "0"
    if state is State.OVER:
        return _("over {n}").format(n=f"{(figure.of or figure.n) - FEWEST:,}")
    if state is State.UP_TO:
        return f"≤ {figure.of:,}"
    return f"{figure.n:,}"


def _bounded(figure: Figure, n: str, *, under: bool, rounded: bool) -> Shown:
    """Fewer than five of n, or all but fewer than five; rounded away from the true share."""
    step = STEP if rounded else 1
    share = FULL * FEWEST / figure.n
    if under:
        bound = min(step * math.ceil(share / step), FULL)
        return Shown(_("under {n}").format(n=f"{bound:.0f}"), n, guess=bound / 2)
    bound = max(step * math.floor((FULL - share) / step), 0.0)
    return Shown(_("over {n}").format(n=f"{bound:.0f}"), n, guess=(bound + FULL) / 2)
