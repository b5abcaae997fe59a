"""A specialist's credit is their own, and the hospital's: its administrator, its medical office."""

from telemed.people.models import Role, User

READERS = frozenset({Role.ADMINISTRATOR, Role.MEDICAL_OFFICE})


def may_list(actor: User) -> bool:
    """Sees who of the own institution has done how much."""
    return actor.role in READERS and actor.organisation_id is not None


def is_own(actor: User, user_id: object) -> bool:
    return actor.role == Role.SPECIALIST and actor.pk == user_id
