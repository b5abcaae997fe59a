"""
What of a figure may be shown: no count from one to four, and nothing that gives one away.

Figures show counts: how many cases there are, and of them the answered, the closed, … A count
gives itself away, and with a larger one what lies between them. Where exactly one part of a shown
whole is hidden, or the hidden ones together are fewer than five, they could be worked out by
subtraction: the next smallest goes with them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from telemed.oversight.indicators import FEWEST, Cell, Figure, Indicator, Scheme


class Mark(StrEnum):
    """Why a count is not shown."""

    FEW = auto()  # it is one to four
    MOST = auto()  # all but one to four of what it is shown as a share of
    ROUGH = auto()  # what it is a share of is hidden, so the exact share would tell that
    WITHHELD = auto()  # another one could be worked out from it


class State(StrEnum):
    """What is said of a number."""

    SHOWN = auto()
    UNDER = auto()  # it counts fewer than five: only that it is under a bound
    OVER = auto()  # all but fewer than five: only that it is over a bound
    FEW = auto()  # fewer than five in all
    ROUGH = auto()  # rounded to five per cent
    UP_TO = auto()  # only of how many it is a part
    WITHHELD = auto()


@dataclass(frozen=True)
class Verdict:
    """What may be said of one figure: of its value, and of its n."""

    value: State
    n: State


Marks = Mapping[str, Mark]  # by count; one that is shown has none
Verdicts = Mapping[str, Verdict]  # by indicator
NONE = Figure(value=None, n=0)
ENOUGH = 20  # cases of which five per cent are at least one


def mark(cell: Cell, scheme: Scheme) -> dict[str, Mark]:
    """What of one cell is hidden, where nobody sees what it is a part of."""
    marks: dict[str, Mark] = {}
    _hide_within(cell, scheme, marks)
    return marks


def mark_parts(whole: Marks, parts: Mapping[str, Cell], scheme: Scheme) -> dict[str, Marks]:
    """The same for all parts of a whole of which that is hidden."""
    marks = {key: mark(cell, scheme) for key, cell in parts.items()}
    for what, why in whole.items():
        if why in (Mark.WITHHELD, Mark.ROUGH):  # all parts together would tell it
            for mine in marks.values():
                mine.setdefault(what, why)
    shown = [what for what in scheme.within if what not in whole]
    while _hide_beside(shown, parts, scheme, marks):
        for key, cell in parts.items():
            _hide_within(cell, scheme, marks[key])
    return dict(marks)


def judge(cell: Cell, scheme: Scheme, marks: Marks) -> dict[str, Verdict]:
    """What that means for each figure of a cell."""
    return {
        one.key: _judge(cell.figures.get(one.key, NONE), one, scheme, marks)
        for one in scheme.indicators
    }


def also_hidden(counts: Mapping[str, tuple[int, ...]], hidden: Collection[str]) -> set[str]:
    """
    Which others go with the hidden ones, so that the sum of all gives none of them away.

    Of each part: how many it counts, and what it leaves of each larger count.
    """
    gone = set(hidden)
    rest = sorted(
        (key for key in counts if key not in gone and any(counts[key])),
        key=lambda key: (sum(counts[key]), key),
    )
    while rest and _tells(counts, gone):
        gone.add(rest.pop(0))
    return gone - set(hidden)


def is_few(count: int) -> bool:
    return 0 < count < FEWEST


def _hide_within(cell: Cell, scheme: Scheme, marks: dict[str, Mark]) -> None:
    """What the counts of one cell give away of each other; the larger ones are decided first."""
    for what, larger in scheme.within.items():
        if what not in marks and (why := _why_hidden(cell, what, larger, marks)):
            marks[what] = why
    for keys in scheme.wholes:  # adopted, partly, not: the last one is what the others leave
        counts = {key: (cell.counts.get(key, 0),) for key in keys}
        for key in also_hidden(counts, {key for key in keys if key in marks}):
            marks[key] = Mark.WITHHELD


def _why_hidden(cell: Cell, what: str, larger: tuple[str, ...], marks: Marks) -> Mark | None:
    if is_few(cell.counts.get(what, 0)):
        return Mark.FEW
    for number, other in enumerate(larger):
        if other not in marks and is_few(_between(cell, what, other)):
            return Mark.WITHHELD if number else Mark.MOST
    return Mark.ROUGH if larger and larger[0] in marks else None


def _hide_beside(
    shown: list[str], parts: Mapping[str, Cell], scheme: Scheme, marks: dict[str, dict[str, Mark]]
) -> bool:
    """What the parts of a shown whole give away about each other; whether there was any."""
    more = False
    for what in shown:
        larger = scheme.within[what]
        told = {
            key: (cell.counts.get(what, 0), *(_between(cell, what, other) for other in larger))
            for key, cell in parts.items()
        }
        for key in also_hidden(told, {key for key in told if what in marks[key]}):
            marks[key][what] = Mark.WITHHELD
            more = True
    return more


def _between(cell: Cell, what: str, other: str) -> int:
    """Nothing where the other one is smaller now: outcomes that are not due yet."""
    return max(cell.counts.get(other, 0) - cell.counts.get(what, 0), 0)


def _tells(counts: Mapping[str, tuple[int, ...]], gone: Collection[str]) -> bool:
    some = [counts[key] for key in gone if any(counts[key])]
    return len(some) == 1 or any(is_few(sum(column)) for column in zip(*some, strict=True))


def _judge(figure: Figure, one: Indicator, scheme: Scheme, marks: Marks) -> Verdict:
    n = _say_n(one, scheme, marks)
    if n is State.FEW:
        return Verdict(State.FEW, State.FEW)
    if figure.counted is None:  # a median tells no count
        return Verdict(State.WITHHELD if n is State.WITHHELD else State.SHOWN, n)
    return Verdict(_say_share(figure, marks.get(one.counted), n), n)


def _say_n(one: Indicator, scheme: Scheme, marks: Marks) -> State:
    why = marks.get(one.among)
    if why is None:
        return State.SHOWN
    if why is Mark.FEW:
        return State.FEW
    larger = scheme.within[one.among]
    if not larger or larger[0] in marks:
        return State.WITHHELD
    return State.OVER if why is Mark.MOST else State.UP_TO


def _say_share(figure: Figure, why: Mark | None, n: State) -> State:
    if why is None:
        return State.SHOWN if n is State.SHOWN else State.WITHHELD
    if why is Mark.ROUGH:
        rough = figure.n >= ENOUGH and n is not State.WITHHELD
        return State.ROUGH if rough else State.WITHHELD
    if n is not State.SHOWN or why is Mark.WITHHELD or figure.n < 2 * FEWEST:
        return State.WITHHELD  # of fewer than ten, "under 100 %" says nothing
    return State.UNDER if why is Mark.FEW else State.OVER
