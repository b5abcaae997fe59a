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
    here = session.organisation_id == actor.organisation_id
    return may_keep(actor) and here and is_keeper(actor, session)


def is_keeper(actor: User, session: Session) -> bool:
    """A system keeps its sessions and people theirs; neither changes what is the other's."""
    return session.application_id == actor.application_id


def is_own(actor: User, session: Session) -> bool:
    """The doctor whose session it is, acting where it is held."""
    mine = session.clinician_id == actor.pk and is_keeper(actor, session)
    return mine and session.organisation_id == actor.organisation_id


def may_see_to_stop(actor: User) -> bool:
    """Who keeps the sessions, and the head, who hears that they are not to be held."""
    return may_keep(actor) or (actor.role == Role.HEAD and actor.organisation_id is not None)


def may_read(actor: User) -> bool:
    """Keepers see all of the own institution; doctors see their own."""
    return actor.organisation_id is not None and actor.role in KEEPERS | CLINICAL
