"""Signals as sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from telemed.oversight.models import Signal
from telemed.oversight.signals import find


@dataclass(frozen=True)
class Line:
    signal: Signal
    name: Any
    why: str


def make_lines(signals: Iterable[Signal]) -> list[Line]:
    """A rule that no slice registers any more is named by its key."""
    return [_line(signal) for signal in signals]


def _line(signal: Signal) -> Line:
    rule = find(signal.rule)
    if rule is None:
        return Line(signal, signal.rule, "")
    return Line(signal, rule.name, rule.say(signal.facts))
