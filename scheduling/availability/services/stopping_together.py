"""Stopping several sessions of a doctor as one, and taking that back as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.availability.models import Session, Stop
from scheduling.availability.services.stopping import restore_session, stop_session
from telemed.core.errors import Invalid, NotFound
from telemed.core.ids import new_id
from telemed.core.intentions import require_intention
from telemed.people.models import User

MOST = 60  # sessions in one go


@dataclass(frozen=True)
class Wanted:
    """One session, and what whoever booked it is offered."""

    session_id: UUID
    plan: str
    instead_id: UUID | None = None


def stop_sessions(*, actor: User, wanted: Sequence[Wanted], reason: str) -> UUID:
    """
    All of them or none. Nobody is sent to one that stops as well; the answer is what they have in
    common, by which they are found and taken back.
    """
    require_intention()
    if not wanted:
        raise Invalid(_("Choose at least one session."), path="session")
    if len(wanted) > MOST:
        sentence = _("At most {n} sessions in one go.")
        raise Invalid(sentence.format(n=MOST), path="session")
    together, chosen = new_id(), {one.session_id for one in wanted}
    for one in sorted(wanted, key=lambda one: one.session_id):  # in one order for everybody
        stop_session(
            actor=actor,
            session_id=one.session_id,
            reason=reason,
            plan=one.plan,
            instead_id=one.instead_id,
            together=together,
            besides=chosen,
        )
    return together


def restore_sessions(*, actor: User, together: UUID) -> list[Session]:
    """In time all of it is taken back; what was taken back alone stays so."""
    require_intention()
    stops = Stop.objects.filter(together=together, session__organisation=actor.organisation_id)
    if not stops.exists():
        raise NotFound(_("Not found, or not yours to know of."))
    standing = stops.filter(undone_at=None).order_by("session")
    return [
        restore_session(actor=actor, session_id=session_id)
        for session_id in standing.values_list("session", flat=True)
    ]
