"""Where in a week a session could be put: what is busy, closed or past, and why."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.availability.models import RUNNING, Session
from scheduling.availability.week import rules_of, why_closed
from telemed.core import moments
from telemed.core.publication import Json
from telemed.people import licences

WEEK = 7
DAY = 24 * 60  # minutes


@dataclass(frozen=True)
class Busy:
    """Minutes of a day in which it cannot be, and why."""

    start: int
    end: int
    why: str


@dataclass
class Landing:
    """`closed`: nothing is held on that day, unless somebody says so."""

    day: str
    closed: str = ""
    busy: list[Busy] = field(default_factory=list)


def landings(session: Session, monday: date) -> list[Json]:
    """Day by day of a week; the service has the last word when it is moved."""
    days = [monday + timedelta(days=n) for n in range(WEEK)]
    rules = rules_of(session.organisation_id, days[0], days[-1])
    others = list(_others(session, days))
    found = []
    for day in days:
        closed = "" if day == session.day else why_closed(session, day, rules)
        busy = [*_never(session, day), *_taken(others, session, day)]
        found.append(asdict(Landing(day.isoformat(), closed, busy)))
    return found


def unlicensed_on(session: Session, day: date) -> str:
    """Why its doctor may not see anybody that day, as a sentence; empty when nothing is wrong."""
    if session.clinician is None:
        return ""
    if not session.clinician.is_active:
        return _("The account of this doctor is closed.")
    return (
        licences.why_not(
            getattr(session.clinician, "practitioner", None),
            session.department.specialty,
            session.organisation,
            day,
            answering=False,
        )
        or ""
    )


def _never(session: Session, day: date) -> Iterator[Busy]:
    """What is over, and days on which the doctor has no licence."""
    now = timezone.localtime(moments.now())
    if day < now.date():
        yield Busy(0, DAY, _("That time has passed."))
    elif day == now.date():
        yield Busy(0, _minute(now, day), _("That time has passed."))
    if why := unlicensed_on(session, day):
        yield Busy(0, DAY, why)


def _others(session: Session, days: list[date]) -> Iterator[Session]:
    """Of the same doctor, wherever, and in the same room."""
    same = Q(pk__in=[])
    if session.clinician_id:
        same |= Q(clinician=session.clinician_id)
    if session.room:
        same |= Q(organisation=session.organisation_id, room=session.room)
    midnight = (timezone.make_aware(datetime.combine(d, time())) for d in (days[0], days[-1]))
    first, last = midnight
    whole = DateTimeTZRange(first, last + timedelta(days=1))
    rows = Session.objects.filter(same, state__in=RUNNING, during__overlap=whole)
    rows = rows.exclude(pk=session.pk).select_related("clinician", "department", "organisation")
    return rows.order_by("during").iterator()


def _taken(others: list[Session], session: Session, day: date) -> Iterator[Busy]:
    for other in others:
        if other.day == day:
            yield Busy(
                _minute(other.starts_at, day), _minute(other.ends_at, day), _why(other, session)
            )


def _why(other: Session, session: Session) -> str:
    begin, end = timezone.localtime(other.starts_at), timezone.localtime(other.ends_at)
    facts = {"hours": f"{begin:%H:%M}–{end:%H:%M}", "where": other.department.name}
    if other.clinician_id and other.clinician_id == session.clinician_id:
        if other.organisation_id != session.organisation_id:
            facts["where"] = f"{other.organisation.name} {other.department.name}"
        return _("The same doctor is here {hours}: {where}.").format(**facts)
    return _("Room {room} is taken {hours}: {where}.").format(**facts, room=other.room)


def _minute(at: datetime, day: date) -> int:
    local = timezone.localtime(at)
    midnight = timezone.make_aware(datetime.combine(day, time()))
    return min(max(int((local - midnight).total_seconds() // 60), 0), DAY)
