"""Stopping a published session (停诊), and taking that back, within ten minutes as delivered."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.availability import clashes
from scheduling.availability.clock_rows import STOP_UNDO
from scheduling.availability.events import SessionRestored, SessionStopped, StopSettled
from scheduling.availability.models import BOOKABLE, Period, PeriodState, Session, State, Stop
from scheduling.availability.permissions import OWN_AHEAD, is_own, keeps
from scheduling.availability.queries import instead_of
from scheduling.availability.rules import stop_undo
from scheduling.availability.services.locking import lock_session
from scheduling.availability.services.returning import close_due, return_due
from telemed.audit import services as audit
from telemed.core import clocks, moments, outbox, publication
from telemed.core.errors import Conflict, Forbidden, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.core.models import Calendar
from telemed.core.reasons import checked_reason
from telemed.people.models import User

REASON = 2  # characters at least: 会议
LONGEST_REASON = 200


def stop_session(
    *,
    actor: User,
    session_id: UUID,
    reason: str,
    plan: str,
    instead_id: UUID | None = None,
    together: UUID | None = None,
    besides: Collection[UUID] = (),
) -> Stop:
    """
    It is not held. Whoever booked is offered what `plan` says: another doctor of the same level
    at that time, the same doctor on another day, or nothing. Without `instead_id`: the first;
    where there is nobody of that level they are on the phone list as soon as they are told.
    `together`: with others, as one; nobody is sent to a session in `besides`, which stops too.
    """
    require_intention()
    session = lock_session(actor, session_id)
    _require_may_stop(actor, session)
    why = checked_reason(reason, shortest=REASON, longest=LONGEST_REASON)
    if plan not in Stop.Plan.values:
        raise Invalid(_("Choose what whoever booked is offered."), path="plan")
    session.become(State.STOPPED)
    if session.starts_at <= moments.now():
        raise Conflict(_("A started session cannot be stopped."), path="session")
    instead = _instead(session, plan, instead_id, besides)
    allowance = stop_undo(session.organisation_id)
    _lock_periods(session).filter(state__in=BOOKABLE).update(state=PeriodState.STOPPED)
    session.save(update_fields=["state"])
    sentence = _("Somebody has just stopped this session.")
    with refusing(one_stop_of_a_session=Conflict(sentence, path="state")):
        stop = Stop.objects.create(
            session=session,
            reason=why,
            plan=plan,
            instead=instead,
            stopped_by=actor,
            final_at=moments.now() + allowance,
            together=together,
        )
    clocks.start_clock(kind=STOP_UNDO, about=stop.pk, allowance=allowance, calendar=Calendar.WALL)
    audit.record(action="session.stop", target=session)
    publication.publish(session)
    outbox.announce(SessionStopped(session_id=session.pk, stop_id=stop.pk))
    return stop


def restore_session(*, actor: User, session_id: UUID) -> Session:
    """In time a stop is taken back, and everybody keeps their place and number."""
    require_intention()
    session = lock_session(actor, session_id)
    require(keeps(actor, session) or is_own(actor, session), not_yours())
    session.become(State.PUBLISHED)
    stop = Stop.objects.select_for_update(no_key=True).get(session=session, undone_at=None)
    now = moments.now()
    if now >= stop.final_at:
        time = f"{timezone.localtime(stop.final_at):%H:%M}"
        sentence = _("It could be taken back until {time}; publish anew.")
        raise Conflict(sentence.format(time=time), path="state")
    if other := clashes.clash_of(session):
        raise clashes.overlap_of(other)
    stop.undone_at = now
    stop.save(update_fields=["undone_at"])
    with refusing(**clashes.someone_was_quicker()):
        session.save(update_fields=["state"])
    held = _lock_periods(session).filter(state=PeriodState.STOPPED, capacity__gt=0)
    if session.held_up_at is None:  # else nobody books there, stopped or not
        held.update(state=PeriodState.OPEN)
    # What would have returned or closed meanwhile does so now.
    return_due(organisation_id=session.organisation_id)
    close_due(organisation_id=session.organisation_id)
    clocks.stop_clocks(about=stop.pk, kind=STOP_UNDO)
    audit.record(action="session.restore", target=session)
    publication.publish(session)
    outbox.announce(SessionRestored(session_id=session.pk, stop_id=stop.pk))
    return session


def settle_stop(*, stop_id: UUID) -> None:
    """It is not taken back any more. Says so once, unless it was taken back."""
    require_intention()
    stop = Stop.objects.select_for_update(no_key=True).get(pk=stop_id)
    if stop.undone_at is None:
        outbox.announce(StopSettled(session_id=stop.session_id, stop_id=stop.pk))


def not_yours() -> str:
    return _("The desk and the coordinators keep the sessions.")


def _require_may_stop(actor: User, session: Session) -> None:
    if keeps(actor, session):
        return
    require(is_own(actor, session), not_yours())
    if session.starts_at - moments.now() <= OWN_AHEAD:
        sentence = _("It begins within 24 hours. Ring the desk, which can still stop it.")
        raise Forbidden(sentence)


def _instead(
    session: Session, plan: str, wanted: UUID | None, besides: Collection[UUID]
) -> Session | None:
    """Where they are sent, by the plan."""
    if plan == Stop.Plan.CANCEL:
        return None
    offered = [one for one in instead_of(session, plan) if one.pk not in besides]
    chosen = next((one for one in offered if wanted in (None, one.pk)), None)
    if chosen:
        return chosen
    if plan == Stop.Plan.SUBSTITUTE and wanted is None and session.title:
        return None  # nobody of that level: whoever booked is phoned
    raise Conflict(_("There is no other session that could stand in."), path="plan")


def _lock_periods(session: Session) -> QuerySet[Period]:
    """All of them, in one order for everybody; the same as a queryset."""
    periods = Period.objects.filter(session=session)
    list(periods.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    return periods
