"""Reads that need a name, by what they are about."""

from telemed.organisations.queries.agreements import (
    Alternative,
    Partner,
    alternatives,
    find_agreement,
    partners_below,
    partners_with_state,
    why_no_agreement,
)
from telemed.organisations.queries.places import get_hospital

__all__ = [
    "Alternative",
    "Partner",
    "alternatives",
    "find_agreement",
    "get_hospital",
    "partners_below",
    "partners_with_state",
    "why_no_agreement",
]
