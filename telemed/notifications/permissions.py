"""Who may phone for an institution, and who may look at what failed."""

from telemed.organisations.models import Organisation
from telemed.people.models import Role, User

# Desks of an institution; a township has no coordinator, its doctor phones.
CALLERS = frozenset({Role.COORDINATOR, Role.DIRECTOR, Role.TOWNSHIP_DOCTOR})


def may_phone(actor: User) -> bool:
    return actor.role in CALLERS


def is_platform_administrator(actor: User) -> bool:
    """Events belong to no institution: the administrator of the health authority sees them."""
    organisation = actor.organisation
    return (
        actor.role == Role.ADMINISTRATOR
        and organisation is not None
        and organisation.kind == Organisation.Kind.AUTHORITY
    )
