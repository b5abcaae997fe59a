"""
Who of several people would get which time: near each other, so that one bus will do.

Nothing is held by it: each place is taken when the batch is booked.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi.models import Patient
from scheduling.appointments import fees, gates, queries, video
from scheduling.appointments.batches import is_told
from scheduling.appointments.models import PER_DAY, Appointment
from scheduling.appointments.penalties import blocked_among, open_to
from scheduling.appointments.permissions import pools_of
from scheduling.availability.models import Period, PeriodState, Pool
from scheduling.availability.queries import places_left
from scheduling.availability.searching import periods_of
from telemed.core import moments
from telemed.core.errors import Conflict
from telemed.organisations.models import Department
from telemed.people.models import User

Left = dict[tuple[UUID, str], int]  # free places by period and pool
TOGETHER = timedelta(hours=1)  # who is seen within it goes by the same bus


@dataclass(frozen=True)
class Wish:
    """Where, on which day, with whom and between which hours; empty means any."""

    department: Department
    day: date
    doctor: UUID | None = None
    earliest: time | None = None
    latest: time | None = None

    def takes(self, period: Period) -> bool:
        begin = timezone.localtime(period.starts_at).time()
        early = self.earliest is not None and begin < self.earliest
        return not early and (self.latest is None or begin <= self.latest)


@dataclass
class Candidate:
    """One person with the pools that are open to them there, or with what is in the way."""

    patient: Patient
    pools: Sequence[str] = ()
    why_not: str = ""
    coming: Appointment | None = None  # what they have in this department that day already
    there: list[Appointment] = field(default_factory=list)  # that day, anywhere
    period: Period | None = None
    pool: str = ""
    fee: str = ""  # in words, of the time that they would get

    @property
    def may(self) -> bool:
        return not self.why_not

    @property
    def needs_paper(self) -> bool:
        """No message reaches this person."""
        return not is_told(self.patient)

    @property
    def elsewhere(self) -> list[Appointment]:
        """What else they have that day: their time keeps clear of it."""
        return [one for one in self.there if one != self.coming and one.ticket]

    @property
    def by_family_doctor(self) -> bool:
        return self.pool == Pool.FAMILY_DOCTOR

    def is_free(self, period: Period) -> bool:
        return not any(
            one.during.lower < period.ends_at and period.starts_at < one.during.upper
            for one in self.there
        )


def plan(actor: User, people: Sequence[Patient], wish: Wish) -> list[Candidate]:
    """Each person in this order with a time, or with a sentence that says why there is none."""
    found = candidates(actor, people, wish)
    periods = open_in_person(wish)
    left = places_left([period.pk for period in periods])
    _seat([one for one in found if one.may], periods, left)
    seats = [(one, one.period) for one in found if one.period]
    said = fees.in_words([(one.patient, period) for one, period in seats])
    for (one, period), fee in zip(seats, said, strict=True):
        left[period.pk, one.pool] -= 1
        one.fee = fee
    for one in found:
        if one.may and one.period is None:
            one.why_not = _why_no_time(one, periods, left)
    return found


def _why_no_time(one: Candidate, periods: Sequence[Period], left: Left) -> str:
    if not periods:
        return _("Nothing can be booked in these hours any more.")
    others = {pool for (_period, pool), many in left.items() if many and pool not in one.pools}
    if not others:
        return _("No place is left for this person in these hours.")
    words = _("; ").join(str(Pool(pool).label) for pool in Pool.values if pool in others)
    sentence = _("What is left in these hours is kept for others ({pools}).")
    return sentence.format(pools=words)


def candidates(actor: User, people: Sequence[Patient], wish: Wish) -> list[Candidate]:
    """What stands in the way of each person there on that day, said at once."""
    keys, there = [person.pk for person in people], wish.department.organisation_id
    booked, limited = queries.booked_on(keys, wish.day), blocked_among(keys, there)
    shut = gates.in_the_way(actor, there)
    found = []
    for person in people:
        one = Candidate(patient=person, there=booked.get(person.pk, []))
        found.append(one)
        try:
            pools = pools_of(actor, wish.department.organisation, person)
            if person.pk in limited:
                pools = open_to(person, there, pools)
            one.pools = _without_public(pools, shut) if shut else pools
        except Conflict as refusal:
            one.why_not = refusal.message
        visits = [row for row in one.there if row.day_rank]  # examinations of a trip beside them
        own = [row for row in visits if row.department_id == wish.department.pk]
        if person.deceased_on:
            one.why_not = _("This person has died.")
        elif own and own[0].ticket is None:
            one.why_not = _("A place is kept for this person there already; confirm or return it.")
        elif own:
            one.coming = own[0]
            one.why_not = _("Already booked in this department that day.")
        elif len(visits) >= PER_DAY:
            one.why_not = _("At most 2 bookings a day.")
    return found


def open_in_person(wish: Wish) -> list[Period]:
    """The periods of the wish that can still be booked from afar, the first ones first."""
    if wish.day < timezone.localdate():
        return []
    now = moments.now()
    rows = periods_of(wish.department, wish.day, Pool.values, wish.doctor)
    coming = [
        row
        for row in rows
        if row.state == PeriodState.OPEN and min(row.closes_at, row.starts_at) > now
    ]
    fitting = [row for row in coming if not video.is_video(row) and wish.takes(row)]
    return sorted(fitting, key=lambda row: (row.starts_at, row.pk))


def next_for(one: Candidate, wish: Wish) -> Period | None:
    """What this person could take instead: on that day, else as soon as possible."""
    if not one.may:
        return None
    free = queries.free_in_person(wish.department, one.pools)
    same = free.filter(session__day=wish.day)
    there = [period for period in same if one.is_free(period)]
    return there[0] if there else free.exclude(session__day=wish.day).first()


def _without_public(pools: Sequence[str], shut: Conflict) -> Sequence[str]:
    others = [pool for pool in pools if pool != Pool.PUBLIC]
    if not others:
        raise shut
    return others


Seating = dict[int, tuple[Period, str]]  # by the place in the order


def _seat(people: Sequence[Candidate], periods: Sequence[Period], left: Left) -> None:
    """Most of them first; then near each other, within an hour being near; then early."""
    best: Seating = {}
    rank: tuple[int, timedelta, datetime] | None = None
    for begin in sorted({period.starts_at for period in periods}):
        later = [period for period in periods if period.starts_at >= begin]
        seats = _lay(people, later, dict(left))
        if not seats:
            continue
        starts = sorted(period.starts_at for period, _pool in seats.values())
        apart = max(starts[-1] - starts[0], TOGETHER)
        this = (-len(seats), apart, starts[0])
        if rank is None or this < rank:
            best, rank = seats, this
    for place, (period, pool) in best.items():
        people[place].period, people[place].pool = period, pool


def _lay(people: Sequence[Candidate], periods: Sequence[Period], left: Left) -> Seating:
    """Everybody in order at the first place that is open to them."""
    seats: Seating = {}
    for place, one in enumerate(people):
        for period, pool in _open(one, periods, left):
            left[period.pk, pool] -= 1
            seats[place] = (period, pool)
            break
    return seats


def _open(one: Candidate, periods: Iterable[Period], left: Left) -> Iterator[tuple[Period, str]]:
    for period in periods:
        if not one.is_free(period):
            continue
        for pool in one.pools:
            if left.get((period.pk, pool), 0) > 0:
                yield period, pool
