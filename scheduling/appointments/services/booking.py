"""Holding a place while somebody confirms, and booking it."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from records.mpi.models import Patient
from scheduling.appointments import clock_rows, queries
from scheduling.appointments.events import AppointmentBooked
from scheduling.appointments.models import Appointment, Status, Trip
from scheduling.appointments.services.claiming import claim, where
from scheduling.appointments.services.leaving import drop_hold
from scheduling.appointments.services.opening import open_record
from scheduling.availability.queries import get_place
from scheduling.availability.services.places import lock_period
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.errors import Conflict, NotFound
from telemed.core.intentions import require_intention
from telemed.core.statements import together
from telemed.people.models import User

LONGEST_REASON = 200
CONFIRMED = ["status", "ticket", "reason", "booked_at", "held_until"]


def hold(*, actor: User, patient: Patient, period_id: UUID, device: str = "") -> Appointment:
    """
    Keep a place for some minutes; what this account held before goes back. A registered system
    holds one for each of its patients. `device`: what its browser is known by, hashed.

    Raises PeriodFull, PeriodClosed, or a Conflict that says what is in the way.
    """
    require_intention()
    before = _held_before(actor, patient)
    if before and _is_held(before, patient, period_id):
        return before
    if before:
        drop_hold(before)
    with claim(
        actor=actor,
        patient=patient,
        period_id=period_id,
        status=Status.HELD,
        device=device,
    ) as held:
        clock_rows.start_hold(held)
        audit.record(action="appointment.hold", target=held, patient_id=held.patient_id)
    return held


def confirm(*, actor: User, appointment_id: UUID, reason: str = "") -> Appointment:
    """What was held is booked. Doing it twice is done once."""
    require_intention()
    mine = Appointment.objects.filter(pk=appointment_id, booked_by=actor)
    period_id = mine.values_list("period", flat=True).first()
    if period_id is None:
        raise NotFound(_("Not found, or not yours to know of."))
    lock_period(period_id)
    appointment = mine.select_for_update(of=["self"], no_key=True).select_related("patient").get()
    for name, value in where(get_place(appointment.period_id)).items():
        setattr(appointment, name, value)
    if appointment.status == Status.BOOKED:
        return appointment
    over = appointment.held_until and appointment.held_until <= moments.now()
    if over or appointment.status == Status.EXPIRED:
        raise Conflict(_("Your hold has ended; the place went back."), path="hold")
    if appointment.status != Status.HELD:  # what was cancelled is undone, not confirmed
        raise appointment.out_of_turn()
    appointment.become(Status.BOOKED)
    appointment.ticket = queries.free_ticket(appointment.period_id)
    appointment.reason = reason.strip()[:LONGEST_REASON]
    appointment.booked_at, appointment.held_until = moments.now(), None
    appointment.save(update_fields=CONFIRMED)
    clock_rows.stop(appointment, clock_rows.HOLD)
    with together():
        _settle(appointment)
    return appointment


def book(
    *,
    actor: User,
    patient: Patient,
    period_id: UUID,
    reason: str = "",
    pools: Sequence[str] = (),
    trip: Trip | None = None,
    examination: str = "",
    identifier: str = "",
    in_batch: bool = False,
) -> Appointment:
    """
    Hold and book in one step: a desk, a village doctor, a system with its own `identifier` for it.

    `pools`: a slice above (a referral) has checked who may, and whose places these are. `trip`:
    one of its stops, which is told of with the others. `in_batch`: one of several people.
    """
    require_intention()
    with claim(
        actor=actor,
        patient=patient,
        period_id=period_id,
        status=Status.BOOKED,
        pools=pools,
        reason=reason.strip()[:LONGEST_REASON],
        trip=trip,
        examination=examination,
        identifier=identifier,
    ) as appointment:
        _settle(appointment, in_batch=in_batch)
    return appointment


def _held_before(actor: User, patient: Patient) -> Appointment | None:
    if actor.application_id:
        return queries.find_hold_for(actor, patient.merged_into or patient)
    return queries.find_hold(actor) if queries.has_hold(actor) else None


def _is_held(before: Appointment, patient: Patient, period_id: UUID) -> bool:
    person = patient.merged_into or patient
    same = before.period_id == period_id and before.patient_id == person.pk
    return same and before.held_until is not None and before.held_until > moments.now()


def _settle(appointment: Appointment, *, in_batch: bool = False) -> None:
    """What is booked for the first time: nobody was reminded of it, or has read of it, before."""
    clock_rows.start_reminders(appointment, new=True)
    open_record(appointment)
    audit.record(action="appointment.book", target=appointment, patient_id=appointment.patient_id)
    publication.publish(appointment, new=True)
    in_trip = appointment.trip_id is not None
    outbox.announce(
        AppointmentBooked(appointment_id=appointment.pk, in_trip=in_trip, in_batch=in_batch)
    )
