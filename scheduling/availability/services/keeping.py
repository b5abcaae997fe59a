"""
Sessions that a hospital's own system keeps: made, moved and dropped as it says, by its identifiers.

The same rules as by hand. What is booked here stands in the way of what would take it from
somebody; that is refused, written down and shown on both sides (disagreeing.py).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.availability import clashes, differences, rules
from scheduling.availability.clock_rows import await_ends, await_release
from scheduling.availability.models import (
    Disagreement,
    Period,
    PeriodPool,
    PeriodState,
    Session,
    State,
)
from scheduling.availability.permissions import may_keep
from scheduling.availability.services.disagreeing import Differs, agree
from scheduling.availability.services.locking import lock_session
from scheduling.availability.services.offering import Offer, checked_offer
from scheduling.availability.services.publishing import publish_session
from scheduling.availability.services.resizing import fitted, write_places
from scheduling.availability.services.returning import close_due, return_due
from scheduling.availability.services.single import cancel_session, require_possible, session_of
from scheduling.availability.services.stopping import not_yours, restore_session, stop_session
from scheduling.availability.shares import RESERVED, lay_out, spans
from telemed.audit import services as audit
from telemed.core import moments, publication
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import User

Kind = Disagreement.Kind
SAME = (
    *("department", "clinician", "capacity", "period_minutes", "kind"),
    *("service", "room", "during", "shares"),
)
Layout = dict[datetime, tuple[datetime, dict[str, int]]]  # end and places, by beginning


@dataclass(frozen=True, kw_only=True)
class WantedSession:
    """
    As the system says it. Where it gives no number of places, `is_laid_out` is false: its periods
    come one by one.
    """

    identifier: str
    offer: Offer
    starts_at: datetime
    ends_at: datetime
    shares: dict[str, int] = field(default_factory=dict)
    is_laid_out: bool = True
    is_held: bool = True


def keep_session(*, actor: User, wanted: WantedSession) -> tuple[Session, bool]:
    """
    The session that this system knows by that identifier, and whether it is new. The same again
    changes nothing. Raises Differs for what would take a place from somebody who is booked.
    """
    require_intention()
    require(may_keep(actor), not_yours())
    known = Session.objects.filter(
        application=actor.application_id, identifier=wanted.identifier
    ).values_list("pk", flat=True)
    session_id = known.first()
    if session_id is None:
        if not wanted.is_held:
            raise NotFound(_("There is no such session to drop."), path="Schedule.active")
        return _begin(actor, wanted), True
    session = lock_session(actor, session_id)
    if wanted.is_held:
        _change(actor, session, wanted)
    else:
        _drop(actor, session)
    agree(session)
    session.refresh_from_db()
    return session, False


def _begin(actor: User, wanted: WantedSession) -> Session:
    session = _proposed(actor, wanted)
    require_possible(session)
    sentence = _("Somebody has just made the session of this identifier; send it again.")
    quicker = Conflict(sentence, path="Schedule.identifier")
    with refusing(one_session_of_an_identifier=quicker, **clashes.someone_was_quicker()):
        Session.objects.bulk_create([session])
    if wanted.is_laid_out:
        lay(session, layout_of(session), [])
    audit.record(action="session.plan", target=session)
    publication.publish(session, new=True)
    await_release(organisation_id=session.organisation_id, sessions=[session])
    if session.release_at <= moments.now():
        publish_session(actor=actor, session_id=session.pk)
        settle_hours(session)
    return session


def _change(actor: User, session: Session, wanted: WantedSession) -> None:
    if session.state == State.STOPPED:
        restore_session(actor=actor, session_id=session.pk)
        session.refresh_from_db()
    proposed = _proposed(actor, wanted)
    if not wanted.is_laid_out:
        proposed.capacity, proposed.period_minutes = session.capacity, session.period_minutes
    changed = [name for name in SAME if getattr(session, name) != getattr(proposed, name)]
    if not changed:
        return
    if session.state not in (State.PLANNED, State.PUBLISHED):
        raise session.out_of_turn()
    if session.starts_at <= moments.now():
        raise Conflict(_("A started session cannot be changed."), path="Schedule")
    periods = lock_periods(session)
    layout = layout_of(proposed, periods) if wanted.is_laid_out else None
    _require_room(session, proposed, layout, periods)
    require_possible(proposed, besides=session.pk)
    for name in (*SAME, "day", "title", "release_at"):
        setattr(session, name, getattr(proposed, name))
    with refusing(**clashes.someone_was_quicker()):
        session.save()
    lay(session, layout, periods)
    audit.record(action="session.change", target=session)
    publication.publish(session)
    if session.state == State.PUBLISHED:
        settle_hours(session)
    else:
        await_release(organisation_id=session.organisation_id, sessions=[session])


def _drop(actor: User, session: Session) -> None:
    """Not held: off the plan, or stopped where nobody is booked."""
    if session.state in (State.CANCELLED, State.STOPPED):
        return
    booked = sum(map(taken_in, lock_periods(session)))
    if booked:
        raise Differs(session, None, Kind.DROPPED, {}, {"booked": booked})
    if session.state == State.PLANNED:
        cancel_session(actor=actor, session_id=session.pk)
        return
    reason = _("Not held, by the hospital's own system")
    stop_session(actor=actor, session_id=session.pk, reason=reason, plan="cancel")


def _proposed(actor: User, wanted: WantedSession) -> Session:
    """What it would be, checked as by hand and not kept yet."""
    begin, end = timezone.localtime(wanted.starts_at), timezone.localtime(wanted.ends_at)
    if begin.date() != end.date() or end <= begin:
        sentence = _("A session begins and ends on one day, its end after its beginning.")
        raise Invalid(sentence, path="Schedule.planningHorizon")
    kept = checked_offer(actor, wanted.offer, begin.time(), end.time())
    shares = {pool.value: wanted.shares.get(pool, 0) for pool in RESERVED}
    if min(shares.values()) < 0 or sum(shares.values()) > rules.MOST_RESERVED:
        sentence = _("The reserved pools together have at most {most} per cent.")
        raise Invalid(sentence.format(most=rules.MOST_RESERVED), path="Schedule.extension")
    session = session_of(actor, kept, begin.date(), begin.time(), end.time())
    session.shares = shares
    session.application_id, session.identifier = actor.application_id, wanted.identifier
    return session


def layout_of(session: Session, periods: list[Period] | None = None) -> Layout:
    """Its periods from its own number of places, around those that the system keeps singly."""
    halves = spans(session.starts_at, session.ends_at, session.period_minutes)
    places = lay_out(len(halves), session.capacity, session.shares)
    single = [one for one in periods or [] if one.identifier]
    return {
        start: (end, pools)
        for (start, end), pools in zip(halves, places, strict=True)
        if not any(one.starts_at < end and start < one.ends_at for one in single)
    }


def _require_room(
    session: Session, proposed: Session, layout: Layout | None, periods: list[Period]
) -> None:
    """Everybody who is booked keeps doctor, department and time, and has a place."""
    all_booked = sum(map(taken_in, periods))
    said: dict[str, Any] = differences.facts_of(proposed.starts_at, proposed.ends_at)
    if all_booked and (session.clinician_id, session.department_id) != (
        proposed.clinician_id,
        proposed.department_id,
    ):
        said["who"] = str(proposed.clinician or proposed.department.name)
        raise Differs(session, None, Kind.MOVED, said, {"booked": all_booked})
    for period in periods:
        booked = taken_in(period)
        if booked and not _stays(period, proposed, layout):
            raise Differs(session, None, Kind.MOVED, said, {"booked": all_booked})
        if booked and layout and not period.identifier and booked > proposed.capacity:
            places = {"places": proposed.capacity}
            raise Differs(session, None, Kind.BELOW, places, {"booked": booked})


def _stays(period: Period, session: Session, layout: Layout | None) -> bool:
    """Whether a period is one of the session as it is to be."""
    inside = session.starts_at <= period.starts_at and period.ends_at <= session.ends_at
    if period.identifier or layout is None:
        return inside
    return period.starts_at in layout and layout[period.starts_at][0] == period.ends_at


def lay(session: Session, layout: Layout | None, periods: list[Period]) -> None:
    """The periods of a session as they are to be; nobody is booked in one that goes."""
    there = {}
    for period in periods:
        if not period.capacity:
            continue  # it went before; add_period() opens it again where it is wanted
        if _stays(period, session, layout):
            there[period.starts_at] = period
        else:
            take_away(period)
    for period in there.values():
        period.clinician, period.department = session.clinician, session.department
        period.closes_at = rules.closes_at(session.organisation_id, session.day)
        period.save(update_fields=["clinician", "department", "closes_at"])
    for start, (end, places) in (layout or {}).items():
        if start in there:
            if not there[start].identifier:
                put_places(there[start], places, session)
        else:
            add_period(session, start, end, places)


def take_away(period: Period) -> None:
    """
    Nobody is booked in it. Where somebody was, the row stays as one that is not held and has no
    places, so that nothing opens it again.
    """
    try:
        period.delete()
    except ProtectedError:
        period.state = PeriodState.STOPPED
        period.save(update_fields=["state"])
        write_places({period.pk: {pool.pool: 0 for pool in period.pools.all()}})


def add_period(
    session: Session,
    starts_at: datetime,
    ends_at: datetime,
    places: dict[str, int],
    identifier: str = "",
) -> Period:
    """Of a locked session; open as the session is. What was stopped at that moment opens again."""
    stopped = session.periods.filter(starts_at=starts_at).first()
    period = stopped or Period(session=session, starts_at=starts_at)
    period.organisation, period.department = session.organisation, session.department
    period.clinician, period.ends_at = session.clinician, ends_at
    period.closes_at = rules.closes_at(session.organisation_id, session.day)
    period.application_id = session.application_id if identifier else None
    period.identifier = identifier
    is_open = session.state == State.PUBLISHED
    period.state = PeriodState.OPEN if is_open else PeriodState.PLANNED
    period.capacity = sum(places.values())
    quicker = Conflict(
        _("Somebody has just made the slot of this identifier; send it again."), path="Slot"
    )
    with refusing(one_period_of_an_identifier=quicker):
        period.save()
    put_places(period, places, session)
    return period


def put_places(period: Period, wanted: dict[str, int], session: Session) -> bool:
    """Of a locked period: as many places as are wanted, nobody's taken away. Whether any change."""
    pools = list(PeriodPool.objects.filter(period=period))
    taken = {pool.pool: pool.taken for pool in pools}
    places = fitted(session, period, wanted, taken)
    if {pool.pool: pool.places for pool in pools if pool.places} == {
        pool: n for pool, n in places.items() if n
    }:
        return False
    write_places({period.pk: places})
    period.capacity = sum(places.values())
    return True


def lock_periods(session: Session) -> list[Period]:
    """All of a locked session, in one order for everybody."""
    rows = session.periods.select_for_update(no_key=True).order_by("pk")
    return list(rows.prefetch_related("pools"))


def taken_in(period: Period) -> int:
    return sum(pool.taken for pool in period.pools.all())


def settle_hours(session: Session) -> None:
    """The clocks of what was laid anew, and what would have returned or closed by now."""
    await_ends(organisation_id=session.organisation_id, sessions=[session])
    return_due(organisation_id=session.organisation_id)
    close_due(organisation_id=session.organisation_id)


def session_of_system(actor: User, session_id: UUID | None, identifier: str) -> Session:
    """The one that a slot names, locked. Raises Invalid where this system keeps none like it."""
    rows = Session.objects.filter(application=actor.application_id)
    rows = rows.filter(pk=session_id) if session_id else rows.filter(identifier=identifier)
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        sentence = _("This system keeps no such schedule; send the Schedule first.")
        raise Invalid(sentence, path="Slot.schedule")
    return lock_session(actor, found)
