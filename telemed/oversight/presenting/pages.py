"""The picture of a month: key figures, trend, map and table, and where else one may look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from telemed.organisations.models import Specialty
from telemed.oversight.hiding import is_few
from telemed.oversight.indicators import (
    Cut,
    Indicator,
    Side,
    families,
    headlines,
    month_after,
    month_before,
    name_of,
    round_count,
    urgencies,
)
from telemed.oversight.places import YEAR
from telemed.oversight.presenting import charts, tables
from telemed.oversight.presenting.choices import Choice, choices
from telemed.oversight.presenting.shown import Shown, difference, show
from telemed.oversight.queries.pictures import Findings, Judged
from telemed.oversight.wanted import By, Wanted


@dataclass(frozen=True)
class Headline:
    """A key figure; `sense` is good, bad or nothing."""

    indicator: Indicator
    shown: Shown
    change: str
    sense: str
    query: str


@dataclass(frozen=True)
class Point:
    """One month of the trend, as its table says it."""

    month: date
    shown: Shown
    running: bool


@dataclass(frozen=True)
class Here:
    name: str
    query: str


@dataclass(frozen=True)
class Picture:
    """Everything that the page, its print and its file show."""

    wanted: Wanted
    findings: Findings
    trail: list[Here]
    name: str
    earlier: str
    later: str
    running: bool
    late: list[str]
    headlines: list[Headline]
    tabs: list[Choice]
    cuts: list[Choice]
    sides: list[Choice]
    specialties: list[Choice]
    urgencies: list[Choice]
    points: list[Point]
    line: charts.Line
    map: charts.Map | None
    table: tables.Table
    spans: list[Choice]
    first: date  # of the months that the rows stand for
    rounded: bool
    narrowed: list[str]  # what the filters leave, in words
    cleared: str


def make_picture(findings: Findings, wanted: Wanted) -> Picture:
    running = month_after(wanted.month) > timezone.localdate()
    points = _points(findings, wanted)
    following = month_after(wanted.month)
    return Picture(
        wanted=wanted,
        findings=findings,
        trail=[
            Here(step.name, wanted.but(**_to(step.query or {})).query)
            for step in findings.spot.trail[:-1]
        ],
        name=findings.spot.here.name,
        earlier=wanted.but(month=month_before(wanted.month)).query,
        later=wanted.but(month=following).query if following <= timezone.localdate() else "",
        running=running,
        late=_late(findings.whole[name_of(wanted.month)], running=running),
        headlines=make_headlines(findings, wanted),
        tabs=[
            Choice(
                str(family.name),
                wanted.but(family=family, indicator=family.indicators[0]).query,
                family.key == wanted.family.key,
            )
            for family in families()
        ],
        cuts=_cuts(findings, wanted),
        sides=_sides(findings, wanted),
        specialties=choices(_("All specialties"), Specialty.choices, wanted.specialty),
        urgencies=choices(_("All urgencies"), urgencies().items(), wanted.urgency),
        points=points,
        line=charts.draw_line(
            [(short_month(point.month), point.shown) for point in points],
            wanted.indicator,
            running=points[-1].running,
        ),
        map=_map(findings, wanted),
        table=tables.make_table(findings, wanted),
        spans=[
            Choice(word, wanted.but(span=span).query, span == findings.span)
            for span, word in ((1, _("This month")), (YEAR, _("12 months")))
        ],
        first=findings.months[-findings.span],
        rounded=findings.rounded,
        narrowed=[
            str(words.get(value, value))
            for words, value in (
                (dict(Specialty.choices), wanted.specialty),
                (urgencies(), wanted.urgency),
            )
            if value
        ],
        cleared=wanted.but(specialty="", urgency="").query if wanted.is_narrowed else "",
    )


def short_month(month: date) -> str:
    return f"{month:%Y-%m}"


def _to(query: Mapping[str, str]) -> dict[str, Any]:
    return {"place": "", "institution": None, "by": By.PLACE, "sort": "", "span": 0, **query}


def make_headlines(findings: Findings, wanted: Wanted) -> list[Headline]:
    now = findings.whole[name_of(wanted.month)]
    before = findings.whole[name_of(month_before(wanted.month))]
    shown = []
    for indicator in headlines():
        this, last = (show(one, indicator, rounded=findings.rounded) for one in (now, before))
        change, sense = difference(this, last, indicator)
        family = next(f for f in families() if indicator in f.indicators)
        query = wanted.but(family=family, indicator=indicator).query
        shown.append(Headline(indicator, this, change, sense, query))
    return shown


def _points(findings: Findings, wanted: Wanted) -> list[Point]:
    today = timezone.localdate()
    return [
        Point(
            month,
            show(findings.whole[name_of(month)], wanted.indicator, rounded=findings.rounded),
            month_after(month) > today,
        )
        for month in findings.months
    ]


def _late(now: Judged, *, running: bool) -> list[str]:
    """What may still change, and why."""
    said = []
    if running:
        today = date_format(timezone.localdate(), "DATE_FORMAT")
        still = _("This month still runs; these are its figures until {day}.")
        said.append(still.format(day=today))
    count = now.cell.unfinished
    if is_few(count):
        said.append(_("A few of its cases are still open; their figures may change."))
    elif count:
        still_open = _("About {n} of its cases are still open; their figures may change.")
        said.append(still_open.format(n=f"{round_count(count):,}"))
    return said


def _cuts(findings: Findings, wanted: Wanted) -> list[Choice]:
    own, parts = findings.spot.own, findings.spot.parts
    words = {
        By.PLACE: _("By institution") if parts in (Cut.INSTITUTION, Cut.PARTNER) else _("By place"),
        By.SPECIALTY: _("By department") if own else _("By specialty"),
        By.URGENCY: _("By urgency"),
    }
    if own:
        other = findings.side == Side.ASKED
        words[By.PLACE] = _("By partner clinic") if other else _("By hospital asked")
    return [
        Choice(word, wanted.but(by=by, sort="").query, by == wanted.by)
        for by, word in words.items()
        if by != By.PLACE or parts
    ]


def _sides(findings: Findings, wanted: Wanted) -> list[Choice]:
    words = {Side.ASKING: _("Who asks"), Side.ASKED: _("Who answers")}
    return [
        Choice(word, wanted.but(side=str(side)).query, side == findings.side)
        for side, word in words.items()
    ]


def _map(findings: Findings, wanted: Wanted) -> charts.Map | None:
    if not findings.regions and findings.spot.parts not in (Cut.PREFECTURE, Cut.COUNTY):
        return None
    if wanted.by != By.PLACE:
        return None
    by_prefecture = findings.spot.parts == Cut.PREFECTURE
    named = {part.key: part.name for part in findings.parts}
    places = {
        code: charts.Coloured(
            name=findings.region_names.get(code, named.get(code, "")),
            shown=show(judged, wanted.indicator, rounded=findings.rows_rounded),
            query=wanted.but(**_to({"place": code})).query,
        )
        for code, judged in findings.regions.items()
    }
    labels = {key: _short(name) for key, name in named.items()} if by_prefecture else named
    return charts.draw_map(findings.spot.here.prefix, places, labels, wanted.indicator)


def _short(name: str) -> str:
    """黔东南苗族侗族自治州 is too long for a map: what stands before its peoples is enough."""
    for ending in ("布依族苗族自治州", "苗族侗族自治州", "市"):
        name = name.removesuffix(ending)
    return name
