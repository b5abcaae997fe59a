"""
Who sees figures: officials those of their place, who runs an institution those of it alone.
"""

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


def sees_silences(actor: User) -> bool:
    return actor.role in SILENCE_READERS


def may_tell(actor: User) -> bool:
    """The county hears it from above."""
    return oversees(actor)
