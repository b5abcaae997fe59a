"""Who keeps the sessions of an institution. Pure."""

from datetime import timedelta

from scheduling.availability.models import Session
from telemed.people.models import CLINICAL, Role, User

KEEPERS = frozenset({Role.DESK, Role.COORDINATOR, Role.ADMINISTRATOR})
OWN_AHEAD = timedelta(hours=24)  # a doctor stops the own session no later than that


def may_keep(actor: User) -> bool:
    """Plan, publish, resize and stop the sessions of the own institution."""
    return actor.role in KEEPERS and actor.organisation_id is not None


def keeps(actor: User, session: Session) -> bool:
    return may_keep(actor) and session.organisation_id == actor.organisation_id


def is_own(actor: User, session: Session) -> bool:
    """The doctor whose session it is, acting where it is held."""
    return session.clinician_id == actor.pk and session.organisation_id == actor.organisation_id


def may_read(actor: User) -> bool:
    """Keepers see all of the own institution; doctors see their own."""
    return actor.organisation_id is not None and actor.role in KEEPERS | CLINICAL
