"""The cells that one page shows, each with what of it may be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _

from telemed.organisations.models import Division
from telemed.oversight.forms import By, Wanted
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
    months_until,
    name_of,
    scheme,
    sources,
    urgencies,
)
from telemed.oversight.places import Spot, find_spot
from telemed.oversight.queries import names
from telemed.people.models import User

MONTHS = 13
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
    `whole`: by month. `regions`: the counties of a map, by their code, and what they are called.

    `rounded`: figures are to be rounded, because other pages show what these leave out.
    """

    spot: Spot
    side: Side
    months: list[date]
    whole: Mapping[str, Judged]
    parts: list[Part]
    regions: Mapping[str, Judged]
    region_names: Mapping[str, str]
    rounded: bool
    rows_rounded: bool


def find_figures(actor: User, wanted: Wanted) -> Findings:
    """
    Thirteen months of one place, and the month's parts. Two statements a source at most.

    Raises Forbidden, Invalid and NotFound as find_spot() does.
    """
    spot = find_spot(actor, wanted.place, wanted.institution)
    side = Side(wanted.side) if wanted.side else spot.usual_side
    months = months_until(wanted.month, MONTHS)
    rules = scheme()
    question = _question(spot, side, wanted, months)
    answer = ask(question)
    whole, marks = {}, {}
    for month in map(name_of, months):
        marks[month], whole[month] = _whole(answer, month, spot, wanted, rules)
    now = name_of(wanted.month)
    found = _parts(spot, side, wanted, answer)
    hidden = _hidden(marks[now], found, wanted, rules)
    regions = _regions(spot, wanted, answer, found, hidden, rules)
    parts = []
    for row in _rows(spot, side, wanted, found):
        judged = _judged(found.get(row.key, EMPTY), rules, hidden.get(row.key, {}))
        parts.append(Part(row.key, row.name, judged, row.query))
    return Findings(
        spot=spot,
        side=side,
        months=months,
        whole=whole,
        parts=parts,
        regions=regions,
        region_names=_region_names(spot, regions),
        rounded=wanted.is_narrowed,
        rows_rounded=wanted.is_narrowed or wanted.by != By.PLACE,
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


def _question(spot: Spot, side: Side, wanted: Wanted, months: Sequence[date]) -> Question:
    """
    Narrowed figures are rounded, so they need nothing but themselves; the others are asked for
    together with all that stands beside them on the way down.
    """
    chain = () if wanted.is_narrowed else tuple(pairwise(spot.trail))
    top = spot.here if wanted.is_narrowed else spot.root
    organisation = spot.organisation if spot.own or wanted.is_narrowed else None
    levels = [Level(Cut.TOTAL, top.prefix)]
    levels += [Level(step.cut, above.prefix) for above, step in chain]
    if wanted.by == By.PLACE and spot.parts:
        levels.append(Level(spot.parts, spot.here.prefix))
        if spot.parts == Cut.PREFECTURE:  # the map shows counties
            levels.append(Level(Cut.COUNTY, spot.here.prefix))
    return Question(
        periods={name_of(month): Period.month(month) for month in months},
        levels=tuple(levels),
        side=side,
        inside=top.prefix,
        organisation=organisation.pk if organisation else None,
        specialty=wanted.specialty,
        urgency=wanted.urgency,
    )


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
    return marks, Judged(cell, judge(cell, rules, marks))


def _parts(spot: Spot, side: Side, wanted: Wanted, answer: Answer) -> dict[str, Cell]:
    now = name_of(wanted.month)
    if wanted.by == By.PLACE:
        return _of(answer, now, spot.parts) if spot.parts else {}
    cut = Cut(wanted.by)
    question = Question(
        periods={now: Period.month(wanted.month)},
        levels=(Level(cut, spot.here.prefix),),
        side=side,
        inside=spot.here.prefix,
        organisation=spot.organisation.pk if spot.organisation else None,
        specialty=wanted.specialty,
        urgency=wanted.urgency,
    )
    return _of(ask(question), now, cut)


def _hidden(
    marks: Marks, found: Mapping[str, Cell], wanted: Wanted, rules: Scheme
) -> dict[str, Marks]:
    """Rounded parts need no others to go with them."""
    if wanted.is_narrowed or wanted.by != By.PLACE:
        return {key: mark(cell, rules) for key, cell in found.items()}
    return dict(mark_parts(marks, found, rules))


def _regions(
    spot: Spot,
    wanted: Wanted,
    answer: Answer,
    found: Mapping[str, Cell],
    hidden: Mapping[str, Marks],
    rules: Scheme,
) -> dict[str, Judged]:
    """What the map shows: the rows themselves, or the counties of a province."""
    if spot.parts not in DIGITS or wanted.by != By.PLACE:
        return {}
    if spot.parts == Cut.COUNTY:
        return {k: _judged(cell, rules, hidden[k]) for k, cell in found.items()}
    counties = _of(answer, name_of(wanted.month), Cut.COUNTY)
    regions: dict[str, Judged] = {}
    for key in found:
        inside = {code: cell for code, cell in counties.items() if code.startswith(key)}
        marks = _hidden(hidden[key], inside, wanted, rules)
        for code, cell in inside.items():
            regions[code] = _judged(cell, rules, marks[code])
    return regions


def _region_names(spot: Spot, regions: Mapping[str, Judged]) -> dict[str, str]:
    if not regions:
        return {}
    return dict(names.of_places(spot.here.prefix, Division.Level.PREFECTURE))


def _judged(cell: Cell, rules: Scheme, marks: Marks) -> Judged:
    return Judged(cell, judge(cell, rules, marks))


def _of(answer: Answer, period: str, cut: Cut) -> dict[str, Cell]:
    return {key: cell for (when, by, key), cell in answer.items() if when == period and by == cut}


@dataclass(frozen=True)
class _Row:
    key: str
    name: str
    query: Mapping[str, str] | None = None


def _rows(spot: Spot, side: Side, wanted: Wanted, found: Mapping[str, Cell]) -> list[_Row]:
    """Every part there is, in the order of their codes; those without a case too."""
    if wanted.by == By.URGENCY:
        return [_Row(value, str(word)) for value, word in urgencies().items()]
    if wanted.by == By.SPECIALTY:
        return [_Row(*pair) for pair in names.of_specialties(spot, found)]
    if spot.parts == Cut.PARTNER and spot.organisation:
        return [_Row(*pair) for pair in names.of_partners(spot.organisation, side, found)]
    if spot.parts == Cut.INSTITUTION:
        return [
            _Row(key, name, {"institution": key})
            for key, name in names.of_institutions(spot.here.prefix, found)
        ]
    if spot.parts is None or spot.level is None:
        return []
    places = names.of_places(spot.here.prefix, Division.Level(spot.level))
    rows = [_Row(key, name, {"place": key}) for key, name in places]
    known = {row.key for row in rows}
    directly = _("Directly under {place}").format(place=spot.here.name)
    return rows + [_Row(key, directly) for key in found if key not in known]
