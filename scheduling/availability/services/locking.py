"""Finding the session that somebody wants to change, and holding it."""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.availability.models import Session
from scheduling.availability.permissions import is_keeper
from telemed.core.errors import NotFound, require
from telemed.people.models import User


def lock_session(actor: User, session_id: UUID) -> Session:
    """
    A session of the actor's institution, locked. Raises NotFound for any other, and Forbidden for
    one that a system keeps, or to a system for one that people keep.
    """
    mine = Session.objects.filter(organisation=actor.organisation_id, pk=session_id)
    found = mine.select_for_update(of=["self"], no_key=True).select_related(
        "clinician__practitioner", "department", "organisation", "application"
    )
    session = found.first()
    if session is None:
        raise NotFound(_("Not found, or not yours to know of."))
    require(is_keeper(actor, session), kept_elsewhere(session))
    return session


def kept_elsewhere(session: Session) -> str:
    """Who keeps it, for whoever does not."""
    if session.application is None:
        return _("This session is kept on the hospital's pages; a system does not change it.")
    sentence = _("“{system}” keeps this session; it is changed there.")
    return sentence.format(system=session.application.name)
