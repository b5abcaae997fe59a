"""A joint consult (MDT): who could sit in it and why, and when all of them have time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import inf
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from consult.requests.models import HALF_HOUR, Case, HalfHour, Meeting, Offer
from consult.requests.queries.people import (
    AT_ONCE,
    HOLDING,
    calling_order,
    is_at_desk,
    specialists_of,
)
from consult.requests.rungs import PROMISE
from telemed.core import clocks
from telemed.core.models import Clock, ClockState
from telemed.organisations.models import Organisation
from telemed.people import licences
from telemed.people.models import User
from telemed.rota.queries import calls_between

LIVE_TIMES = (Meeting.Status.BOOKED, Meeting.Status.PROPOSED)
DAYS = 5  # working days that are looked through
LAST = time(17, 30)  # the last half hour of a day
AHEAD = timedelta(hours=1)  # nobody is called together sooner


@dataclass(frozen=True)
class Fit:
    """A doctor whose licence covers a specialty, and what puts them before another."""

    doctor: User
    place: int | None  # in the calling order of the rota
    at_desk: bool
    holding: int

    @property
    def rank(self) -> tuple[float, bool, int]:
        return (inf if self.place is None else self.place, not self.at_desk, self.holding)


@dataclass(frozen=True)
class Slot:
    """A time at which everybody is free. `on_call`: who has a shift then and may be called away."""

    starts_at: datetime
    on_call: tuple[User, ...]


def find_seat(actor: User, case: Case) -> Offer | None:
    """The seat that this doctor has, or had when it was signed, in a joint consult."""
    if not case.is_joint:
        return None
    taken = [Offer.Status.ACCEPTED, Offer.Status.DONE]
    seats = case.offers.filter(doctor=actor, organisation=actor.organisation_id)
    return seats.filter(status__in=taken).first()


def has_seat(actor: User, case: Case) -> bool:
    return find_seat(actor, case) is not None


def fit_by_specialty(
    hospital: Organisation, specialties: Iterable[str], *, but: Iterable[object] = ()
) -> dict[str, list[Fit]]:
    """By specialty, the doctors who may answer for it there: in the order in which we would ask."""
    today = timezone.localdate()
    people = specialists_of(hospital).exclude(pk__in=list(but)).annotate(holding=HOLDING)
    known = list(people.order_by("pk")[: 2 * AT_ONCE])
    found = {}
    for specialty in specialties:
        called = calling_order(hospital, specialty)
        fit = [
            Fit(one, called.get(one.pk), is_at_desk(one), one.holding)
            for one in known
            if not licences.why_not(one.practitioner, specialty, hospital, today, answering=True)
        ]
        found[specialty] = sorted(fit, key=lambda one: one.rank)
    return found


def specialties_at(hospital: Organisation) -> set[str]:
    """Those in which the hospital has a specialist at all."""
    held = specialists_of(hospital).values_list("practitioner__specialty", flat=True)
    return set(held.order_by())


def common_times(
    people: Sequence[User], *, half_hours: int = 1, days: int = DAYS, but: Meeting | None = None
) -> list[Slot]:
    """
    When everybody is free in the next working days, soonest first.

    What keeps somebody away: a meeting that they promised, and a licence that has ended by then.
    A shift does not, but is told: who is on call may have to go. `but` one meeting, which is to
    be moved.
    """
    starts = list(_half_hours(timezone.now() + AHEAD, days))
    if not starts or not people:
        return []
    begin, end = starts[0], starts[-1] + HALF_HOUR
    promised = HalfHour.objects.filter(
        person__in=[one.pk for one in people], starts_at__gte=begin, starts_at__lt=end
    )
    if but:
        promised = promised.exclude(meeting=but)
    taken = set(promised.values_list("starts_at", flat=True))
    free = {start for start in starts if start not in taken and _all_licensed(people, start)}
    shifts = calls_between([one.pk for one in people], begin, end)
    slots = []
    for start in sorted(free):
        whole = [start + n * HALF_HOUR for n in range(half_hours)]
        if not free.issuperset(whole):
            continue
        until = start + half_hours * HALF_HOUR
        busy = {who for who, since, to in shifts if since < until and to > start}
        slots.append(Slot(start, tuple(one for one in people if one.pk in busy)))
    return slots


def live_meeting(case: Case) -> Meeting | None:
    """The time that is kept for everybody: agreed to, or proposed."""
    return case.meetings.filter(status__in=LIVE_TIMES).order_by("-created_at").first()


def former_meetings(case: Case) -> QuerySet[Meeting]:
    """The times that were agreed to and given up since, the last first."""
    dropped = case.meetings.filter(status=Meeting.Status.DROPPED, agreed_by__isnull=False)
    return dropped.order_by("-created_at")


def is_free(person: User, meeting: Meeting) -> bool:
    """Whether somebody could still be promised for the time of a meeting."""
    there = HalfHour.objects.filter(
        person=person, starts_at__gte=meeting.starts_at, starts_at__lt=meeting.ends_at
    )
    return not there.exclude(meeting=meeting).exists()


def _half_hours(after: datetime, days: int) -> Iterator[datetime]:
    """Every half hour of the working time of so many working days."""
    day: date = timezone.localdate(after)
    while days:
        if clocks.is_working_day(day)[0]:
            days -= timezone.make_aware(datetime.combine(day, LAST)) >= after  # else it is over
            for opens, closes in clocks.SESSIONS:
                start = timezone.make_aware(datetime.combine(day, opens))
                end = timezone.make_aware(datetime.combine(day, closes))
                while start < end:
                    if start >= after:
                        yield start
                    start += HALF_HOUR
        day += timedelta(days=1)


def _all_licensed(people: Iterable[User], moment: datetime) -> bool:
    day = timezone.localdate(moment)
    held = (getattr(one, "practitioner", None) for one in people)
    return all(licence.licensed_until >= day for licence in held if licence)


def late_invitations(case: Case) -> set[UUID]:
    """Those that were not answered in their time."""
    waiting = case.offers.filter(status__in=Offer.WAITING).values_list("pk", flat=True)
    running = Clock.objects.filter(
        about__in=list(waiting),
        kind="offer.accept",
        rung=PROMISE,
        state__in=[ClockState.RUNNING, ClockState.PAUSED],
    )
    return set(waiting) - set(running.values_list("about", flat=True))
