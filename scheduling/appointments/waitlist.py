"""Who waits for which places, and in which order."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Sum, Value, When

from records.consent import access
from records.mpi.models import Patient
from scheduling.appointments import rules
from scheduling.appointments.models import WAITING, Appointment, Status, Wait
from scheduling.appointments.permissions import is_clerk_of
from scheduling.appointments.queries import SHOWN, visible_to
from scheduling.appointments.video import is_video
from scheduling.availability.models import BOOKABLE, Period, PeriodState, Pool
from telemed.core import moments
from telemed.notifications.persons import Voice
from telemed.organisations.models import Department
from telemed.people.models import User

LAPSES = 2  # offers let go, after which somebody stands at the end
HANDED_ON = (Pool.PUBLIC, Pool.FAMILY_DOCTOR, Pool.PHONE)  # the others stay whose they are


def may_answer(actor: Voice, entry: Appointment) -> bool:
    """Who may book for that person, and the desk of the hospital."""
    clerk = is_clerk_of(actor, entry.organisation_id)
    return clerk or access.decide(actor, "book", entry).allowed


def open_periods_of(
    department: Department, day: date, pools: Sequence[str], clinician_id: UUID | None
) -> list[Period]:
    """What of that day can still be booked from afar, each with its `free` places for these."""
    rows = Period.objects.filter(
        department=department,
        session__day=day,
        state=PeriodState.OPEN,
        closes_at__gt=moments.now(),
    )
    if clinician_id:
        rows = rows.filter(clinician=clinician_id)
    free = Sum(F("pools__places") - F("pools__taken"), filter=Q(pools__pool__in=pools), default=0)
    shown = rows.annotate(free=free).select_related("organisation", "department", "clinician")
    return list(shown.order_by("starts_at", "pk"))


def anybody_waits(period: Period) -> bool:
    """Whoever cancels for that day gives the place to a person."""
    return bool(_staying(period, moments.now())) or _of_the_day(period).exists()


def in_line_for(period: Period, pool: str, now: datetime) -> list[UUID]:
    """
    Who is asked about a place of this pool, the first first: whoever let two offers go comes last;
    then by a doctor's grade, then who stays with the doctor after a stop, then who lives far away
    while the bus is catchable, then by time.
    """
    if pool not in HANDED_ON or period.state not in BOOKABLE:
        return []
    wanted = _in_line(period, now)
    if pool != Pool.PUBLIC:
        wanted = wanted.filter(wait__pools__contains=[pool])
    org, starts_at = period.organisation_id, period.starts_at
    if not rules.is_catchable(org, starts_at, now, far=False):
        return []
    bus = rules.is_catchable(org, starts_at, now, far=True)
    rows = wanted.exclude(wait__let_go__contains=[period.pk])
    return list(ordered(rows, far_first=bus).values_list("pk", flat=True))


def ordered(rows: QuerySet[Appointment], *, far_first: bool = True) -> QuerySet[Appointment]:
    last = Case(When(wait__lapses__gte=LAPSES, then=Value(1)), default=Value(0))
    by_distance = F("wait__far").desc() if far_first else F("wait__far").asc()
    graded, staying = F("wait__grade").desc(), F("wait__stays").desc()
    return rows.order_by(last, graded, staying, by_distance, "wait__since", "pk")


def stays(appointment: Appointment) -> bool:
    """Displaced by a stop, and first in line for the doctor (ADR 0056)."""
    if appointment.status != Status.DISPLACED:
        return False
    wait = Wait.objects.filter(pk=appointment.pk, stays=True)
    return wait.exists()


def staying_at(period: Period) -> list[UUID]:
    """Who stays with the doctor of a period that can be booked from afar, the first first."""
    pks = _staying(period, moments.now())
    return list(ordered(Appointment.objects.filter(pk__in=pks)).values_list("pk", flat=True))


def stayed_for(periods: QuerySet[Period]) -> list[Period]:
    """Those of the periods with whose doctor somebody stays, the soonest first."""
    doctors = set(_stays().values_list("appointment__department", "clinician"))
    if not doctors:
        return []
    rows = periods.filter(
        state=PeriodState.OPEN,
        closes_at__gt=moments.now(),
        clinician__in=[clinician for _department, clinician in doctors],
    )
    found = rows.select_related("session").order_by("starts_at", "pk")
    return [one for one in found if (one.department_id, one.clinician_id) in doctors]


def line_with(appointment: Appointment) -> tuple[int, int]:
    """Which one somebody is who stays with a doctor, and of how many."""
    here = _stays().filter(
        clinician=appointment.wait.clinician_id, appointment__department=appointment.department_id
    )
    rows = Appointment.objects.filter(pk__in=here.values("pk"))
    line = list(ordered(rows).values_list("pk", flat=True))
    return (line.index(appointment.pk) + 1 if appointment.pk in line else 0), len(line)


def _stays() -> QuerySet[Wait]:
    return Wait.objects.filter(stays=True, appointment__status=Status.DISPLACED)


def _staying(period: Period, now: datetime) -> list[UUID]:
    """
    While they could still cancel without a point: they are booked unasked. By video, or for the
    same service, as it was; and not in the session that was stopped, to which a restored stop
    brings them back with their number.
    """
    if period.clinician_id is None or period.closes_at <= now:
        return []
    here = (
        _stays()
        .filter(
            clinician=period.clinician_id,
            appointment__department=period.department_id,
            appointment__period__session__kind=period.session.kind,
            appointment__period__session__service=period.session.service,
        )
        .exclude(appointment__period__session=period.session_id)
    )
    return list(here.values_list("pk", flat=True))


def _in_line(period: Period, now: datetime) -> QuerySet[Appointment]:
    """Of the day, with this doctor or with anybody; and of any day who stays with this doctor."""
    of_the_day = _of_the_day(period).filter(
        Q(wait__clinician=None) | Q(wait__clinician=period.clinician_id)
    )
    if staying := _staying(period, now):
        return Appointment.objects.filter(Q(pk__in=staying) | Q(pk__in=of_the_day.values("pk")))
    return of_the_day


def _of_the_day(period: Period) -> QuerySet[Appointment]:
    """One waits for a visit in person: a place by video does not do for everybody."""
    if is_video(period):
        return Appointment.objects.none()
    return Appointment.objects.filter(
        department=period.department_id, day=period.session.day, status=Status.WAITLISTED
    )


def place_of(entry: Appointment) -> tuple[int, int]:
    """Which one somebody is, and of how many, as the next place would be given out now."""
    rows = Appointment.objects.filter(
        department=entry.department_id, day=entry.day, status=Status.WAITLISTED
    )
    line = list(ordered(rows).values_list("pk", flat=True))
    return (line.index(entry.pk) + 1 if entry.pk in line else 0), len(line)


def waits_of(people: Iterable[Patient]) -> list[Appointment]:
    """What these people wait for, offers first."""
    keys = [person.pk for person in people]
    rows = Appointment.objects.filter(person_key__in=keys, status__in=WAITING)
    return list(rows.select_related(*SHOWN, "wait").order_by("status", "day", "pk"))


def offers_to(people: Iterable[Patient]) -> list[Appointment]:
    """Places that wait for an answer of these people."""
    return [one for one in waits_of(people) if one.status == Status.OFFERED]


def waiting_on(actor: User, day: date) -> list[Appointment]:
    """The lists of a day, as the desk or a doctor of the hospital sees them."""
    rows = visible_to(actor).filter(day=day, status__in=WAITING)
    shown = rows.select_related(*SHOWN, "wait__clinician")
    return list(ordered(shown.order_by()))


def waited_for(periods: QuerySet[Period]) -> list[Period]:
    """Those of the periods that have a public place, and a list of their day."""
    free = periods.filter(
        state=PeriodState.OPEN,
        closes_at__gt=moments.now(),
        pools__pool=Pool.PUBLIC,
        pools__taken__lt=F("pools__places"),
    )
    rows = free.select_related("session").order_by("starts_at", "pk")
    return [period for period in rows if anybody_waits(period)]
