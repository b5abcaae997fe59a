"""One session by hand, taking it off again, and copying those of a week or a month."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.availability import clashes, rules
from scheduling.availability.clock_rows import await_release
from scheduling.availability.models import Session, State
from scheduling.availability.permissions import keeps, may_keep
from scheduling.availability.services.locking import lock_session
from scheduling.availability.services.offering import Offer, checked_offer
from scheduling.availability.services.planning import keep_new
from scheduling.availability.services.publishing import unlicensed
from scheduling.availability.services.stopping import not_yours
from telemed.audit import services as audit
from telemed.core import moments, publication
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import User

FARTHEST = timedelta(days=366)
WEEK = timedelta(days=7)


def plan_session(*, actor: User, offer: Offer, day: date, starts: time, ends: time) -> Session:
    """A session of one day that no template makes. Its places come out at the usual hour."""
    require_intention()
    require(may_keep(actor), not_yours())
    kept = checked_offer(actor, offer, starts, ends)
    session = session_of(actor, kept, day, starts, ends)
    require_possible(session)
    _keep(actor, [session])
    return session


def require_possible(session: Session, besides: UUID | None = None) -> None:
    """Of a session that is not there yet, or is to be otherwise than the one `besides`."""
    if session.starts_at <= moments.now():
        raise Invalid(_("That time has passed."), path="day")
    if session.day > timezone.localdate() + FARTHEST:
        raise Invalid(_("A session is planned for a year ahead at most."), path="day")
    if why := unlicensed(session):
        raise Conflict(why, path="clinician")
    if other := clashes.clash_of(session, besides):
        raise clashes.overlap_of(other)


def cancel_session(*, actor: User, session_id: UUID) -> Session:
    """Off the plan, before anybody could book; what is open for booking is stopped instead."""
    require_intention()
    session = lock_session(actor, session_id)
    require(keeps(actor, session), not_yours())
    session.become(State.CANCELLED)
    session.save(update_fields=["state"])
    audit.record(action="session.cancel", target=session)
    publication.publish(session)
    return session


@dataclass
class Copied:
    """What came over, and what could not and why."""

    sessions: list[Session] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def copy_week(*, actor: User, monday: date) -> Copied:
    """The sessions by hand of the week before, on the same weekdays of this one."""
    require_intention()
    return _copy(actor, [(day - WEEK, day) for day in (monday + timedelta(n) for n in range(7))])


def copy_month(*, actor: User, month: date) -> Copied:
    """Those of the month before, weekday by weekday: four weeks later, or five."""
    require_intention()
    first = month.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    days = [first + timedelta(days=n) for n in range(31)]
    pairs = []
    for day in (day for day in days if day.month == first.month):
        source = day - 4 * WEEK
        pairs.append((source if source < first else day - 5 * WEEK, day))
    return _copy(actor, [(source, day) for source, day in pairs if source >= before])


def _copy(actor: User, pairs: Iterable[tuple[date, date]]) -> Copied:
    require(may_keep(actor), not_yours())
    by_source = dict(pairs)
    there = Session.objects.filter(
        organisation=actor.organisation_id, day__in=by_source, template=None, application=None
    ).exclude(state=State.CANCELLED)
    found = there.select_related("clinician__practitioner", "department", "organisation")
    copied = Copied()
    for one in found.prefetch_related("clinician__roles").order_by("during", "pk"):
        copy = session_of(
            actor,
            {name: getattr(one, name) for name in KEPT},
            by_source[one.day],
            timezone.localtime(one.starts_at).time(),
            timezone.localtime(one.ends_at).time(),
        )
        if against := _against(copy, copied.sessions):
            who = copy.clinician or copy.department
            copied.left_out.append(f"{clashes.when(copy)} {who}: {against}")
        else:
            copied.sessions.append(copy)
    _keep(actor, copied.sessions)
    return copied


KEPT = (
    *("department", "clinician", "capacity", "period_minutes"),
    *("kind", "service", "room"),
)


def _against(copy: Session, others: Iterable[Session]) -> str:
    """Why this copy cannot be, as a sentence; empty where it can."""
    if copy.starts_at <= moments.now():
        return _("That time has passed.")
    other = clashes.clash_of(copy) or next((o for o in others if _meet(copy, o)), None)
    if other:
        return clashes.overlap_of(other).message
    return unlicensed(copy)


def _meet(one: Session, other: Session) -> bool:
    same = (one.clinician_id and one.clinician_id == other.clinician_id) or (
        one.room and one.room == other.room
    )
    return bool(same) and one.starts_at < other.ends_at and other.starts_at < one.ends_at


def session_of(
    actor: User, kept: dict[str, object], day: date, starts: time, ends: time
) -> Session:
    organisation = actor.acting_organisation
    begin, end = (timezone.make_aware(datetime.combine(day, at)) for at in (starts, ends))
    practitioner = getattr(kept["clinician"], "practitioner", None)
    return Session(
        **kept,
        organisation=organisation,
        title=practitioner.title if practitioner else "",
        day=day,
        during=DateTimeTZRange(begin, end),
        shares=rules.shares_of(organisation.pk),
        release_at=rules.release_at(organisation.pk, day),
    )


def _keep(actor: User, sessions: list[Session]) -> None:
    with refusing(**clashes.someone_was_quicker()):
        Session.objects.bulk_create(sessions)
    keep_new(sessions)
    await_release(organisation_id=actor.acting_organisation.pk, sessions=sessions)
