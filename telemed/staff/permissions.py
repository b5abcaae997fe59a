"""Who keeps whose accounts and licences. Pure."""

from django.db.models import Q

from telemed.organisations.models import Organisation
from telemed.people.models import Role, User

READERS = frozenset({Role.ADMINISTRATOR, Role.MEDICAL_OFFICE})
COUNTY = 6  # digits of a county in a division's code


def may_read(actor: User) -> bool:
    return actor.role in READERS and actor.organisation is not None


def administers(actor: User, organisation: Organisation) -> bool:
    """The own institution; at a health authority, every institution of its division."""
    own = actor.organisation
    if actor.role != Role.ADMINISTRATOR or own is None:
        return False
    return own == organisation or (
        own.kind == Organisation.Kind.AUTHORITY
        and organisation.division_id.startswith(own.division_id)
    )


def verifies(actor: User, organisation: Organisation) -> bool:
    """
    The medical office of the own institution.

    A township clinic has none: the medical office of a hospital of its county does it.
    """
    own = actor.organisation
    if actor.role != Role.MEDICAL_OFFICE or own is None:
        return False
    return own == organisation or (
        organisation.kind == Organisation.Kind.TOWNSHIP_CLINIC
        and own.kind == Organisation.Kind.HOSPITAL
        and organisation.division_id[:COUNTY] == own.division_id[:COUNTY]
    )


def within(actor: User, path: str = "") -> Q:
    """The same as a filter over organisations; `path` leads to them ("roles__organisation")."""
    own = actor.organisation
    if own is None or not may_read(actor):
        return Q(pk__in=[])
    lead = f"{path}__" if path else ""
    mine = Q(**{f"{lead}id": own.pk})
    if actor.role == Role.ADMINISTRATOR and own.kind == Organisation.Kind.AUTHORITY:
        mine |= Q(**{f"{lead}division__code__startswith": own.division_id})
    if actor.role == Role.MEDICAL_OFFICE and own.kind == Organisation.Kind.HOSPITAL:
        county = {f"{lead}division__code__startswith": own.division_id[:COUNTY]}
        mine |= Q(**county, **{f"{lead}kind": Organisation.Kind.TOWNSHIP_CLINIC})
    return mine
