"""Which days a trip fits: what is free is read in a few statements, whatever there is of it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from records.mpi.models import Patient
from scheduling.appointments import rules
from scheduling.appointments.examinations import NOON, is_laboratory
from scheduling.appointments.models import LIVE, PER_DAY, Appointment, Trip
from scheduling.appointments.permissions import pools_of
from scheduling.appointments.trips import Place, Plan, Stop, plan
from scheduling.availability.models import Kind, Period, Session, State
from scheduling.availability.queries import find_periods, open_periods
from scheduling.availability.searching import AHEAD
from telemed.organisations.models import Department
from telemed.people.models import User

MOST = 3  # proposals
VISIT = ""  # the name of the stop at the doctor's
Places = dict[str, list[Place]]  # by the name of the stop


@dataclass(frozen=True)
class Wish:
    """What somebody wants to have done, and between which buses."""

    examinations: tuple[str, ...]
    order: str = Trip.Order.VISIT_LAST
    since: date | None = None
    arrive: time | None = None
    leave: time | None = None


@dataclass(frozen=True)
class Proposal:
    """One day on which it fits: what is done when, in order; "" is the visit."""

    day: date
    stops: list[tuple[str, Period]]
    leave_home: datetime

    @property
    def visit(self) -> Period:
        return next(period for name, period in self.stops if name == VISIT)

    @property
    def examinations(self) -> list[Period]:
        return [period for name, period in self.stops if name != VISIT]


@dataclass(frozen=True)
class Found:
    """
    Proposals, the soonest first. Where nothing fits all of it: what was left out, and the days on
    which the rest fits. `visit_on`: the first day with the doctor where no examination fits.
    """

    proposals: list[Proposal]
    left_out: tuple[str, ...] = ()
    visit_on: date | None = None


@dataclass(frozen=True)
class _Asked:
    """All that one search has read."""

    wish: Wish
    gap: timedelta
    results: timedelta
    free: dict[date, Places]

    def on(self, day: date, examinations: Sequence[str]) -> Plan | None:
        here = self.free[day]
        stops = [
            Stop(name, here.get(name, []), _ready(name, self.results)) for name in examinations
        ]
        first = self.wish.order == Trip.Order.VISIT_FIRST
        return plan(Stop(VISIT, here.get(VISIT, [])), stops, gap=self.gap, visit_first=first)

    def plans(self, examinations: Sequence[str]) -> list[tuple[date, Plan]]:
        found: list[tuple[date, Plan]] = []
        for day in sorted(self.free):
            there = self.on(day, examinations)
            if there:
                found.append((day, there))
            if len(found) == MOST:
                break
        return found


def examinations_at(organisation_id: UUID) -> list[str]:
    """Which examinations this hospital has sessions for in the days that can be booked."""
    today = timezone.localdate()
    rows = Session.objects.filter(
        organisation=organisation_id,
        kind=Kind.EXAMINATION,
        state=State.PUBLISHED,
        day__range=(today, today + timedelta(days=AHEAD)),
    ).exclude(service="")
    return list(rows.order_by("service").values_list("service", flat=True).distinct())


def find_trips(
    actor: User,
    patient: Patient,
    department: Department,
    wish: Wish,
    *,
    doctor: UUID | None = None,
    visit: Appointment | None = None,
    moving: Sequence[Appointment] = (),
) -> Found:
    """
    Up to three days. `visit`: one that is booked already, whose day it is; `moving`: the stops of a
    trip that is to go to another day.
    """
    hospital = department.organisation
    today = timezone.localdate()
    first, last = max(today, wish.since or today), today + timedelta(days=AHEAD)
    if visit:
        first = last = visit.day
    free = _free(
        open_periods(pools_of(actor, hospital, patient)),
        department,
        wish,
        (first, last),
        None if visit else Q(department=department.pk, **({"clinician": doctor} if doctor else {})),
    )
    busy = _busy(patient, first, last, {one.pk for one in [*moving, *([visit] if visit else [])]})
    away = {one.day for one in moving}
    days = {
        day: _fitting(places, day, wish, busy[day], department, hospital.pk)
        for day, places in free.items()
        if day not in away
    }
    if visit:
        own = Place(visit.during.lower, visit.during.upper, visit.period_id)
        days.setdefault(visit.day, {})[VISIT] = [own]
    asked = _Asked(
        wish=wish,
        gap=rules.walk(hospital.pk),
        free=days,
        results=rules.results_after(hospital.pk),
    )
    way = rules.way_to(patient, hospital)
    plans = asked.plans(wish.examinations)
    if plans:
        return Found(_shown(plans, way))
    return _without(asked, way, alone=visit is None)


def _without(asked: _Asked, way: timedelta, *, alone: bool) -> Found:
    """The least that has to be left out, and of that what makes the day come soonest."""
    wanted = asked.wish.examinations
    for n in range(1, len(wanted)):
        tried = []
        for left_out in combinations(wanted, n):
            plans = asked.plans([name for name in wanted if name not in left_out])
            if plans:
                tried.append((plans, left_out))
        if tried:
            plans, left_out = min(tried, key=lambda one: one[0][0][0])
            return Found(_shown(plans, way), left_out)
    by_itself = asked.plans([]) if alone else []
    return Found([], wanted, by_itself[0][0] if by_itself else None)


def _shown(plans: Sequence[tuple[date, Plan]], way: timedelta) -> list[Proposal]:
    keys = [place.key for _day, one in plans for _name, place in one.stops]
    periods = {period.pk: period for period in find_periods(keys)}
    return [
        Proposal(
            day=day,
            stops=[(name, periods[place.key]) for name, place in one.stops],
            leave_home=one.begins - way,
        )
        for day, one in plans
    ]


def _free(
    periods: Any, department: Department, wish: Wish, days: tuple[date, date], seen: Q | None
) -> dict[date, Places]:
    """What can be had there on each day, by its name, in one statement."""
    examined = Q(session__kind=Kind.EXAMINATION, session__service__in=wish.examinations)
    wanted = examined if seen is None else examined | seen & Q(session__kind=Kind.CLINIC)
    rows = periods.filter(
        wanted, organisation=department.organisation_id, session__day__range=days
    ).values_list("session__day", "session__kind", "session__service", "starts_at", "ends_at", "pk")
    free: dict[date, Places] = defaultdict(lambda: defaultdict(list))
    for day, kind, service, starts_at, ends_at, key in rows:
        name = service if kind == Kind.EXAMINATION else VISIT
        free[day][name].append(Place(starts_at, ends_at, key))
    return free


def _busy(
    patient: Patient, first: date, last: date, besides: Collection[UUID]
) -> dict[date, list[Appointment]]:
    """What the person has before them on these days."""
    rows = Appointment.objects.filter(
        person_key=patient.pk, status__in=LIVE, day__range=(first, last)
    )
    shown = rows.exclude(pk__in=besides).only(
        "day", "during", "department", "day_rank", "examination"
    )
    busy: dict[date, list[Appointment]] = defaultdict(list)
    for one in shown:
        busy[one.day].append(one)
    return busy


def _fitting(
    places: Places,
    day: date,
    wish: Wish,
    busy: Sequence[Appointment],
    department: Department,
    organisation_id: UUID,
) -> dict[str, list[Place]]:
    """Of what is free that day what is in nobody's way: the person's own, the buses, the rules."""
    walk = rules.walk(organisation_id)
    earliest = _at(day, wish.arrive) + walk if wish.arrive else None
    latest = _at(day, wish.leave) - walk if wish.leave else None
    counted = [one for one in busy if one.day_rank]
    shut = {one.examination for one in busy if one.examination}
    if len(counted) >= PER_DAY or any(one.department_id == department.pk for one in counted):
        shut.add(VISIT)
    noon = _at(day, NOON)

    def fits(name: str, place: Place) -> bool:
        return (
            (earliest is None or place.starts_at >= earliest)
            and (latest is None or place.ends_at <= latest)
            and (not is_laboratory(name) or place.ends_at <= noon)
            and not any(
                one.during.lower < place.ends_at and place.starts_at < one.during.upper
                for one in busy
            )
        )

    return {
        name: [place for place in some if fits(name, place)]
        for name, some in places.items()
        if name not in shut
    }


def _ready(name: str, results: timedelta) -> timedelta:
    return results if is_laboratory(name) else timedelta()


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
