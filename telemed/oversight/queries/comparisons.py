"""The same place before and after a day."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from telemed.oversight.hiding import judge, mark
from telemed.oversight.indicators import (
    EVERYTHING,
    Answer,
    Cut,
    Level,
    Period,
    Question,
    Side,
    scheme,
)
from telemed.oversight.places import Spot, find_spot
from telemed.oversight.queries.pictures import EMPTY, Judged, ask
from telemed.oversight.wanted import Wanted
from telemed.people.models import User

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class Comparison:
    """`days` on each side, the chosen day being the first of those after."""

    spot: Spot
    side: Side
    day: date
    days: int
    before: Judged
    after: Judged
    wanted_days: int

    @property
    def first(self) -> date:
        return self.day - timedelta(days=self.days)

    @property
    def last(self) -> date:
        return self.day + timedelta(days=self.days - 1)


def compare(actor: User, wanted: Wanted, day: date, days: int) -> Comparison:
    """
    One statement. Both periods are as long as what has passed since the day allows.

    Two comparisons a day apart differ by single cases, so everything of them is rounded.
    """
    spot = find_spot(actor, wanted.place, wanted.institution)
    side = Side(wanted.side) if wanted.side else spot.usual_side
    length = min(days, (timezone.localdate() - day).days)
    question = Question(
        periods={
            BEFORE: Period.days(day - timedelta(days=length), length),
            AFTER: Period.days(day, length),
        },
        levels=(Level(Cut.TOTAL, spot.here.prefix),),
        side=side,
        inside=spot.here.prefix,
        organisation=spot.organisation.pk if spot.organisation else None,
        specialty=wanted.specialty,
        urgency=wanted.urgency,
    )
    answer = ask(question)
    return Comparison(
        spot=spot,
        side=side,
        day=day,
        days=length,
        before=_judged(answer, BEFORE),
        after=_judged(answer, AFTER),
        wanted_days=days,
    )


def _judged(answer: Answer, period: str) -> Judged:
    cell, rules = answer.get((period, Cut.TOTAL, EVERYTHING), EMPTY), scheme()
    return Judged(cell, judge(cell, rules, mark(cell, rules)))
