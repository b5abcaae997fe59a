"""Things to choose from, as links or as a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Choice:
    """`value` is an address where the choice is a link, else what a form sends."""

    label: str
    value: str
    chosen: bool = False


def choices(all_of_them: str, pairs: Iterable[tuple[Any, Any]], chosen: str) -> list[Choice]:
    """A list that begins with no choice at all."""
    rest = [Choice(str(label), str(value), str(value) == chosen) for value, label in pairs]
    return [Choice(all_of_them, "", not chosen), *rest]
