"""Months as rows, as a line and as a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from consult.credit.measures import MEASURES, Measure, Month
from consult.credit.queries import Credit
from telemed.organisations.services.settling import yuan
from telemed.oversight.indicators import month_after, month_before, name_of
from telemed.oversight.presenting.charts import draw_line
from telemed.oversight.presenting.shown import Shown


@dataclass(frozen=True)
class Cell:
    text: str
    beside: str = ""


def page(credit: Credit, measure: Measure) -> dict[str, Any]:
    """What the page of one doctor shows."""
    until = credit.months[-1].first
    running = credit.months[-1].running
    points = [(name_of(month.first), _shown(month, measure)) for month in credit.months]
    return {
        "credit": credit,
        "measure": measure,
        "measures": MEASURES,
        "line": draw_line(points, measure.indicator, running=running),
        "rows": [(month, _cells(month)) for month in reversed(credit.months)],
        "total": _cells(credit.whole),
        "until": name_of(until),
        "earlier": name_of(month_before(until)),
        "later": "" if running else name_of(month_after(until)),
    }


def file_rows(credit: Credit) -> Iterator[list[str]]:
    """The table as a file: one month a line, then the agreements."""
    yield [_("Doctor"), credit.doctor.name, credit.organisation.name]
    yield [
        _("Month"),
        *(f"{one.name} ({one.unit})" for one in MEASURES),
        _("Declined"),
        _("Amendments"),
        _("Receipts"),
    ]
    for month in credit.months:
        yield [
            name_of(month.first),
            *(_plain(month, one) for one in MEASURES),
            *(str(month.count(name)) for name in ("declined", "amended", "receipts")),
        ]
    yield []
    yield [_("Asked by"), _("Agreement"), _("Lines"), _("Amount"), _("Share of the hospital")]
    for one in credit.agreed:
        yield [one.asking, one.number, str(one.lines), yuan(one.amount), yuan(one.share)]


def _shown(month: Month, measure: Measure) -> Shown:
    value = month.value(measure)
    n = f"{month.count(measure.n):,}"
    if value is None:
        return Shown("–", n)
    return Shown(f"{value:,.{measure.decimals}f}", n, value=value)


def _cells(month: Month) -> list[Cell]:
    return [_cell(month, measure) for measure in MEASURES]


def _cell(month: Month, measure: Measure) -> Cell:
    value = month.value(measure)
    text = "–" if value is None else f"{value:,.{measure.decimals}f}"
    match measure.key:
        case "accepted" if month.count("declined"):
            return Cell(text, _("{n} declined").format(n=month.count("declined")))
        case "opinions" if month.count("amended"):
            return Cell(text, _("{n} amended").format(n=month.count("amended")))
        case "adopted" if month.count("receipts"):
            return Cell(text, _("of {n}").format(n=month.count("receipts")))
        case "live" if month.count("rooms"):
            return Cell(text, _("{n} rooms").format(n=month.count("rooms")))
    return Cell(text)


def _plain(month: Month, measure: Measure) -> str:
    value = month.value(measure)
    return "" if value is None else f"{value:.{measure.decimals}f}"
