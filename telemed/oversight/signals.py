"""Risk signals: simple rules over what a month left behind; slices register them in ready()."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from telemed.oversight.indicators import Cell, Period, Side

Facts = dict[str, Any]  # figures as plain numbers, kept with the signal
BEFORE = 3  # months that a rule compares with


@dataclass(frozen=True, kw_only=True)
class Rule:
    """
    `look` is shown a month of an institution and the three before it together; it answers the
    facts of its sentence, or None. What no figure shows, `count` reads from the rows of its own
    slice: the facts of each institution of which there is something to say. With neither, who acts
    raises it at once. `say` makes the sentence of them, in the reader's language.
    """

    key: str
    name: Any
    side: Side = Side.ASKED
    look: Callable[[Cell, Cell], Facts | None] | None = None
    count: Callable[[Period], Mapping[UUID, Facts]] | None = None
    say: Callable[[Mapping[str, Any]], str]


_rules: dict[str, Rule] = {}


def register(rule: Rule) -> None:
    """Called in ready(). Two rules of one key are a mistake."""
    if rule.key in _rules:
        raise ValueError(f"{rule.key} is a rule already.")
    _rules[rule.key] = rule


def rules() -> list[Rule]:
    return list(_rules.values())


def find(key: str) -> Rule | None:
    return _rules.get(key)
