"""The cells that one page shows, each with what of it may be shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from telemed.oversight.hiding import Marks, Verdicts, judge, mark, mark_parts
from telemed.oversight.indicators import (
    DIGITS,
    EVERYTHING,
    Answer,
    Cell,
    Cut,
    Level,
    Period,
    Question,
    Scheme,
    Side,
    midnight,
    month_after,
    months_until,
    name_of,
    scheme,
    sources,
)
from telemed.oversight.places import Spot, find_spot
from telemed.oversight.queries import names
from telemed.oversight.queries.names import Name
from telemed.oversight.wanted import By, Wanted
from telemed.people.models import User

MONTHS = 13
ROWS = "rows"  # the period of rows that stand for more than a month
EMPTY = Cell({})


@dataclass(frozen=True)
class Judged:
    """One cell, and what of it may be shown."""

    cell: Cell
    verdicts: Verdicts


@dataclass(frozen=True)
class Part:
    """One row: `query` is its own address, None where there is nothing below it."""

    key: str
    name: str
    judged: Judged
    query: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Findings:
    """
    `whole`: by month. `total` and `parts` are the rows of the table, over so many `span` months;
    `regions` the counties of a map, by their code, and what they are called.

    `rounded`: figures are to be rounded, because other pages show what these leave out.
    """

    spot: Spot
    side: Side
    months: list[date]
    whole: Mapping[str, Judged]
    span: int
    total: Judged
    parts: list[Part]
    regions: Mapping[str, Judged]
    region_names: Mapping[str, str]
    rounded: bool
    rows_rounded: bool

    @property
    def total_rounded(self) -> bool:
        """The whole of one month is the same in every table."""
        return self.rounded or self.span > 1


def find_figures(actor: User, wanted: Wanted) -> Findings:
    """
    Thirteen months of one place, and its parts. Two statements a source at most.

    Raises Forbidden, Invalid and NotFound as find_spot() does.
    """
    spot = find_spot(actor, wanted.place, wanted.institution)
    side = Side(wanted.side) if wanted.side else spot.usual_side
    months, rules = months_until(wanted.month, MONTHS), scheme()
    span = wanted.span or spot.usual_span
    apart = wanted.by != By.PLACE or span > 1
    answer = ask(_months(spot, side, wanted, months, with_parts=not apart))
    whole, marks = {}, {}
    for month in map(name_of, months):
        marks[month], whole[month] = _whole(answer, month, spot, wanted, rules)
    now = name_of(wanted.month)
    if apart:
        block = _apart(ask(_rows(spot, side, wanted, months[-span])), spot, wanted, rules)
    elif wanted.is_narrowed:
        block = _alone(answer, now, whole[now], rules, spot.parts)
    else:
        block = _beside(answer, now, whole[now], marks[now], spot, rules)
    return Findings(
        spot=spot,
        side=side,
        months=months,
        whole=whole,
        span=span,
        total=block.total,
        parts=[
            Part(row.key, row.name, block.judged(row.key, rules), row.query)
            for row in _names(spot, side, wanted, block)
        ],
        regions=block.regions,
        region_names=names.of_counties(spot.here.prefix) if block.regions else {},
        rounded=wanted.is_narrowed,
        rows_rounded=wanted.is_narrowed or apart,
    )


def ask(question: Question) -> Answer:
    """All sources, their cells put together."""
    answers = [source.compute(question) for source in sources()]
    if len(answers) == 1:
        return answers[0]
    together: dict[tuple[str, Cut, str], Cell] = {}
    for answer in answers:
        for key, cell in answer.items():
            known = together.get(key, EMPTY)
            figures = {**known.figures, **cell.figures}
            counts = {**known.counts, **cell.counts}
            together[key] = Cell(figures, counts, known.unfinished + cell.unfinished)
    return together


def _months(
    spot: Spot, side: Side, wanted: Wanted, months: Sequence[date], *, with_parts: bool
) -> Question:
    """
    Narrowed figures are rounded, so they need nothing but themselves; the others are asked for
    together with all that stands beside them on the way down.
    """
    chain = () if wanted.is_narrowed else tuple(pairwise(spot.trail))
    top = spot.here if wanted.is_narrowed else spot.root
    organisation = spot.organisation if spot.own or wanted.is_narrowed else None
    levels = [Level(Cut.TOTAL, top.prefix)]
    levels += [Level(step.cut, above.prefix) for above, step in chain]
    levels += _part_levels(spot) if with_parts else []
    return Question(
        periods={name_of(month): Period.month(month) for month in months},
        levels=tuple(levels),
        side=side,
        inside=top.prefix,
        organisation=organisation.pk if organisation else None,
        specialty=wanted.specialty,
        urgency=wanted.urgency,
    )


def _rows(spot: Spot, side: Side, wanted: Wanted, first: date) -> Question:
    """Rows of their own: of longer than a month, or by something else than the place."""
    by_place = wanted.by == By.PLACE
    levels = _part_levels(spot) if by_place else [Level(Cut(wanted.by), spot.here.prefix)]
    return Question(
        periods={ROWS: Period(midnight(first), midnight(month_after(wanted.month)))},
        levels=(Level(Cut.TOTAL, spot.here.prefix), *levels),
        side=side,
        inside=spot.here.prefix,
        organisation=spot.organisation.pk if spot.organisation else None,
        specialty=wanted.specialty,
        urgency=wanted.urgency,
    )


def _part_levels(spot: Spot) -> list[Level]:
    """The parts of a place; the map of a province shows counties."""
    if spot.parts is None:
        return []
    cuts = (Cut.PREFECTURE, Cut.COUNTY) if spot.parts == Cut.PREFECTURE else (spot.parts,)
    return [Level(cut, spot.here.prefix) for cut in cuts]


def _whole(
    answer: Answer, month: str, spot: Spot, wanted: Wanted, rules: Scheme
) -> tuple[Marks, Judged]:
    """The cell of the place itself, hidden where one beside it on the way down would tell."""
    cell = answer.get((month, Cut.TOTAL, EVERYTHING), EMPTY)
    marks: Marks = mark(cell, rules)
    for step in () if wanted.is_narrowed else spot.trail[1:]:
        beside = _of(answer, month, step.cut)
        cell = beside.setdefault(step.key, EMPTY)
        marks = mark_parts(marks, beside, rules)[step.key]
    return marks, _judge(cell, rules, marks)


@dataclass(frozen=True)
class _Block:
    """The rows, and the counties of a map."""

    total: Judged
    cells: Mapping[str, Cell]
    marks: Mapping[str, Marks]
    regions: Mapping[str, Judged]

    def judged(self, key: str, rules: Scheme) -> Judged:
        return _judge(self.cells.get(key, EMPTY), rules, self.marks.get(key, {}))


def _beside(
    answer: Answer, month: str, total: Judged, marks: Marks, spot: Spot, rules: Scheme
) -> _Block:
    """The month's parts, hidden so that none can be worked out."""
    cells = _of(answer, month, spot.parts)
    hidden = mark_parts(marks, cells, rules)
    regions: dict[str, Judged] = {}
    if spot.parts == Cut.COUNTY:
        regions = {key: _judge(cell, rules, hidden[key]) for key, cell in cells.items()}
    counties = _of(answer, month, Cut.COUNTY) if spot.parts == Cut.PREFECTURE else {}
    for key in cells if counties else ():
        inside = {code: cell for code, cell in counties.items() if code.startswith(key)}
        for code, beside in mark_parts(hidden[key], inside, rules).items():
            regions[code] = _judge(inside[code], rules, beside)
    return _Block(total, cells, hidden, regions)


def _alone(answer: Answer, period: str, total: Judged, rules: Scheme, cut: Cut | None) -> _Block:
    """Rounded parts, which need no others to go with them."""
    cells = _of(answer, period, cut)
    marks = {key: mark(cell, rules) for key, cell in cells.items()}
    mapped = _of(answer, period, Cut.COUNTY) if cut in DIGITS else {}
    regions = {key: _judge(cell, rules, mark(cell, rules)) for key, cell in mapped.items()}
    return _Block(total, cells, marks, regions)


def _apart(answer: Answer, spot: Spot, wanted: Wanted, rules: Scheme) -> _Block:
    total = answer.get((ROWS, Cut.TOTAL, EVERYTHING), EMPTY)
    cut = spot.parts if wanted.by == By.PLACE else Cut(wanted.by)
    return _alone(answer, ROWS, _judge(total, rules, mark(total, rules)), rules, cut)


def _judge(cell: Cell, rules: Scheme, marks: Marks) -> Judged:
    return Judged(cell, judge(cell, rules, marks))


def _of(answer: Answer, period: str, cut: Cut | None) -> dict[str, Cell]:
    return {key: cell for (when, by, key), cell in answer.items() if when == period and by == cut}


def _names(spot: Spot, side: Side, wanted: Wanted, block: _Block) -> Iterator[Name]:
    """Every part there is, in the order of their codes; those without a case too."""
    found = block.cells
    if wanted.by == By.URGENCY:
        yield from names.of_urgencies()
    elif wanted.by == By.SPECIALTY:
        yield from names.of_specialties(spot, found)
    elif spot.parts == Cut.PARTNER and spot.organisation:
        yield from names.of_partners(spot.organisation, side, found)
    elif spot.parts == Cut.INSTITUTION:
        yield from names.of_institutions(spot.here.prefix, found)
    elif spot.parts in DIGITS:
        yield from names.of_places(spot, found)
