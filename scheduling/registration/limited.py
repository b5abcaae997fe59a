"""
How often a package grants a service in a contract year: the slice that serves says in ready()
which services can be limited, and how many of a contract's were used.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

LEAST, MOST = 1, 366  # times a year

Services = Sequence[tuple[str, Any]]  # code and name
Used = Callable[[UUID], dict[str, int]]
_services: list[tuple[str, Any]] = []
_used: list[Used] = []


@dataclass(frozen=True)
class Limit:
    """A service with the number of times a year; `used`: None before the contract is in force."""

    service: str
    name: Any
    times: int
    used: int | None = None

    @property
    def is_used_up(self) -> bool:
        return self.used is not None and self.used >= self.times


def register(services: Services, used: Used) -> None:
    """Called in ready()."""
    _services.extend(services)
    _used.append(used)


def services() -> Services:
    """What can be limited, in the order of the calendar."""
    return tuple(_services)


def limits_of(limits: dict[str, int]) -> list[Limit]:
    """A package's limits with their names."""
    return [Limit(code, name, limits[code]) for code, name in _services if code in limits]


def used_of(limits: dict[str, int], contract_id: UUID) -> list[Limit]:
    """The same with how many were used in the contract's present year."""
    if not limits:
        return []
    counts: dict[str, int] = {}
    for used in _used:
        counts |= used(contract_id)
    return [
        Limit(one.service, one.name, one.times, counts.get(one.service, 0))
        for one in limits_of(limits)
    ]
