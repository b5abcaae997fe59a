"""Risk signals: simple rules over the figures of a month; slices register them in ready()."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from telemed.oversight.indicators import Cell, Side

Facts = dict[str, Any]  # figures as plain numbers, kept with the signal
BEFORE = 3  # months that a rule compares with


@dataclass(frozen=True, kw_only=True)
class Rule:
    """
    `look` is shown a month of an institution and the three before it together; it answers the
    facts of its sentence, or None. `say` makes the sentence of them, in the reader's language.
    """

    key: str
    name: Any
    side: Side
    look: Callable[[Cell, Cell], Facts | None]
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
