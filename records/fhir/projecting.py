"""
Types that are looked up in their owner's tables: too many and too volatile to be copied here.

What is not found there may still be in the store, as it was received.
"""

from collections.abc import Callable
from dataclasses import dataclass

from records.fhir.callers import Caller
from records.fhir.search import Found
from records.fhir.search.clauses import Query
from records.fhir.search.parsing import Pairs
from records.fhir.work import Work


@dataclass(frozen=True)
class Projection:
    """`search` gives None where the criteria are not about the owner's table."""

    read: Callable[[Caller, str], Work[bytes | None]]
    search: Callable[[Caller, Query, Pairs], Work[Found | None]]


_projections: dict[str, Projection] = {}


def register(resource_type: str, projection: Projection) -> None:
    """Called in ready()."""
    _projections[resource_type] = projection


def of(resource_type: str) -> Projection | None:
    return _projections.get(resource_type)
