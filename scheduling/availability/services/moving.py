"""A session in which nobody is booked, put on another day or at other hours by hand."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.availability import clashes, rules
from scheduling.availability.clock_rows import await_release
from scheduling.availability.events import SessionMoved
from scheduling.availability.models import Session, State
from scheduling.availability.permissions import keeps
from scheduling.availability.services.keeping import (
    lay,
    layout_of,
    lock_periods,
    settle_hours,
    taken_in,
)
from scheduling.availability.services.locking import lock_session
from scheduling.availability.services.single import require_possible
from scheduling.availability.services.stopping import not_yours
from scheduling.availability.week import rules_of, why_closed
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import User


@dataclass(frozen=True, kw_only=True)
class Place:
    """A day and hours in China."""

    day: date
    starts: time
    ends: time

    @property
    def during(self) -> tuple[datetime, datetime]:
        begin, end = (datetime.combine(self.day, at) for at in (self.starts, self.ends))
        return timezone.make_aware(begin), timezone.make_aware(end)


def place_of(session: Session) -> Place:
    """Where it is now."""
    begin, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return Place(day=session.day, starts=begin.time(), ends=end.time())


class SomebodyBooked(Conflict):
    """It is stopped, so that everybody is told, or they are moved first."""


class MovedMeanwhile(Conflict):
    """Somebody else has put it elsewhere since the page was shown."""


def move_session(
    *,
    actor: User,
    session_id: UUID,
    to: Place,
    seen: Place | None = None,
    though_closed: bool = False,
) -> Session:
    """
    Its periods are laid anew, its places come out at the hour of the new day. `seen`: where the
    actor's page showed it. `though_closed`: on a holiday, or a day on which nothing is held.
    """
    require_intention()
    session = lock_session(actor, session_id)
    require(keeps(actor, session), not_yours())
    here = place_of(session)
    if here == to:
        return session
    if seen and seen != here:
        sentence = _("Somebody has just moved this session to {when}; look again.")
        raise MovedMeanwhile(sentence.format(when=clashes.when(session)), path="session")
    _require_movable(session)
    periods = lock_periods(session)
    require_nobody(sum(map(taken_in, periods)))
    was, before = clashes.when(session), session.day
    _put(session, to)
    _require_place(session, before, though_closed)
    with refusing(**clashes.someone_was_quicker()):
        session.save(update_fields=["day", "of_day", "during", "release_at"])
    lay(session, layout_of(session), periods)
    audit.record(action="session.move", target=session, reason=f"{was} → {clashes.when(session)}")
    publication.publish(session)
    outbox.announce(SessionMoved(session_id=session.pk))
    if session.state == State.PUBLISHED:
        settle_hours(session)
    else:
        await_release(organisation_id=session.organisation_id, sessions=[session])
    return session


def require_nobody(booked: int) -> None:
    """Whoever is booked keeps the time that was promised to them."""
    if booked:
        sentence = ngettext(
            "{n} person is booked: stop the session or move them first.",
            "{n} people are booked: stop the session or move them first.",
            booked,
        )
        raise SomebodyBooked(sentence.format(n=booked), path="session")


def _require_movable(session: Session) -> None:
    if session.state not in (State.PLANNED, State.PUBLISHED):
        raise session.out_of_turn()
    if session.starts_at <= moments.now():
        raise Conflict(_("A started session cannot be moved."), path="session")


def _put(session: Session, to: Place) -> None:
    """In memory. Its template does not plan the day again from which it was taken."""
    begin, end = to.during
    if end <= begin:
        raise Invalid(_("A session ends after it begins."), path="ends")
    if end - begin < timedelta(minutes=session.period_minutes):
        raise Invalid(_("Not even one period fits between these hours."), path="ends")
    if session.template_id:
        planned_for = session.of_day or session.day
        session.of_day = None if planned_for == to.day else planned_for
    if session.day != to.day:
        session.release_at = rules.release_at(session.organisation_id, to.day)
    session.day, session.during = to.day, DateTimeTZRange(begin, end)


def _require_place(session: Session, before: date, though_closed: bool) -> None:
    require_possible(session, besides=session.pk)
    if session.day == before or though_closed:
        return
    day = session.day
    if why := why_closed(session, day, rules_of(session.organisation_id, day, day)):
        sentence = _("Nothing is held on that day: {why}. Say that it is held all the same.")
        raise Conflict(sentence.format(why=why), path="though_closed")
