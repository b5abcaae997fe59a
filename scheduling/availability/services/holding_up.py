"""
A doctor who may see nobody: nobody books with them any more from that moment on, and who keeps the
sessions is asked to stop them. Back in order, what still stands is open again.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.availability.events import SessionsToStop
from scheduling.availability.landing import unlicensed_on
from scheduling.availability.models import BOOKABLE, Period, PeriodState, Session, State
from scheduling.availability.permissions import keeps
from scheduling.availability.services.locking import lock_session
from scheduling.availability.services.returning import close_due, return_due
from scheduling.availability.services.stopping import not_yours
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.errors import Conflict, require
from telemed.core.intentions import require_intention
from telemed.people.models import User


def hold_up(*, doctor_id: UUID) -> list[Session]:
    """No new bookings in what is ahead and may not be held. Seen twice, nothing is left to do."""
    require_intention()
    held = [one for one in _ahead(doctor_id) if not one.held_up_at and why_not(one)]
    for session in held:
        session.held_up_at = moments.now()
        session.save(update_fields=["held_up_at"])
        _periods(session, BOOKABLE).update(state=PeriodState.STOPPED)
        audit.record(action="session.hold_up", target=session, reason=why_not(session))
        publication.publish(session)
    for organisation_id in sorted({one.organisation_id for one in held}):
        outbox.announce(SessionsToStop(organisation_id=organisation_id, user_id=doctor_id))
    return held


def let_go_on(*, doctor_id: UUID) -> list[Session]:
    """The licence is in order again: what was not stopped meanwhile is open as before."""
    require_intention()
    free = [one for one in _ahead(doctor_id) if one.held_up_at and not why_not(one)]
    for session in free:
        _open(session)
    _catch_up(free)
    return free


def open_again(*, actor: User, session_id: UUID) -> Session:
    """By hand, where nothing says it by itself: an account that was closed by mistake."""
    require_intention()
    session = lock_session(actor, session_id)
    require(keeps(actor, session), not_yours())
    if session.held_up_at is None:
        return session
    if session.state != State.PUBLISHED:
        raise session.out_of_turn()
    if why := why_not(session):
        raise Conflict(_("It stays closed: {why}").format(why=why), path="clinician")
    _open(session)
    _catch_up([session])
    return session


def why_not(session: Session) -> str:
    return unlicensed_on(session, session.day)


def _ahead(doctor_id: UUID) -> list[Session]:
    rows = Session.objects.filter(
        clinician=doctor_id, state=State.PUBLISHED, day__gte=timezone.localdate()
    ).select_for_update(of=["self"], no_key=True)
    rows = rows.select_related("clinician__practitioner", "department", "organisation")
    now = moments.now()
    ahead = rows.prefetch_related("clinician__roles").order_by("pk")
    return [one for one in ahead if one.ends_at > now]


def _open(session: Session) -> None:
    session.held_up_at = None
    session.save(update_fields=["held_up_at"])
    _periods(session, [PeriodState.STOPPED]).filter(capacity__gt=0).update(state=PeriodState.OPEN)
    audit.record(action="session.go_on", target=session)
    publication.publish(session)


def _catch_up(sessions: Iterable[Session]) -> None:
    """What would have returned or closed meanwhile does so now."""
    for organisation_id in sorted({one.organisation_id for one in sessions}):
        return_due(organisation_id=organisation_id)
        close_due(organisation_id=organisation_id)


def _periods(session: Session, states: Iterable[str]) -> QuerySet[Period]:
    """All of them locked, in one order for everybody; those in these states."""
    periods = Period.objects.filter(session=session)
    list(periods.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    return periods.filter(state__in=list(states))
