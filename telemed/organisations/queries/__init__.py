"""Reads that need a name, by what they are about."""

from telemed.organisations.queries.agreements import Partner, find_agreement, partners_with_state
from telemed.organisations.queries.places import get_hospital

__all__ = ["Partner", "find_agreement", "get_hospital", "partners_with_state"]
