"""
How the played day lies in real time. No clock of the machine or of the database is touched: what
is shortened are the pauses of the played people and the promises of their own cases.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from telemed.core import clocks
from telemed.core.models import Calendar
from telemed.demo.day import load

EVENLY = 0.3  # of the real time is shared out evenly, the rest by how much happens in an hour
LIFE = 8 * load.HOUR  # what of a case's life fits into a short stretch
Knots = Sequence[tuple[float, float]]  # (seconds of the day, real seconds since the beginning)


@dataclass(frozen=True)
class Tempo:
    """
    Which moment of the played day a real moment is, and the other way round.

    `everywhere_open`: nobody waits for the morning, because the stretch is shorter than a night.
    """

    midnight: datetime
    began: datetime
    knots: Knots
    everywhere_open: bool = False

    @property
    def length(self) -> timedelta:
        return timedelta(seconds=self.knots[-1][1])

    @property
    def ends_at(self) -> datetime:
        return self.began + self.length

    def played(self, real: datetime) -> datetime:
        """The moment of the played day."""
        seconds = (real - self.began).total_seconds()
        return self.midnight + timedelta(seconds=_along(seconds, _turned(self.knots)))

    def real(self, played: datetime) -> datetime:
        """When that moment of the played day is."""
        seconds = (played - self.midnight).total_seconds()
        return self.began + timedelta(seconds=_along(seconds, self.knots))

    def after(self, pause: timedelta, real: datetime, calendar: Calendar) -> datetime:
        """The real moment at which so much of the played day's calendar is over."""
        calendar = Calendar.WALL if self.everywhere_open else calendar
        return self.real(clocks.due(self.played(real), pause, calendar).at)

    def left(self, due_at: datetime, real: datetime, calendar: Calendar) -> timedelta:
        """How much of the played calendar lies between now and that real moment."""
        calendar = Calendar.WALL if self.everywhere_open else calendar
        return clocks.worked(self.played(real), self.played(due_at), calendar)


def whole_day(day: date, began: datetime, minutes: float) -> Tempo:
    """Midnight to midnight in that many minutes; hours in which little happens pass faster."""
    real, knots = 0.0, [(0.0, 0.0)]
    for hour in range(24):
        weight = EVENLY / 24 + (1 - EVENLY) * load.share(hour * load.HOUR)
        real += minutes * 60 * weight
        knots.append(((hour + 1) * load.HOUR, real))
    return Tempo(_midnight(day), began, knots)


def stretch(day: date, began: datetime, minutes: float, speed: float) -> Tempo:
    """
    Around the busiest moment. Requests come at `speed`; the life of each case passes so fast that
    eight hours of it fit in, or nobody would ever answer.
    """
    begin, _end = span(minutes, speed)
    pace = max(speed, LIFE / (minutes * 60))
    real = minutes * 60
    knots = [(begin, 0.0), (begin + real * pace, real)]
    return Tempo(_midnight(day), began, knots, everywhere_open=True)


def span(minutes: float, speed: float) -> tuple[float, float]:
    """From when until when of the day requests come."""
    length = min(minutes * 60 * speed, load.DAY)
    begin = min(max(load.BUSIEST - length / 2, 0.0), load.DAY - length)
    return begin, begin + length


def working_day(today: date) -> date:
    """Today, or the last day on which people worked."""
    while not clocks.is_working_day(today)[0]:
        today -= timedelta(days=1)
    return today


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _turned(knots: Knots) -> Knots:
    return [(real, played) for played, real in knots]


def _along(x: float, knots: Knots) -> float:
    """Piecewise straight; beyond the ends as the whole goes on average."""
    (first_x, first_y), (last_x, last_y) = knots[0], knots[-1]
    slope = (last_y - first_y) / (last_x - first_x)
    if x <= first_x:
        return first_y + (x - first_x) * slope
    if x >= last_x:
        return last_y + (x - last_x) * slope
    place = bisect_right(knots, x, key=lambda knot: knot[0])
    (x0, y0), (x1, y1) = knots[place - 1], knots[place]
    return y0 + (x - x0) * (y1 - y0) / (x1 - x0)
