"""The picture of a place: its figures for two periods, and the places in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core.errors import Forbidden
from telemed.organisations.models import Division
from telemed.oversight.indicators import (
    BELOW,
    Figure,
    Indicator,
    Period,
    Scope,
    hide_small,
    sources,
)
from telemed.people.models import Role, User

DAYS = 30


@dataclass(frozen=True)
class Shown:
    """A figure as a page may show it: `text` is empty where it is hidden."""

    text: str
    n: str
    value: float | None = None


@dataclass(frozen=True)
class Card:
    indicator: Indicator
    month: Shown
    days: Shown


@dataclass(frozen=True)
class Row:
    """One place of the level below, with a figure for each indicator."""

    place: str
    figures: list[Shown]


@dataclass(frozen=True)
class Picture:
    place: str
    first: date  # of the month
    previous: date
    following: date | None
    cards: list[Card]
    rows: list[Row]

    @property
    def indicators(self) -> list[Indicator]:
        return [card.indicator for card in self.cards]


def picture_for(actor: User, day: date) -> Picture:
    """The month of that day and the last 30 days, for the place that the official answers for."""
    division = division_of(actor)
    scope, period = Scope.of(division), Period.month(day)
    places = _places_in(division)
    cards: list[Card] = []
    months: list[tuple[Indicator, Mapping[str, Figure]]] = []
    for source in sources():
        of_month = source.compute(period, scope)
        of_days = source.compute(Period.last_days(DAYS), scope)
        for indicator in source.indicators:
            month = of_month.get(indicator.key, {})
            days = of_days.get(indicator.key, {})
            cards.append(Card(indicator, _total(month, indicator), _total(days, indicator)))
            months.append((indicator, month))
            for code in month.keys() - {""}:
                places.setdefault(code, _("Directly under {place}").format(place=division.name))
    columns = [_column(month, places, indicator) for indicator, month in months]
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return Picture(
        place=division.name,
        first=first,
        previous=(first - timedelta(days=1)).replace(day=1),
        following=following if following <= timezone.localdate() else None,
        cards=cards,
        rows=[Row(name, [column[code] for column in columns]) for code, name in places.items()],
    )


def division_of(actor: User) -> Division:
    """The place whose figures this account may see. Raises Forbidden for all but officials."""
    if actor.role != Role.OFFICIAL:
        raise Forbidden(_("Only the health commission sees these figures."))
    return actor.acting_organisation.division


def _places_in(division: Division) -> dict[str, str]:
    """Digits and name of each place of the level below, in the order of their codes."""
    below = BELOW.get(Division.Level(division.level))
    if below is None:
        return {}
    scope = Scope.of(division)
    inside = Division.objects.filter(level=below, code__startswith=scope.prefix)
    return {place.code[: scope.digits]: place.name for place in inside.order_by("code")}


def _total(figures: Mapping[str, Figure], indicator: Indicator) -> Shown:
    figure = figures.get("", Figure(None, 0))
    return _hidden() if figure.is_hidden else _shown(figure, indicator)


def _column(
    figures: Mapping[str, Figure], places: dict[str, str], indicator: Indicator
) -> dict[str, Shown]:
    found = {code: figures.get(code, Figure(None, 0)) for code in places}
    hidden = hide_small(found)
    return {
        code: _hidden() if code in hidden else _shown(figure, indicator)
        for code, figure in found.items()
    }


def _hidden() -> Shown:
    return Shown(text="", n="")


def _shown(figure: Figure, indicator: Indicator) -> Shown:
    if figure.value is None:
        return Shown(text="–", n=f"{figure.n:,}")
    return Shown(f"{figure.value:,.{indicator.decimals}f}", f"{figure.n:,}", figure.value)
