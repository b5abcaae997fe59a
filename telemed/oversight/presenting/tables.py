"""The rows of a picture: sorted, cut into pages, and as a file."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from telemed.core.errors import Invalid
from telemed.oversight.indicators import Indicator, name_of
from telemed.oversight.presenting.shown import Shown, show
from telemed.oversight.queries.pictures import Findings, Judged, Part
from telemed.oversight.wanted import By, Wanted

PAGE = 25


@dataclass(frozen=True)
class Column:
    """`query` sorts by it; `order` is ascending, descending or none."""

    indicator: Indicator
    query: str
    order: str


@dataclass(frozen=True)
class Row:
    name: str
    query: str
    figures: list[Shown]


@dataclass(frozen=True)
class Table:
    columns: list[Column]
    by_name: str
    name_order: str
    total: Row
    rows: list[Row]
    largest: float  # of what the bars show
    first: int
    last: int
    count: int
    before: str
    after: str


def make_table(findings: Findings, wanted: Wanted) -> Table:
    """Raises Invalid for a page that the list does not have."""
    rows = _sorted(findings, wanted)
    start = (wanted.page - 1) * PAGE
    page = rows[start : start + PAGE]
    if wanted.page > 1 and not page:
        raise Invalid(_("This page of the list does not exist."), path="page")
    lead = wanted.family.indicators.index(wanted.indicator)
    values = [v for row in rows if (v := row.figures[lead].value) is not None]
    return Table(
        columns=[
            Column(one, *_sorting(wanted, one.key, down=True)) for one in wanted.family.indicators
        ],
        by_name=_sorting(wanted, "name", down=False)[0],
        name_order=_sorting(wanted, "name", down=False)[1],
        total=_total(findings, wanted),
        rows=page,
        largest=100.0 if wanted.indicator.unit == "%" else max(values, default=0.0),
        first=start + 1,
        last=start + len(page),
        count=len(rows),
        before=wanted.but(page=wanted.page - 1).query if wanted.page > 1 else "",
        after=wanted.but(page=wanted.page + 1).query if len(rows) > start + PAGE else "",
    )


def file_rows(findings: Findings, wanted: Wanted) -> Iterator[list[str]]:
    """The picture as a file: the months of the whole, then the month's parts; as on the page."""
    columns = wanted.family.indicators
    span = name_of(wanted.month)
    if findings.span > 1:
        span = f"{name_of(findings.months[-findings.span])} – {span}"
    yield [
        _("Place"),
        _("Month"),
        *(cell for one in columns for cell in (f"{one.name} ({one.unit})", "n")),
    ]
    for month in findings.months:
        judged = findings.whole[name_of(month)]
        figures = _figures(judged, wanted, rounded=findings.rounded)
        yield [findings.spot.here.name, name_of(month), *_cells(figures)]
    for row in _sorted(findings, wanted):
        yield [row.name, span, *_cells(row.figures)]


def _cells(figures: list[Shown]) -> list[str]:
    return [cell for shown in figures for cell in (shown.text or shown.why, shown.n)]


def _total(findings: Findings, wanted: Wanted) -> Row:
    figures = _figures(findings.total, wanted, rounded=findings.total_rounded)
    return Row(findings.spot.here.name, "", figures)


def _sorted(findings: Findings, wanted: Wanted) -> list[Row]:
    """What is hidden comes last, in the order of the places: a place in the list tells nothing."""
    rows = [_row(part, findings, wanted) for part in findings.parts]
    key, down = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    if not key:
        return rows
    if key == "name":
        return sorted(rows, key=lambda row: row.name, reverse=down)
    column = [one.key for one in wanted.family.indicators].index(key)
    known = [row for row in rows if row.figures[column].value is not None]
    known.sort(key=lambda row: row.figures[column].value or 0.0, reverse=down)
    return known + [row for row in rows if row.figures[column].value is None]


def _row(part: Part, findings: Findings, wanted: Wanted) -> Row:
    query = ""
    if part.query is not None:
        there = {"place": "", "institution": None, **part.query}
        query = wanted.but(by=By.PLACE, sort="", span=0, **there).query
    return Row(part.name, query, _figures(part.judged, wanted, rounded=findings.rows_rounded))


def _figures(judged: Judged, wanted: Wanted, *, rounded: bool) -> list[Shown]:
    return [show(judged, one, rounded=rounded) for one in wanted.family.indicators]


def _sorting(wanted: Wanted, key: str, *, down: bool) -> tuple[str, str]:
    """Its address, and how it is sorted now; a second click turns it round."""
    usual, other = (f"-{key}", key) if down else (key, f"-{key}")
    order = {key: "ascending", f"-{key}": "descending"}.get(wanted.sort, "")
    return wanted.but(sort=other if wanted.sort == usual else usual).query, order
