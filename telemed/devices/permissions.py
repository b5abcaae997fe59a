"""Who keeps the register, and who sees which devices stand idle."""

from telemed.organisations.models import Organisation
from telemed.people.models import Role, User

KEEPERS = frozenset({Role.ADMINISTRATOR})
RUNNING = frozenset({Role.ADMINISTRATOR, Role.MEDICAL_OFFICE, Role.HEAD})
READERS = RUNNING | {Role.OFFICIAL, Role.COORDINATOR}


def sees_devices(actor: User) -> bool:
    return actor.role in READERS and actor.organisation_id is not None


def may_keep(actor: User, organisation: Organisation) -> bool:
    """Register, import and retire: the administrator of the institution itself."""
    return actor.role in KEEPERS and actor.organisation_id == organisation.pk
