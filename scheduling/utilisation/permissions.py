"""Who sees how a hospital's sessions are used. Pure."""

from telemed.organisations.models import Organisation
from telemed.people.models import Role, User

READERS = frozenset({Role.COORDINATOR, Role.DIRECTOR, Role.HEAD, Role.ADMINISTRATOR})


def may_read(actor: User) -> bool:
    """Those who run the own hospital."""
    own = actor.organisation
    return actor.role in READERS and own is not None and own.kind == Organisation.Kind.HOSPITAL
