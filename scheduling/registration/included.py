"""
The services that a package names one by one, each with its number of times a contract year: the
slice that serves says in ready() which of its own services can be named, and owes them by day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict
from uuid import UUID

LEAST, MOST = 1, 24  # times a contract year
ROWS, LONGEST = 6, 40  # services of a package; characters of a name

Used = Callable[[UUID], dict[str, int]]
_services: list[tuple[str, Any]] = []
_used: list[Used] = []


class Row(TypedDict):
    """As a package keeps it: a service of the house by its code, or any other by its name."""

    code: str
    name: str
    times: int
    face: bool


@dataclass(frozen=True)
class Service:
    """One of them as people read it; `used`: None where nobody counts, or not yet."""

    name: Any
    times: int
    face: bool
    used: int | None = None


def register(services: Sequence[tuple[str, Any]], used: Used) -> None:
    """Called in ready()."""
    _services.extend(services)
    _used.append(used)


def services() -> Sequence[tuple[str, Any]]:
    """What of the house can be named, in the order of the calendar: code and name."""
    return tuple(_services)


def services_of(rows: Iterable[Row], used: Mapping[str, int] | None = None) -> list[Service]:
    """With how often those by name were used in the contract's present year, where it is known."""
    names = dict(_services)
    return [
        Service(
            row["name"] or names.get(row["code"], row["code"]),
            row["times"],
            row["face"],
            None if used is None or row["code"] else used.get(row["name"], 0),
        )
        for row in rows
    ]


def used_of(rows: Sequence[Row], contract_id: UUID) -> list[Service]:
    """The same of a contract in force."""
    if not rows:
        return []
    counts: dict[str, int] = {}
    for used in _used:
        counts |= used(contract_id)
    return services_of(rows, counts)


def times_of(rows: Iterable[Row], name: str) -> int | None:
    """How often a service by name is granted a year; None: the package does not name it."""
    return next((row["times"] for row in rows if name and row["name"] == name), None)
