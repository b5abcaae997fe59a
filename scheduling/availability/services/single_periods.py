"""One period of a session that a hospital's own system keeps by itself (FHIR Slot)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.availability import differences
from scheduling.availability.models import (
    Disagreement,
    Period,
    PeriodState,
    Pool,
    Session,
    State,
)
from scheduling.availability.permissions import may_keep
from scheduling.availability.services.disagreeing import Differs, agree, is_taken
from scheduling.availability.services.keeping import (
    add_period,
    lock_periods,
    put_places,
    session_of_system,
    settle_hours,
    taken_in,
)
from scheduling.availability.services.resizing import MOST
from scheduling.availability.services.stopping import not_yours
from telemed.audit import services as audit
from telemed.core import moments
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.people.models import User

Kind = Disagreement.Kind


@dataclass(frozen=True, kw_only=True)
class WantedPeriod:
    """
    As the system says it. `capacity` is how many are booked here at most, `free` how many of them
    nobody has yet, where it says so.
    """

    identifier: str
    session_id: UUID | None = None
    session_identifier: str = ""
    starts_at: datetime
    ends_at: datetime
    capacity: int
    pool: str = Pool.PUBLIC
    free: int | None = None
    is_held: bool = True


def keep_period(*, actor: User, wanted: WantedPeriod) -> tuple[Period, bool]:
    """
    The period that this system knows by that identifier, or the one of its session that begins and
    ends then; and whether it is new. The same again changes nothing.
    """
    require_intention()
    require(may_keep(actor), not_yours())
    _require_readable(wanted)
    session = session_of_system(actor, wanted.session_id, wanted.session_identifier)
    if session.state not in (State.PLANNED, State.PUBLISHED):
        raise session.out_of_turn()
    periods = lock_periods(session)
    period = _known(actor, session, periods, wanted)
    if period is None:
        return _add(session, periods, wanted), True
    _change(session, periods, period, wanted)
    agree(session, [period])
    period.refresh_from_db()
    return period, False


def _require_readable(wanted: WantedPeriod) -> None:
    if wanted.ends_at <= wanted.starts_at:
        raise Invalid(_("A slot ends after it begins."), path="Slot.end")
    if not 1 <= wanted.capacity <= MOST:
        sentence = _("Between 1 and {most} places in each period.")
        raise Invalid(sentence.format(most=MOST), path="Slot.extension")
    if wanted.free is not None and not 0 <= wanted.free <= wanted.capacity:
        sentence = _("Of {n} places between none and all are free.")
        raise Invalid(sentence.format(n=wanted.capacity), path="Slot.extension")


def _known(
    actor: User, session: Session, periods: list[Period], wanted: WantedPeriod
) -> Period | None:
    of_system = Period.objects.filter(
        application=actor.application_id, identifier=wanted.identifier
    ).exclude(session=session)
    if of_system.exists():
        raise Conflict(_("This slot belongs to another schedule."), path="Slot.schedule")
    named = [one for one in periods if one.identifier == wanted.identifier]
    times = (wanted.starts_at, wanted.ends_at)
    laid = [p for p in periods if not p.identifier and (p.starts_at, p.ends_at) == times]
    return next(iter([*named, *laid]), None)


def _add(session: Session, periods: list[Period], wanted: WantedPeriod) -> Period:
    if not wanted.is_held:
        raise Invalid(_("There is no such slot to drop."), path="Slot.status")
    _require_place(session, periods, wanted, None)
    if wanted.free not in (None, wanted.capacity):
        sentence = _("Nobody is booked here yet: send as its places those that are for here.")
        raise Invalid(sentence, path="Slot.extension")
    places = {wanted.pool: wanted.capacity}
    period = add_period(session, wanted.starts_at, wanted.ends_at, places, wanted.identifier)
    _settle(session)
    return period


def _change(session: Session, periods: list[Period], period: Period, wanted: WantedPeriod) -> None:
    if not wanted.is_held:
        _drop(session, period, wanted)
        return
    if wanted.free is not None and is_taken({"free": wanted.free}, period):
        return
    _refuse_contradictions(session, period, wanted)
    times = (wanted.starts_at, wanted.ends_at)
    moves = (period.starts_at, period.ends_at) != times
    reopens = period.state == PeriodState.STOPPED
    if moves or reopens:
        _require_place(session, periods, wanted, period)
    changes = put_places(period, {wanted.pool: wanted.capacity}, session)
    if not (moves or reopens or changes or period.identifier != wanted.identifier):
        return
    if period.ends_at <= moments.now():
        raise Conflict(_("That time has passed."), path="Slot.end")
    _name(period, wanted)
    period.starts_at, period.ends_at = times
    if reopens:
        is_open = session.state == State.PUBLISHED
        period.state = PeriodState.OPEN if is_open else PeriodState.PLANNED
    period.save()
    _settle(session)


def _refuse_contradictions(session: Session, period: Period, wanted: WantedPeriod) -> None:
    """Whoever is booked stays where they are, and both sides count the same people."""
    booked = taken_in(period)
    times, here = (wanted.starts_at, wanted.ends_at), {"booked": booked}
    if booked and (period.starts_at, period.ends_at) != times:
        raise Differs(session, period, Kind.MOVED, differences.facts_of(*times), here)
    if wanted.capacity < booked:
        raise Differs(session, period, Kind.BELOW, {"places": wanted.capacity}, here)
    if wanted.free is not None and wanted.free != wanted.capacity - booked:
        here["free"] = sum(pool.free for pool in period.pools.all())
        raise Differs(session, period, Kind.COUNT, {"free": wanted.free}, here)


def _drop(session: Session, period: Period, wanted: WantedPeriod) -> None:
    if booked := taken_in(period):
        raise Differs(session, period, Kind.DROPPED, {}, {"booked": booked})
    if period.state == PeriodState.STOPPED and period.identifier == wanted.identifier:
        return
    _name(period, wanted)
    period.state = PeriodState.STOPPED
    period.save()
    audit.record(action="session.change", target=session)


def _require_place(
    session: Session, periods: list[Period], wanted: WantedPeriod, own: Period | None
) -> None:
    """In the hours of its session, not in the past, beside the others."""
    if wanted.starts_at <= moments.now():
        raise Conflict(_("That time has passed."), path="Slot.start")
    if wanted.starts_at < session.starts_at or wanted.ends_at > session.ends_at:
        raise Invalid(_("The slot is outside of the hours of its schedule."), path="Slot.start")
    for one in periods:
        meets = one.starts_at < wanted.ends_at and wanted.starts_at < one.ends_at
        if meets and one != own and one.state != PeriodState.STOPPED:
            raise Conflict(_("It overlaps another slot of this schedule."), path="Slot.start")


def _name(period: Period, wanted: WantedPeriod) -> None:
    period.identifier = wanted.identifier
    period.application_id = period.session.application_id


def _settle(session: Session) -> None:
    audit.record(action="session.change", target=session)
    if session.state == State.PUBLISHED:
        settle_hours(session)
