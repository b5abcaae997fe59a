"""Who keeps a rota. Pure."""

from telemed.people.models import CLINICAL, Role, User

KEEPERS = frozenset({Role.COORDINATOR, Role.DIRECTOR})
# Who reads the rota of the own institution.
READERS = KEEPERS | CLINICAL | {Role.MEDICAL_OFFICE, Role.HEAD, Role.ADMINISTRATOR}


def may_keep(actor: User) -> bool:
    return actor.role in KEEPERS and actor.organisation_id is not None


def may_read(actor: User) -> bool:
    return actor.role in READERS and actor.organisation_id is not None
