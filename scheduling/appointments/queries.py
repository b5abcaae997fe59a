"""Bookings that somebody may see."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from records.consent import access
from records.mpi.models import Patient
from scheduling.appointments.models import (
    COMING,
    LIVE,
    TICKETED,
    WAITING,
    Appointment,
    Arrival,
    Mode,
    Move,
    Status,
)
from scheduling.appointments.permissions import CLERKS, may_see_visit
from scheduling.availability.booked import Booked
from scheduling.availability.models import Kind, Period
from scheduling.availability.queries import open_periods, soonest_free
from telemed.core.errors import NotFound
from telemed.core.statements import ask
from telemed.notifications.persons import Speaker, Voice
from telemed.organisations.models import Department
from telemed.people.models import Role, User

SHOWN = ["period__session", "patient", "organisation", "department", "clinician", "booked_by"]
UNCERTAIN = [Status.HELD, Status.OFFERED]  # a place that is kept and not booked
GONE = [Status.CANCELLED, Status.EXPIRED]
PAGE = 20
_LIVE = ", ".join(f"'{status.value}'" for status in LIVE)
_TICKETED = ", ".join(f"'{status.value}'" for status in TICKETED)
HOLD = """
    SELECT id FROM appointments_appointment
    WHERE booked_by_id = $1 AND status = 'held' AND NOT by_system
"""
# In the words of one_holder_of_a_ticket, whose index answers it: who holds a place has none yet.
TICKETS = f"""
    SELECT ticket FROM appointments_appointment
    WHERE period_id = $1 AND status IN ({_TICKETED})
"""  # noqa: S608 - our own words
DAY = f"""
    SELECT department_id, lower(during), upper(during), day_rank, examination
    FROM appointments_appointment
    WHERE person_key = $1 AND day = $2 AND status IN ({_LIVE}) AND ($3::uuid IS NULL OR id <> $3)
    ORDER BY during
"""  # noqa: S608


def visible_to(actor: Voice) -> QuerySet[Appointment]:
    """Those of the people for whom this account may book, and of the desk it sits at."""
    rows = Appointment.objects.exclude(status=Status.EXPIRED, wait=None)  # a hold that ended
    if actor.role in CLERKS and actor.organisation_id:
        here = Q(organisation=actor.organisation_id)
        # A system has also booked elsewhere, for whom its institution treats.
        return rows.filter(here | Q(booked_by=actor) if actor.application_id else here)
    if actor.role == Role.SPECIALIST and actor.acting_as:
        acting = actor.acting_as
        mine = Q(clinician=actor.pk) | Q(clinician=None, department=acting.department_id)
        return rows.filter(mine, organisation=acting.organisation_id)
    theirs = access.visible(actor, "book", rows)
    if isinstance(actor, Speaker) or actor.role != Role.TOWNSHIP_DOCTOR:
        return theirs
    return rows.filter(Q(pk__in=theirs.values("pk")) | _own_visits(actor))


def _own_visits(actor: User) -> Q:
    """Those that a family doctor has promised, at the own clinic."""
    return Q(clinician=actor.pk, organisation=actor.organisation_id)


def get_appointment(actor: Voice, appointment_id: UUID, *, lock: bool = False) -> Appointment:
    """Raises NotFound: absent, or not this person's to know of."""
    rows = visible_to(actor).select_related(*SHOWN)
    if lock:
        rows = rows.select_for_update(of=["self"], no_key=True)
    found = rows.filter(pk=appointment_id).first()
    if found is None or (actor.role == Role.SPECIALIST and not may_see_visit(actor, found)):
        raise NotFound(_("Not found, or not yours to know of."))
    return found


def get_booked_by(account: User, appointment_id: UUID) -> Appointment:
    """What this account holds or booked itself. Raises NotFound."""
    rows = Appointment.objects.filter(booked_by=account).select_related(*SHOWN)
    found = rows.filter(pk=appointment_id).first()
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."))
    return found


def coming_of(people: Iterable[Patient]) -> list[Appointment]:
    """What these people have before them, the soonest first."""
    keys = [person.pk for person in people]
    today = timezone.localdate()
    ahead = Q(day__gte=today) | Q(status=Status.DISPLACED)  # who still has to choose does
    live = Appointment.objects.filter(ahead, person_key__in=keys, status__in=LIVE)
    certain = live.exclude(status__in=UNCERTAIN)
    return list(certain.select_related(*SHOWN).order_by("during", "pk"))


def stops_of(actor: User, appointment: Appointment) -> list[Appointment]:
    """What still stands of the trip that this is a part of, in order; alone, it is no trip."""
    if appointment.trip_id is None:
        return []
    stops = visible_to(actor).filter(trip=appointment.trip_id).exclude(status__in=GONE)
    return list(stops.select_related(*SHOWN).order_by("during", "pk"))


def standing_with(appointment: Appointment) -> int:
    """How many other stops of its trip still stand."""
    if appointment.trip_id is None:
        return 0
    others = Appointment.objects.filter(trip=appointment.trip_id, status__in=COMING)
    return others.exclude(pk=appointment.pk).count()


def earlier_of(people: Iterable[Patient], before: date | None = None) -> list[Appointment]:
    """What is over or was cancelled, the newest first."""
    keys = [person.pk for person in people]
    rows = Appointment.objects.filter(person_key__in=keys).exclude(
        status__in=[Status.HELD, Status.EXPIRED, *WAITING]
    )
    past = Q(day__lt=timezone.localdate()) & ~Q(status=Status.DISPLACED)
    over = ~Q(status__in=LIVE) | past
    rows = rows.filter(over, **({"day__lt": before} if before else {}))
    return list(rows.select_related(*SHOWN).order_by("-day", "-pk")[:PAGE])


def booked_in(period_ids: Collection[UUID]) -> list[Booked]:
    """Who has a place in these periods, for whoever wants to change them."""
    live = Appointment.objects.filter(
        Q(period__in=period_ids, status__in=LIVE) | Q(plan_period__in=period_ids)
    )
    shown = live.select_related("patient").order_by("during", F("ticket").asc(nulls_last=True))
    return [
        Booked(
            period_id=_there(one, period_ids),
            name=one.patient.name,
            ticket=one.ticket or 0,
            phone=one.patient.phone,
            url=f"/booking/{one.pk}/",
        )
        for one in shown
    ]


def find_arrival(appointment: Appointment) -> Arrival | None:
    """Locked by who locked the booking: nothing of an arrival changes without it."""
    rows = Arrival.objects.filter(appointment=appointment)
    return rows.select_related("checked_in_by", "called_by").first()


def has_hold(actor: User) -> bool:
    """Whether find_hold() would find something; most accounts hold nothing."""
    return bool(ask(HOLD, actor.pk))


def _there(one: Appointment, period_ids: Collection[UUID]) -> UUID:
    """Where it has its place, or is kept one."""
    if one.period_id in period_ids or one.plan_period_id is None:
        return one.period_id
    return one.plan_period_id


def find_hold(actor: User) -> Appointment | None:
    """What this account holds while it confirms."""
    held = Appointment.objects.filter(booked_by=actor, status=Status.HELD, by_system=False)
    return held.select_related(*SHOWN).first()


def find_hold_for(system: User, patient: Patient) -> Appointment | None:
    """What a registered system holds for this person; it may hold one for each."""
    held = Appointment.objects.filter(booked_by=system, status=Status.HELD, by_system=True)
    return held.filter(patient=patient).select_related(*SHOWN).first()


def free_ticket(period_id: UUID) -> int:
    """The lowest free number of a period, which the caller has locked."""
    taken = {number for (number,) in ask(TICKETS, period_id)}
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


@dataclass(frozen=True)
class Claimed:
    """What a claim has to know of a person's other bookings of the day."""

    department_id: UUID
    starts_at: datetime
    ends_at: datetime
    day_rank: int
    examination: str


def live_on(person_key: UUID, day: date, leaving: UUID | None = None) -> list[Claimed]:
    """What somebody has that day, but for one that they are leaving."""
    return [Claimed(*row) for row in ask(DAY, person_key, day, leaving)]


def clashing(person_key: UUID, during: object) -> Appointment | None:
    """What this person has at that time already."""
    live = Appointment.objects.filter(person_key=person_key, status__in=LIVE)
    return live.filter(during__overlap=during).first()


def last_move_of(appointment: Appointment) -> Move | None:
    """By which it stands where it stands."""
    rows = Move.objects.filter(appointment=appointment, took=appointment.period_id)
    return rows.select_related("left__session").first()


def today_at(organisation_id: UUID | None, person_key: UUID) -> list[Appointment]:
    """What somebody comes for today at this hospital, the soonest first."""
    here = [Status.BOOKED, Status.NO_SHOW, Status.ARRIVED]
    rows = Appointment.objects.filter(
        organisation=organisation_id,
        person_key=person_key,
        day=timezone.localdate(),
        status__in=here,
        mode=Mode.IN_PERSON,
    )
    return list(rows.select_related(*SHOWN).order_by("during", "pk"))


def day_list(actor: User, day: date) -> list[Appointment]:
    """A doctor's visits of a day, or a desk's, in the order in which they are called."""
    rows = visible_to(actor)
    if actor.role == Role.TOWNSHIP_DOCTOR:  # whom they booked elsewhere is no list of theirs
        rows = rows.filter(_own_visits(actor))
    came = Q(status=Status.CANCELLED, arrival__isnull=False)  # and was not seen
    rows = rows.filter(Q(status__in=[*LIVE, Status.FULFILLED, Status.NO_SHOW]) | came, day=day)
    shown = rows.exclude(status__in=UNCERTAIN).select_related(*SHOWN, "arrival")
    return list(shown.order_by("during", F("ticket").asc(nulls_last=True), "pk"))


def is_readable(row: Appointment) -> bool:
    """
    Whether the visit opens the record to whom it is with: by name from the booking on, else once
    the patient is there (services/opening.py).
    """
    return bool(row.clinician_id) or row.status not in (Status.BOOKED, Status.NO_SHOW)


def waiting_for(actor: User, day: date) -> list[UUID]:
    """Who waits for this doctor, in the order in which they are called."""
    rows = visible_to(actor)
    if actor.role == Role.TOWNSHIP_DOCTOR:
        rows = rows.filter(_own_visits(actor))
    waiting = rows.filter(day=day, status=Status.ARRIVED, mode=Mode.IN_PERSON)
    order = F("arrival__turn").asc(nulls_first=True)
    return list(waiting.order_by(order, "during", "ticket").values_list("pk", flat=True))


def booked_on(person_keys: Collection[UUID], day: date) -> dict[UUID, list[Appointment]]:
    """By person: what they have that day, anywhere."""
    rows = Appointment.objects.filter(person_key__in=person_keys, day=day, status__in=LIVE)
    found: dict[UUID, list[Appointment]] = {}
    for row in rows.select_related("department").order_by("during"):
        found.setdefault(row.person_key, []).append(row)
    return found


def free_in_person(department: Department, pools: Sequence[str]) -> QuerySet[Period]:
    """What is free there from afar, and not by video, the soonest first."""
    free = open_periods(pools).filter(department=department)
    return free.exclude(session__kind=Kind.VIDEO)


def next_in_person(department: Department, pools: Sequence[str], most: int) -> list[Period]:
    """What these pools may book there soonest, and not by video."""
    in_person = ~Q(session__kind=Kind.VIDEO)
    return soonest_free(department.pk, pools, most=most, wanted=in_person)


def next_with(appointment: Appointment, pools: Sequence[str], most: int) -> list[Period]:
    """What these pools may book soonest with the doctor of a booking, for the same service."""
    session = appointment.period.session
    same = Q(
        clinician=appointment.clinician_id,
        session__kind=session.kind,
        session__service=session.service,
    )
    same &= ~Q(session=session.pk)
    return soonest_free(appointment.department_id, pools, most=most, wanted=same)
