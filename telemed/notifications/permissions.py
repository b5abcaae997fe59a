"""Who may phone for an institution."""

from telemed.people.models import Role, User

# A township has no coordinator, its doctor phones; the desk phones residents.
CALLERS = frozenset({Role.COORDINATOR, Role.DIRECTOR, Role.TOWNSHIP_DOCTOR, Role.DESK})


def may_phone(actor: User) -> bool:
    return actor.role in CALLERS
