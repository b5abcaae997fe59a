"""What every claim on a place has in common: who may, the place, the row, the refusals."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from records.consent import access
from records.consent.relationships import is_patient_of_system
from records.mpi.models import Patient
from scheduling.appointments import fees, queries, timing, video
from scheduling.appointments.gates import take_in_turn
from scheduling.appointments.given_back import is_held_to_it, require_others
from scheduling.appointments.models import PER_DAY, Appointment, Channel, Status
from scheduling.appointments.penalties import open_to
from scheduling.appointments.permissions import channel_of, is_clerk_of, pools_of
from scheduling.availability.models import Period
from scheduling.availability.queries import get_place
from scheduling.availability.services.places import lock_period, take_one
from telemed.core import moments
from telemed.core.errors import Conflict, require
from telemed.core.intentions import refusing, require_intention
from telemed.core.statements import insert, together
from telemed.notifications.persons import Voice
from telemed.people.models import User


@contextmanager
def claim(
    *,
    actor: User,
    patient: Patient,
    period_id: Any,
    status: Status,
    pools: Sequence[str] = (),
    **facts: Any,
) -> Iterator[Appointment]:
    """
    A place taken and the row that holds it. Raises a Conflict that says what is in the way.

    The row goes out at the end, in one statement with what is inserted inside. `pools`: a slice
    above has checked who may, and whose places these are.
    """
    patient = patient.merged_into or patient
    wanted = get_place(period_id)
    if not pools:
        require_booker(actor, patient, wanted.organisation_id)
    require(patient.deceased_on is None, _("This person has died."))
    video.require_known(patient, wanted)
    # An examination of a trip is no visit of its own; its visit has the fee.
    price = {} if facts.get("examination") else fees.price(patient, wanted)
    if pools:
        pool = take_one(wanted.pk, pools)
    else:
        pools = pools_of(actor, wanted.organisation, patient)
        pools = open_to(patient, wanted.organisation_id, pools)
        pool = take_in_turn(actor, wanted, pools)
        if is_held_to_it(actor):
            require_others(actor, wanted, pool, facts.get("device", ""))
    booked = status == Status.BOOKED
    claimed = Appointment(
        patient=patient,
        person_key=patient.pk,
        pool=pool,
        status=status,
        channel=(
            Channel.APP
            if require_intention().door == "fhir"
            else channel_of(actor, wanted.organisation_id)
        ),
        booked_by=actor,
        by_system=actor.application_id is not None,
        day_rank=free_rank(patient, wanted, examination=facts.get("examination", "")),
        ticket=queries.free_ticket(wanted.pk) if booked else None,
        booked_at=moments.now() if booked else None,
        held_until=held_until(wanted) if status == Status.HELD else None,
        **where(wanted),
        **price,
        **facts,
    )
    with one_at_a_time(), together():
        insert(claimed)
        yield claimed


def held_until(wanted: Period) -> datetime:
    """By when a place that is chosen now has to be confirmed."""
    return moments.now() + timing.span(timing.HOLD, wanted.organisation_id)


def require_booker(actor: User, patient: Patient, organisation_id: UUID) -> None:
    """The desk of the hospital, the person, who may act for them, the system of who treats them."""
    may = is_clerk_of(actor, organisation_id) or access.allows(actor, "book", patient)
    may = may or is_patient_of_system(actor, patient)
    require(may, _("You may not book for this person."))


def where(period: Period) -> dict[str, Any]:
    """The period, and what of it an appointment says again."""
    return {
        "period": period,
        "organisation": period.organisation,
        "department": period.department,
        "clinician": period.clinician,
        "day": timezone.localdate(period.starts_at),
        "during": DateTimeTZRange(period.starts_at, period.ends_at),
        "mode": video.mode_of(period),
    }


def lock(actor: Voice, appointment_id: UUID) -> Appointment:
    """The period first, then the booking in it: whoever stops or closes it locks in that order."""
    seen = queries.get_appointment(actor, appointment_id)
    lock_periods([seen.period_id, seen.plan_period_id])
    appointment = queries.get_appointment(actor, appointment_id, lock=True)
    if places_of(appointment) != places_of(seen):
        raise Conflict(_("This booking was just moved; look again."), path="period")
    return appointment


def lock_periods(periods: Iterable[UUID | None]) -> None:
    """Each once, always in the same order."""
    for period_id in sorted({period_id for period_id in periods if period_id}):
        lock_period(period_id)


def places_of(appointment: Appointment) -> tuple[UUID, UUID | None]:
    """Where it has a place, and where one is kept for it."""
    return appointment.period_id, appointment.plan_period_id


def free_rank(
    patient: Patient, period: Period, *, leaving: Any = None, examination: str = ""
) -> int:
    """
    Whether this would be the person's first or second booking of the day; 0 for an examination of
    a trip, which goes with its visit. What the constraints refuse is refused here with the time of
    what is in the way.
    """
    there = queries.live_on(patient.pk, timezone.localdate(period.starts_at), leaving)
    counted = [one for one in there if one.day_rank]
    if examination and any(one.examination == examination for one in there):
        raise same_examination()
    if not examination and any(one.department_id == period.department_id for one in counted):
        raise same_day()
    for one in there:
        if one.starts_at < period.ends_at and period.starts_at < one.ends_at:
            time = f"{timezone.localtime(one.starts_at):%H:%M}"
            sentence = _("It overlaps your booking at {time}.").format(time=time)
            raise Conflict(sentence, path="period")
    if examination:
        return 0
    taken = {one.day_rank for one in counted}
    free = [rank for rank in range(1, PER_DAY + 1) if rank not in taken]
    if not free:
        raise day_limit()
    return free[0]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two windows of one person at once: the database's refusals, in the same words."""
    with refusing(
        one_live_booking_a_department_and_day=same_day(),
        two_live_bookings_a_day=day_limit(),
        one_examination_of_a_kind_a_day=same_examination(),
        nobody_is_booked_twice_at_a_time=Conflict(
            _("It overlaps another booking of this person."), path="period"
        ),
        one_hold_an_account=holds_another(),
        one_hold_a_person_of_a_system=holds_another(),
        one_booking_of_an_identifier=Conflict(
            _("A booking of this identifier was made before."), path="Appointment.identifier"
        ),
    ):
        yield


def holds_another() -> Conflict:
    sentence = _("You are holding another time; confirm it or give it back first.")
    return Conflict(sentence, path="period")


def same_day() -> Conflict:
    return Conflict(_("Already booked in this department that day."), path="period")


def same_examination() -> Conflict:
    return Conflict(_("This examination is booked already for that day."), path="period")


def day_limit() -> Conflict:
    return Conflict(_("At most 2 bookings a day."), path="period")
