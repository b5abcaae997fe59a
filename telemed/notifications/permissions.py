"""Who may phone for an institution."""

from telemed.people.models import Role, User

# Desks of an institution; a township has no coordinator, its doctor phones.
CALLERS = frozenset({Role.COORDINATOR, Role.DIRECTOR, Role.TOWNSHIP_DOCTOR})


def may_phone(actor: User) -> bool:
    return actor.role in CALLERS
