"""Signals as sentences, with what the reader may do about each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from telemed.oversight import permissions
from telemed.oversight.models import Signal, SignalEntry
from telemed.oversight.signals import find
from telemed.people.models import User

State = Signal.State


@dataclass(frozen=True)
class Turn:
    """A line of the history; `why` is the sentence of another time that the rule spoke."""

    entry: SignalEntry
    why: str = ""


@dataclass(frozen=True)
class Line:
    signal: Signal
    name: Any
    why: str
    turns: tuple[Turn, ...] = ()
    may: frozenset[str] = field(default_factory=frozenset)  # ask, explain, take_back, decide, close


def make_lines(signals: Iterable[Signal], reader: User) -> list[Line]:
    """A rule that no slice registers any more is named by its key."""
    return [_line(signal, reader) for signal in signals]


def _line(signal: Signal, reader: User) -> Line:
    rule = find(signal.rule)
    entries = sorted(signal.entries.all(), key=lambda entry: entry.pk)
    turns = tuple(
        Turn(entry, rule.say(entry.facts) if rule and entry.facts else "") for entry in entries
    )
    name = rule.name if rule else signal.rule
    why = rule.say(signal.facts) if rule else ""
    return Line(signal, name, why, turns, frozenset(_acts(signal, reader)))


def _acts(signal: Signal, reader: User) -> Iterable[str]:
    if signal.state == State.RAISED and permissions.asks(reader):
        yield "ask"
    if signal.state in Signal.UNEXPLAINED and permissions.explains(reader):
        yield "explain"
    if signal.state == State.EXPLAINED and signal.explained_by_id == reader.pk:
        yield "take_back"
    theirs = reader.organisation_id in (signal.explained_for_id, signal.subject_id)
    if theirs or not permissions.decides(reader):
        return
    if signal.state == State.EXPLAINED:
        yield "decide"
    if signal.state in Signal.DECIDED:
        yield "close"
