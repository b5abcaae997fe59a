"""What an item of a form is, and a part of items; the norm's own are in `parts.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Entries = Mapping[str, str]  # what was entered, by the names of the form's fields


@dataclass(frozen=True, kw_only=True)
class Choice:
    value: str
    label: Any
    warns: bool = False
    score: int = 0


@dataclass(frozen=True, kw_only=True)
class Item:
    key: str
    name: Any
    loinc: str = ""  # without one it is no value of the record by itself
    unit: str = ""  # as people write it
    ucum: str = ""
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    places: int = 0
    warns_to: Decimal | None = None  # up to here, and from there on: refer now
    warns_from: Decimal | None = None
    choices: tuple[Choice, ...] = ()
    remembers: bool = False  # seldom changes: the form begins with what it was the last time

    @property
    def field(self) -> str:
        return f"item-{self.key}"

    @property
    def range_words(self) -> str:
        said = _("{name}: between {low} and {high} {unit}.")
        return str(said).format(name=self.name, low=self.low, high=self.high, unit=self.unit)

    def choice(self, value: str) -> Choice | None:
        return next((one for one in self.choices if one.value == value), None)

    def warns(self, value: str) -> bool:
        if self.choices:
            chosen = self.choice(value)
            return chosen is not None and chosen.warns
        number = Decimal(value)
        low, high = self.warns_to, self.warns_from
        return (low is not None and number <= low) or (high is not None and number >= high)

    def words(self, value: str) -> str:
        """132 g/L"""
        chosen = self.choice(value)
        return str(chosen.label) if chosen else f"{value} {self.unit}".strip()


@dataclass(frozen=True, kw_only=True)
class Part:
    key: str
    name: Any
    category: str = "exam"  # of its values in the record (FHIR observation-category)
    items: tuple[Item, ...] = ()
    sugar: bool = False  # asks for the glucose that every form has
    may_lack: bool = True  # whether "not done, because" completes it
    sums: bool = False  # its choices have a score

    @property
    def field(self) -> str:
        return f"not-{self.key}"

    @property
    def fields(self) -> list[str]:
        return [self.field, *(item.field for item in self.items)]

    def words(self, entries: Entries) -> list[str]:
        """Haemoglobin 132 g/L; of a part with one item without its name."""
        there = [(item, entries[item.field]) for item in self.items if item.field in entries]
        alone = len(self.items) == 1
        return [
            item.words(value) if alone else f"{item.name} {item.words(value)}"
            for item, value in there
        ]

    def score(self, entries: Entries) -> int:
        given = (item.choice(entries.get(item.field, "")) for item in self.items)
        return sum(one.score for one in given if one)


def number(
    key: str, name: Any, loinc: str, unit: Any, low: str, high: str, *warns: str | None, **more: Any
) -> Item:
    edges = [Decimal(one) if one else None for one in (*warns, None, None)][:2]
    return Item(
        key=key,
        name=name,
        loinc=loinc,
        unit=unit,
        ucum=more.pop("ucum", unit),
        low=Decimal(low),
        high=Decimal(high),
        places=len(low.partition(".")[2]),
        warns_to=edges[0],
        warns_from=edges[1],
        **more,
    )


def strip(key: str, name: Any, loinc: str) -> Item:
    """A field of the urine strip."""
    steps = tuple(Choice(value=value, label=value) for value in ("-", "±", "1+", "2+", "3+", "4+"))
    return Item(key=key, name=name, loinc=loinc, choices=steps)


def finding(key: str, name: Any, loinc: str) -> Item:
    """What somebody has looked at."""
    return Item(
        key=key,
        name=name,
        loinc=loinc,
        choices=(
            Choice(value="normal", label=pgettext_lazy("finding", "normal")),
            Choice(value="abnormal", label=_("abnormal, see the note")),
            Choice(value="urgent", label=_("abnormal, urgent"), warns=True),
        ),
    )


def habit(key: str, name: Any, loinc: str, *choices: tuple[str, Any]) -> Item:
    found = tuple(Choice(value=value, label=label) for value, label in choices)
    return Item(key=key, name=name, loinc=loinc, choices=found, remembers=True)


def ability(key: str, name: Any, *scores: tuple[int, Any]) -> Item:
    """One of the five of the self-care score; the score is its value."""
    found = tuple(Choice(value=str(score), label=label, score=score) for score, label in scores)
    return Item(key=key, name=name, choices=found)
