"""
Who sees figures: officials those of their place, who runs an institution those of it alone.
"""

from telemed.organisations.models import Division, Organisation
from telemed.people.models import Role, User

RUNNING = frozenset({Role.DIRECTOR, Role.MEDICAL_OFFICE, Role.HEAD})
READERS = RUNNING | {Role.OFFICIAL}
ANSWERING = frozenset({Role.HEAD, Role.MEDICAL_OFFICE})  # say why their institution is silent
SILENCE_READERS = ANSWERING | {Role.OFFICIAL, Role.COORDINATOR}


def oversees(actor: User) -> bool:
    """For the health commission: a place, never names."""
    return actor.role == Role.OFFICIAL


def runs(actor: User) -> bool:
    """Sees the figures of the own institution."""
    return actor.role in RUNNING


def is_of_authority(actor: User) -> bool:
    """An official, or a coordinator of a health commission: they answer for a place."""
    here = actor.organisation
    commission = here is not None and here.kind == Organisation.Kind.AUTHORITY
    return oversees(actor) or (actor.role == Role.COORDINATOR and commission)


def sees_signals(actor: User) -> bool:
    return is_of_authority(actor) or runs(actor)


def asks(actor: User) -> bool:
    """Whether they may ask an institution of their place to explain a signal."""
    return is_of_authority(actor)


def explains(actor: User) -> bool:
    return is_of_authority(actor) or actor.role in ANSWERING


def decides(actor: User) -> bool:
    """An official of a prefecture or of the province."""
    here = actor.organisation
    above = (Division.Level.PREFECTURE, Division.Level.PROVINCE)
    return oversees(actor) and here is not None and here.division.level in above


def sees_silences(actor: User) -> bool:
    return actor.role in SILENCE_READERS


def may_tell(actor: User) -> bool:
    """The county hears it from above."""
    return oversees(actor)
