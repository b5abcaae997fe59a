"""What the booking pages show, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.mpi.models import Patient
from scheduling.appointments import fees, rules, timing, video, waitlist
from scheduling.appointments.codes import code_of
from scheduling.appointments.models import (
    COMING,
    MOST_CALLS,
    Appointment,
    Arrival,
    Move,
    Status,
    Wait,
)
from scheduling.appointments.penalties import Standing, standing_of
from scheduling.appointments.permissions import is_clerk_of, pools_of
from scheduling.appointments.queries import last_move_of, next_in_person, next_with
from scheduling.appointments.services.arriving import EARLY
from scheduling.appointments.services.arriving import UNDO as UNDO_ARRIVING
from scheduling.appointments.services.leaving import UNDO
from scheduling.appointments.services.moving import is_late_move
from scheduling.appointments.services.penalising import CORRECT_WITHIN
from scheduling.availability.models import BOOKABLE, Period, PeriodState, Pool, Stop
from scheduling.availability.queries import examination_of, get_period
from scheduling.availability.rules import RETURNS, returns_at
from scheduling.availability.searching import periods_of
from scheduling.availability.stop_plans import plans_of
from telemed.core import moments, policies
from telemed.organisations.models import Department
from telemed.people.models import CLINICAL, User

NOON = 12
NEXT_FREE = 3
NEW = timedelta(minutes=1)


@dataclass(frozen=True)
class Times:
    """One doctor's (or nobody's) half day: its periods, each with why it cannot be had, or ""."""

    clinician: User | None
    title: str
    morning: bool
    periods: list[tuple[Period, str]]
    video: bool = False
    examination: str = ""  # which one is done there
    why_not: str = ""  # of a visit by video, for the person whom the page is for


@dataclass(frozen=True)
class Ticket:
    """What somebody can still do with a booking."""

    coming: bool
    new: bool  # booked just now: whoever books for many goes on to the next
    movable: bool
    late_from: datetime  # cancelling counts from then on
    is_late: bool
    undo_until: datetime | None
    moved: Move | None  # which can still be taken back
    unmove_until: datetime | None
    plan: Period | None  # what is kept for whoever was displaced
    asked_at: datetime | None
    standing: Standing | None  # what cancelling late would mean
    may_correct: bool  # who was marked as missing or not seen, and was there
    fee_because: Any  # for the person and the desk
    same_doctor: bool  # in what is kept
    with_doctor: list[Period]  # what is free with them soonest, for whoever was displaced
    may_stay: bool  # first in line, where nothing is free
    line: tuple[int, int] | None  # of whoever stays: which one, of how many
    line_until: datetime | None


@dataclass(frozen=True)
class Line:
    """Where somebody stands who waits, and what can be done about it by whoever looks."""

    rank: int  # 0: asked just now, or not waiting any more
    length: int
    asked_at: datetime | None
    grades: list[tuple[int, Any]]  # for a doctor, who says how soon it should be
    asked_from: int  # hours of the day between which somebody is asked there
    asked_until: int


@dataclass(frozen=True)
class FullDay:
    """A day without a free place: may one wait for it, does one, and what is free soonest."""

    may_wait: bool
    waiting: Appointment | None
    free: list[Period]


@dataclass(frozen=True)
class Act:
    """
    A button of the day's list; `main` is the one that comes next. `asks`: what is said with it, the
    last "digits" of a card or, of whom no card is known, a "tick" that it was made sure who came.
    """

    name: str
    label: Any
    main: bool = True
    asks: str = ""


CHECK_IN = Act("check-in", _("Check in"), asks="digits")
CHECK_IN_UNPROVEN = Act("check-in", _("Check in"), asks="tick")
UNDO_CHECK_IN = Act("undo-check-in", _("Undo"), main=False)
CALL, AGAIN = Act("call", _("Call in")), Act("call-again", _("Call again"), main=False)
TAKE_BACK = Act("skip", _("Take the call back"), main=False)
SKIP = Act("skip", _("Not there: three others first"), main=False)
RING = Act("ring", _("Rang, no answer"), main=False)
BEGIN, FULFIL = Act("begin", _("Begin")), Act("fulfil", _("Visit over"))


def acts_on(actor: User, appointment: Appointment) -> list[Act]:
    """What this person can do with it now."""
    clerk = is_clerk_of(actor, appointment.organisation_id)
    near = appointment.during.lower - EARLY <= moments.now() <= appointment.period.session.ends_at
    if appointment.is_video and appointment.status == Status.BOOKED:
        late = moments.now() >= video.ring_from(appointment) and appointment.rung_at is None
        return [RING] if late else []
    match appointment.status:
        case Status.BOOKED | Status.NO_SHOW if clerk and near and not appointment.is_video:
            return [CHECK_IN if appointment.patient.id_card_tail else CHECK_IN_UNPROVEN]
        case Status.ARRIVED | Status.CALLED if appointment.is_video:
            return []  # the room lets in, and begins
        case Status.ARRIVED:
            return [CALL, UNDO_CHECK_IN] if clerk and _is_fresh(appointment) else [CALL]
        case Status.CALLED:
            return [BEGIN, *([SKIP] if _calls(appointment) >= MOST_CALLS else [AGAIN, TAKE_BACK])]
        case Status.IN_VISIT:
            return [FULFIL]
    return []


def first_of(actor: User, rows: Sequence[Appointment]) -> Appointment | None:
    """Whom a doctor calls next out of the list of today."""
    if actor.role not in CLINICAL:
        return None
    waiting = [row for row in rows if row.status == Status.ARRIVED and not row.is_video]
    return min(waiting, key=_turn, default=None)


def address_of_code(appointment: Appointment) -> str:
    """What the QR code of a ticket says; "" where nobody checks in by it (any more)."""
    if appointment.status != Status.BOOKED or appointment.is_video:
        return ""
    return reverse("booking:arrival", args=[code_of(appointment)])


def _turn(row: Appointment) -> float:
    arrival: Arrival | None = getattr(row, "arrival", None)
    return arrival.turn if arrival else 0.0


def _calls(row: Appointment) -> int:
    arrival: Arrival | None = getattr(row, "arrival", None)
    return arrival.calls if arrival else 0


def _is_fresh(row: Appointment) -> bool:
    """Whether checking in can still be undone."""
    arrival: Arrival | None = getattr(row, "arrival", None)
    return arrival is not None and moments.now() <= arrival.arrived_at + UNDO_ARRIVING


def lay_out_times(
    department: Department,
    day: date,
    pools: Sequence[str],
    clinician: UUID | None,
    patient: Patient | None = None,
    moving: Appointment | None = None,
) -> list[Times]:
    """By doctor, then by examination; `moving`: a booking that goes to one of them."""
    found = periods_of(department, day, pools, clinician)
    now = moments.now()

    def half(period: Period) -> tuple[UUID | None, bool, bool, str]:
        morning = timezone.localtime(period.starts_at).hour < NOON
        return period.clinician_id, morning, video.is_video(period), examination_of(period)

    rows = []
    if moving:
        found = [one for one in found if examination_of(one) == examination_of(moving.period)]
    found.sort(key=lambda one: (examination_of(one) != "", examination_of(one)))  # doctors first
    for (_who, morning, far, examination), periods in groupby(found, key=half):
        several = list(periods)
        doctor = several[0].clinician
        practitioner = getattr(doctor, "practitioner", None)
        title = practitioner.get_title_display() if practitioner else ""
        states = [(one, state(one, now, at_desk=Pool.WALK_IN in pools)) for one in several]
        why_not = video.why_not(patient, several[0]) if far and patient else ""
        rows.append(Times(doctor, title, morning, states, far, examination, why_not))
    return rows


def first_open(rows: Sequence[Times]) -> Period | None:
    """Where a desk's next key goes: the soonest of all doctors."""
    free = (one for row in rows if not row.why_not for one, word in row.periods if word == "open")
    return min(free, key=lambda one: one.starts_at, default=None)


def returning(rows: Sequence[Times]) -> list[tuple[str, datetime]]:
    """
    When what is kept for others on that day is everybody's if they do not use it: by the rule under
    which its first period was laid. Empty once booking from afar has ended.
    """
    first = next((period for row in rows for period, _state in row.periods), None)
    if first is None or first.closes_at <= moments.now():
        return []
    found = ((pool, returns_at(first, pool)) for pool in RETURNS)
    known = [(str(pool.label), moment) for pool, moment in found if moment]
    return sorted(known, key=lambda one: one[1])


def in_person_instead(
    rows: Sequence[Times], department: Department, pools: Sequence[str]
) -> list[Period]:
    """What is free soonest in person, for whom a visit by video of this day is not."""
    if not any(row.why_not for row in rows):
        return []
    return next_in_person(department, pools, NEXT_FREE)


def line_of(actor: User, entry: Appointment) -> Line:
    rank, length = waitlist.place_of(entry)
    allowance = rules.answer_within(entry.organisation_id, far=entry.wait.far)
    return Line(
        rank=rank,
        length=length,
        asked_at=entry.held_until - allowance if entry.held_until else None,
        grades=list(Wait.Grade.choices) if actor.role in CLINICAL else [],
        asked_from=policies.value(rules.NIGHT_UNTIL, entry.organisation_id),
        asked_until=policies.value(rules.NIGHT_FROM, entry.organisation_id),
    )


def full_day(
    rows: Sequence[Times], department: Department, pools: Sequence[str], patient: Patient | None
) -> FullDay | None:
    """None where something is free that day, or nothing takes place."""
    states = [(period, word) for row in rows if not row.video for period, word in row.periods]
    if not states or any(word == "open" for _period, word in states):
        return None
    now = moments.now()
    full = [one for one, word in states if word == "full" and one.closes_at > now]
    own = waitlist.waits_of([patient]) if patient else []
    day = timezone.localdate(states[0][0].starts_at)
    there = (one for one in own if one.department_id == department.pk and one.day == day)
    return FullDay(
        may_wait=bool(full),
        waiting=next(there, None),
        free=next_in_person(department, pools, NEXT_FREE),
    )


def state(period: Period, now: datetime, *, at_desk: bool = False) -> str:
    """open, full, closed, stopped, held_up or past. At the desk until the period is over."""
    if period.session.held_up_at and period.starts_at > now:
        return "held_up"
    if period.state == PeriodState.STOPPED:
        return "stopped"
    if at_desk and period.state in BOOKABLE and now < period.ends_at:
        return "open" if getattr(period, "free", 0) > 0 else "full"
    if period.starts_at <= now:
        return "past"
    if period.state != PeriodState.OPEN or period.closes_at <= now:
        return "closed"
    return "open" if getattr(period, "free", 0) > 0 else "full"


def plans_for(actor: User, appointment: Appointment) -> list[dict[str, Any]]:
    """What the desk can offer when the hospital cannot see somebody; empty for everybody else."""
    ahead = appointment.status == Status.BOOKED and appointment.during.lower > moments.now()
    if not (ahead and is_clerk_of(actor, appointment.organisation_id)):
        return []
    session = appointment.period.session
    return [one for one in plans_of(session) if one["value"] != Stop.Plan.SUBSTITUTE]


def standing_for_move(actor: User, appointment: Appointment) -> Standing | None:
    """What moving it now adds, where it is late."""
    if not is_late_move(actor, appointment):
        return None
    return standing_of(appointment.person_key, appointment.organisation_id)


def standing_for_trip_move(actor: User, stops: Sequence[Appointment]) -> Standing | None:
    """The same for all of a trip: what is late of it counts once."""
    found = (standing_for_move(actor, one) for one in stops)
    return next((standing for standing in found if standing), None)


def ticket_of(actor: User, appointment: Appointment) -> Ticket:
    now = moments.now()
    limit = appointment.period.closes_at
    ahead = appointment.during.lower > now
    undo = None
    displaced = appointment.status == Status.DISPLACED
    if appointment.status == Status.CANCELLED and not appointment.ended_because:
        undo = (appointment.ended_at or now) + UNDO
    moved = _just_moved(appointment, now)
    booked_at = appointment.booked_at
    return Ticket(
        new=booked_at is not None and now - booked_at <= NEW,
        coming=displaced or (appointment.status in COMING and ahead),
        movable=displaced or (appointment.status in COMING and ahead),
        late_from=limit,
        is_late=now >= limit,
        undo_until=undo if undo and undo > now else None,
        moved=moved,
        unmove_until=moved.moved_at + UNDO if moved else None,
        plan=get_period(appointment.plan_period_id) if appointment.plan_period_id else None,
        standing=standing_of(appointment.person_key, appointment.organisation_id)
        if appointment.status == Status.BOOKED and now >= limit
        else None,
        may_correct=(appointment.status == Status.NO_SHOW or appointment.is_unseen)
        and is_clerk_of(actor, appointment.organisation_id)
        and now - appointment.during.upper <= CORRECT_WITHIN,
        asked_at=_asked_at(appointment),
        fee_because=fees.reason_for(actor, appointment),
        **_with_doctor(actor, appointment),
    )


def _just_moved(appointment: Appointment, now: datetime) -> Move | None:
    """What of it can be taken back, as far as the place is still there."""
    last = last_move_of(appointment) if appointment.status == Status.BOOKED else None
    return last if last and now <= last.moved_at + UNDO else None


def _asked_at(appointment: Appointment) -> datetime | None:
    """Where the time to answer began, as far as it was not cut short."""
    if appointment.answer_by is None:
        return None
    return appointment.answer_by - timing.span(timing.CHOICE, appointment.organisation_id)


def _with_doctor(actor: User, appointment: Appointment) -> dict[str, Any]:
    """How whoever was displaced stays with the same doctor."""
    stays = waitlist.stays(appointment)
    plan = appointment.plan_period
    same = plan is not None and plan.clinician_id == appointment.clinician_id
    asks = appointment.status == Status.DISPLACED and appointment.clinician_id and not stays
    free: list[Period] = []
    if asks and not same:
        pools = pools_of(actor, appointment.organisation, appointment.patient)
        free = next_with(appointment, pools, NEXT_FREE)
    return {
        "same_doctor": same,
        "with_doctor": free,
        "may_stay": bool(asks) and not same and not free,
        "line": waitlist.line_with(appointment) if stays else None,
        "line_until": appointment.wait.since + rules.stays_for(appointment.organisation_id)
        if stays
        else None,
    }
