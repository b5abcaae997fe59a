"""Opening what was planned, at the hospital's hour or earlier by hand."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.availability import freed
from scheduling.availability.clock_rows import await_ends
from scheduling.availability.events import SessionsPublished, SessionsWithheld
from scheduling.availability.landing import unlicensed_on
from scheduling.availability.models import Period, PeriodState, Session, State
from scheduling.availability.permissions import keeps
from scheduling.availability.services.locking import lock_session
from telemed.audit import services as audit
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, require
from telemed.core.intentions import require_intention
from telemed.people.models import User


def publish_due(*, organisation_id: UUID) -> list[Session]:
    """
    Everything of an institution whose hour has come. Whose doctor is not licensed that day stays,
    and its administrators hear of it.
    """
    require_intention()
    now = moments.now()
    due = Session.objects.filter(
        organisation=organisation_id, state=State.PLANNED, release_at__lte=now
    ).select_for_update(of=["self"], no_key=True)
    due = due.select_related("clinician__practitioner", "department", "organisation")
    waiting = list(due.prefetch_related("clinician__roles").order_by("pk"))
    ahead = [one for one in waiting if one.ends_at > now]
    open_now = [one for one in ahead if not unlicensed(one)]
    _open(organisation_id, open_now)
    withheld = (one.clinician_id for one in ahead if one not in open_now)
    for doctor in sorted({clinician for clinician in withheld if clinician}):
        outbox.announce(SessionsWithheld(organisation_id=organisation_id, user_id=doctor))
    return open_now


def publish_session(*, actor: User, session_id: UUID) -> Session:
    """One session, before its hour."""
    require_intention()
    session = lock_session(actor, session_id)
    require(keeps(actor, session), _("The desk and the coordinators keep the sessions."))
    session.become(State.PUBLISHED)
    if session.ends_at <= moments.now():
        raise Conflict(_("That time has passed."), path="session")
    if why := unlicensed(session):
        raise Conflict(why, path="clinician")
    _open(session.organisation_id, [session])
    return session


def unlicensed(session: Session) -> str:
    """Why the doctor may not see anybody that day, as a sentence; empty when nothing is wrong."""
    return unlicensed_on(session, session.day)


def _open(organisation_id: UUID, sessions: Iterable[Session]) -> None:
    opened = list(sessions)
    if not opened:
        return
    pks = [session.pk for session in opened]
    Session.objects.filter(pk__in=pks).update(state=State.PUBLISHED)
    periods = Period.objects.filter(session__in=pks)
    periods.update(state=PeriodState.OPEN)
    freed.seat(periods)
    for session in opened:
        session.state = State.PUBLISHED
        audit.record(action="session.publish", target=session)
    await_ends(organisation_id=organisation_id, sessions=opened)
    days = sorted({session.day for session in opened})
    outbox.announce(SessionsPublished(organisation_id=organisation_id, days=days))
