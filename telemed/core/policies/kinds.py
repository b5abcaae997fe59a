"""What a policy's value can be: how it is kept, what bounds it, how it is said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from django.utils.translation import gettext as _

from telemed.core.errors import Invalid
from telemed.core.models import Calendar

WORKING_DAY = timedelta(hours=8)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FULL = 100  # per cent
PROMISE = (FULL, timedelta())  # the step at which the time is over


def wrong(message: str) -> Invalid:
    return Invalid(message, path="value")


class Kind(Protocol):
    """`check` raises Invalid in words; the others may rely on a checked value."""

    def load(self, stored: Any) -> Any: ...
    def dump(self, value: Any) -> Any: ...
    def check(self, value: Any) -> None: ...
    def say(self, value: Any) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Duration:
    """A timedelta of whole minutes, in wall time or in working time (8 h a day)."""

    calendar: Calendar = Calendar.WALL
    least: timedelta = MINUTE
    most: timedelta = 365 * DAY

    def load(self, stored: Any) -> timedelta:
        return timedelta(seconds=stored)

    def dump(self, value: timedelta) -> int:
        return int(value.total_seconds())

    def check(self, value: Any) -> None:
        if not isinstance(value, timedelta) or value % MINUTE:
            raise wrong(_("Give a length of time in whole minutes."))
        if not self.least <= value <= self.most:
            bounds = {"least": length(self.least), "most": length(self.most)}
            raise wrong(_("From {least} to {most}.").format(**bounds))

    def say(self, value: timedelta) -> str:
        if self.calendar == Calendar.WORKING:
            days, rest = divmod(value, WORKING_DAY)
            if days >= 2 and not rest:
                return _("{n} working days").format(n=days)
            return _("{length} of working time").format(length=length(value, longest=HOUR))
        return length(value)


def length(value: timedelta, longest: timedelta = DAY) -> str:
    """30 min, 4 h, 4 h 30 min, 15 d."""
    if value >= longest == DAY and value % DAY == timedelta():
        return _("{n} d").format(n=value // DAY)
    hours, minutes = divmod(int(value.total_seconds()) // 60, 60)
    if not hours:
        return _("{n} min").format(n=minutes)
    if not minutes:
        return _("{n} h").format(n=hours)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)


@dataclass(frozen=True, kw_only=True)
class Count:
    """A whole number."""

    least: int = 0
    most: int = 1_000_000

    def load(self, stored: Any) -> int:
        return int(stored)

    def dump(self, value: int) -> int:
        return value

    def check(self, value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise wrong(_("Give a whole number."))
        if not self.least <= value <= self.most:
            bounds = {"least": self.say(self.least), "most": self.say(self.most)}
            raise wrong(_("From {least} to {most}.").format(**bounds))

    def say(self, value: int) -> str:
        return str(value)


@dataclass(frozen=True, kw_only=True)
class Money(Count):
    """Fen."""

    most: int = 10_000_000

    def say(self, value: int) -> str:
        return _("CNY {amount}").format(amount=f"{value / 100:.2f}")


@dataclass(frozen=True, kw_only=True)
class Share(Count):
    """Per cent."""

    most: int = FULL

    def say(self, value: int) -> str:
        return f"{value} %"


@dataclass(frozen=True, kw_only=True)
class Switch:
    """On or off."""

    def load(self, stored: Any) -> bool:
        return bool(stored)

    def dump(self, value: bool) -> bool:
        return value

    def check(self, value: Any) -> None:
        if not isinstance(value, bool):
            raise wrong(_("Choose on or off."))

    def say(self, value: bool) -> str:
        return _("on") if value else _("off")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of `options`: the word that is kept, and the one that is shown."""

    options: Mapping[str, Any]

    def load(self, stored: Any) -> str:
        return str(stored)

    def dump(self, value: str) -> str:
        return value

    def check(self, value: Any) -> None:
        if value not in self.options:
            raise wrong(_("Choose one of the list."))

    def say(self, value: str) -> str:
        return str(self.options.get(value, value))


@dataclass(frozen=True, kw_only=True)
class Days:
    """
    A tuple of whole days, one for each time that somebody is told: after a beginning they rise,
    before an end (`falling`) they fall.
    """

    falling: bool = False
    least: int = 1
    most: int = 365
    most_days: int = 5

    def load(self, stored: Any) -> tuple[int, ...]:
        return tuple(stored)

    def dump(self, value: tuple[int, ...]) -> list[int]:
        return list(value)

    def check(self, value: Any) -> None:
        if not isinstance(value, tuple) or not all(type(day) is int for day in value):
            raise wrong(_("Give whole days, with commas between them."))
        if not 1 <= len(value) <= self.most_days:
            raise wrong(_("From 1 to {most} days.").format(most=self.most_days))
        if not all(self.least <= day <= self.most for day in value):
            bounds = {"least": length(self.least * DAY), "most": length(self.most * DAY)}
            raise wrong(_("From {least} to {most}.").format(**bounds))
        if list(value) != sorted(set(value), reverse=self.falling):
            raise wrong(
                _("Put the days in order, the most first, each once.")
                if self.falling
                else _("Put the days in order, the fewest first, each once.")
            )

    def say(self, value: tuple[int, ...]) -> str:
        return _("{n} d").format(n=", ".join(str(day) for day in value))


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One step: at `percent` of the promise plus `plus`, `call` is told."""

    percent: int = 0
    plus: timedelta = field(default=timedelta())
    call: str

    def after(self, promise: timedelta) -> timedelta:
        """How long after the start it comes."""
        return promise * self.percent / FULL + self.plus


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """
    A tuple of Rungs, earliest first; `callees` are the words that `call` may be.

    `calendar` is the one that `plus` counts in: that of the promise. Where slices go by the number
    of a step, `promise_at` keeps it what it is.
    """

    callees: Mapping[str, Any]
    calendar: Calendar = Calendar.WALL
    most_rungs: int = 8
    most_percent: int = 400
    most_plus: timedelta = 60 * DAY
    promise_at: int | None = None  # which step is the promise itself; those before it remind

    def load(self, stored: Any) -> tuple[Rung, ...]:
        return tuple(
            Rung(percent=percent, plus=timedelta(seconds=seconds), call=call)
            for percent, seconds, call in stored
        )

    def dump(self, value: tuple[Rung, ...]) -> list[list[Any]]:
        return [[rung.percent, int(rung.plus.total_seconds()), rung.call] for rung in value]

    def check(self, value: Any) -> None:
        if not isinstance(value, tuple) or not all(isinstance(rung, Rung) for rung in value):
            raise wrong(_("Give the steps one by one."))
        if not 1 <= len(value) <= self.most_rungs:
            raise wrong(_("From {least} to {most}.").format(least=1, most=self.most_rungs))
        for rung in value:
            self._check_rung(rung)
        steps = [(rung.percent, rung.plus) for rung in value]
        if steps != sorted(steps):
            raise wrong(_("Put the steps in order, the earliest first."))
        self._check_promise(value)

    def _check_promise(self, value: tuple[Rung, ...]) -> None:
        at = self.promise_at
        if at is None:
            return
        reminds = all(rung.percent < FULL and not rung.plus for rung in value[:at])
        if len(value) <= at or not reminds or (value[at].percent, value[at].plus) != PROMISE:
            sentence = _("Step {n} is at 100 per cent; the steps before it come earlier.")
            raise wrong(sentence.format(n=at + 1))

    def _check_rung(self, rung: Rung) -> None:
        if rung.call not in self.callees:
            raise wrong(_("Choose one of the list."))
        if not 0 <= rung.percent <= self.most_percent:
            bounds = {"least": "0 %", "most": f"{self.most_percent} %"}
            raise wrong(_("From {least} to {most}.").format(**bounds))
        if not timedelta() <= rung.plus <= self.most_plus or rung.plus % MINUTE:
            raise wrong(_("Give a length of time in whole minutes."))

    def say(self, value: tuple[Rung, ...]) -> str:
        return " → ".join(self.say_rung(rung) for rung in value)

    def say_rung(self, rung: Rung) -> str:
        """100 % + 1 h: coordinator"""
        parts = [f"{rung.percent} %"] if rung.percent or not rung.plus else []
        if rung.plus:
            longest = HOUR if self.calendar == Calendar.WORKING else DAY
            parts.append(length(rung.plus, longest))
        who = self.callees.get(rung.call, rung.call)
        return _("{when}: {who}").format(when=" + ".join(parts), who=who)
