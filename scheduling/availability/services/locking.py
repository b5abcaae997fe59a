"""Finding the session that somebody wants to change, and holding it."""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.availability.models import Session
from telemed.core.errors import NotFound
from telemed.people.models import User


def lock_session(actor: User, session_id: UUID) -> Session:
    """A session of the actor's institution, locked. Raises NotFound for any other."""
    mine = Session.objects.filter(organisation=actor.organisation_id, pk=session_id)
    found = mine.select_for_update(of=["self"]).select_related(
        "clinician__practitioner", "department", "organisation"
    )
    session = found.first()
    if session is None:
        raise NotFound(_("Not found, or not yours to know of."))
    return session
