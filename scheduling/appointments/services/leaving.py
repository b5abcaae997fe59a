"""Giving a place back: a hold that ends, a booking that is cancelled, and its undoing."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.appointments import clock_rows, waitlist
from scheduling.appointments.events import AppointmentCancelled
from scheduling.appointments.gates import pause_of
from scheduling.appointments.models import COMING, Appointment, Response, Status, Strike
from scheduling.appointments.permissions import is_clerk_of
from scheduling.appointments.services.claiming import lock, one_at_a_time
from scheduling.appointments.services.displacing import end_displaced
from scheduling.appointments.services.offering import place_on
from scheduling.appointments.services.opening import close_record, open_record
from scheduling.appointments.services.penalising import (
    count_cancellation,
    note_strike,
    take_back,
)
from scheduling.appointments.services.responding import answer
from scheduling.availability import services as availability
from scheduling.availability.models import Pool
from scheduling.availability.services.places import lock_period
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.errors import Conflict, NotFound, require
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.core.reasons import checked_reason
from telemed.notifications.persons import Voice
from telemed.people.models import User

UNDO = timedelta(minutes=2)


def give_up_hold(*, actor: User, appointment_id: UUID) -> None:
    """The place goes back at once, unless places are given out in turns just now."""
    require_intention()
    mine = Appointment.objects.filter(pk=appointment_id, booked_by=actor)
    if not mine.exists():
        raise NotFound(_("Not found, or not yours to know of."))
    if held := _lock(appointment_id, status=Status.HELD):
        drop_hold(held)


def expire_hold(*, clock: Clock) -> None:
    """The time to confirm is over."""
    require_intention()
    if held := _lock(clock.about, status=Status.HELD):
        drop_hold(held)


def drop_hold(held: Appointment) -> None:
    held.become(Status.EXPIRED)
    held.ended_at = moments.now()
    held.save(update_fields=["status", "ended_at"])
    clock_rows.stop(held, clock_rows.HOLD)
    if pause := pause_of(held.organisation_id, held.pool):
        clock_rows.start_return_at(held, held.ended_at + pause)  # counted until then
    else:
        place_on(held)
    audit.record(action="appointment.expire", target=held, patient_id=held.patient_id)


def cancel(*, actor: Voice, appointment_id: UUID, in_trip: bool = False) -> Appointment:
    """
    By the person or for them. After the limit it is late; once the visit has begun, refused.
    `in_trip`: with all of its trip.
    """
    require_intention()
    appointment = lock(actor, appointment_id)
    if appointment.status == Status.CANCELLED:
        return appointment
    now = moments.now()
    over = appointment.during.lower <= now and appointment.status != Status.DISPLACED
    if over or appointment.status not in COMING:
        raise Conflict(_("The visit has begun; it cannot be cancelled."), path="status")
    appointment.late = appointment.status == Status.BOOKED and is_late(appointment)
    _cancel(appointment, "", by=actor, in_trip=in_trip)
    if appointment.late:
        clerk = is_clerk_of(actor, appointment.organisation_id)
        marked_by = actor if clerk and isinstance(actor, User) else None
        note_strike(appointment=appointment, kind=Strike.Kind.LATE, marked_by=marked_by)
        clock_rows.start_no_show(appointment, now + UNDO)
    count_cancellation(appointment=appointment)
    return appointment


def cancel_by_clinic(*, actor: User, appointment_id: UUID, reason: str) -> Appointment:
    """The hospital cancels; it says why, and the person is never charged for it."""
    require_intention()
    appointment = lock(actor, appointment_id)
    mine = is_clerk_of(actor, appointment.organisation_id)
    require(mine, _("The desk of the hospital cancels for it."))
    _cancel(appointment, checked_reason(reason, longest=200), by=actor)
    return appointment


def call_off(*, appointment_id: UUID) -> None:
    """What a slice above booked and no longer needs; what has begun or is over stays as it is."""
    require_intention()
    coming = _lock(appointment_id, status__in=COMING)
    if coming and (coming.status == Status.DISPLACED or coming.during.lower > moments.now()):
        _cancel(coming, "", by=None)


def undo_cancel(*, actor: User, appointment_id: UUID) -> Appointment:
    """Within two minutes, while the place is still there."""
    require_intention()
    appointment = lock(actor, appointment_id)
    now = moments.now()
    in_time = appointment.ended_at and now - appointment.ended_at <= UNDO
    lost = appointment.ended_because or appointment.ticket is None
    if appointment.status != Status.CANCELLED or lost or not in_time:
        raise Conflict(_("This can no longer be undone; book anew."), path="status")
    if not appointment.holds_place:
        _period, appointment.pool = availability.take_place(
            period_id=appointment.period_id, pools=[appointment.pool, *_desks(appointment)]
        )
    appointment.become(Status.BOOKED)
    appointment.holds_place, appointment.ended_at, appointment.late = True, None, False
    appointment.returned_at = None
    with one_at_a_time():
        appointment.save()
    clock_rows.stop(appointment, clock_rows.RETURN, clock_rows.NO_SHOW)
    take_back(appointment=appointment)
    clock_rows.start_reminders(appointment)
    open_record(appointment)
    audit.record(
        action="appointment.restore", target=appointment, patient_id=appointment.patient_id
    )
    publication.publish(appointment)
    return appointment


def return_place(*, clock: Clock) -> None:
    """
    The place of a cancelled booking is free again: to who waits for it, else to everybody, at a
    moment that nobody could wait for.
    """
    require_intention()
    gone = [Status.CANCELLED, Status.EXPIRED]
    if row := _lock(clock.about, status__in=gone, holds_place=True):
        place_on(row)


def _desks(appointment: Appointment) -> list[str]:
    """Where a place went that was given back after booking from afar had ended."""
    return [Pool.WALK_IN] if is_late(appointment) else []


def is_late(appointment: Appointment) -> bool:
    """After booking from afar has ended for that day."""
    return moments.now() >= appointment.period.closes_at


def _lock(appointment_id: UUID, **still: object) -> Appointment | None:
    """For the system, and for a hold's own account; None when it is not so any more."""
    rows = Appointment.objects.filter(pk=appointment_id)
    period_id = rows.values_list("period", flat=True).first()
    if period_id is None:
        return None
    lock_period(period_id)
    return rows.filter(**still).select_for_update(no_key=True).first()


def _cancel(
    appointment: Appointment, because: str, *, by: Voice | None, in_trip: bool = False
) -> None:
    if appointment.status == Status.DISPLACED:
        end_displaced(appointment, because, by=by)
    else:
        if appointment.status == Status.OFFERED:
            answer(appointment, Response.About.OFFER, Response.Status.DECLINED, by)
        _leave(appointment, because)
    audit.record(
        action="appointment.cancel",
        target=appointment,
        patient_id=appointment.patient_id,
        reason=because,
    )
    publication.publish(appointment)
    outbox.announce(AppointmentCancelled(appointment_id=appointment.pk, in_trip=in_trip))


def _leave(appointment: Appointment, because: str) -> None:
    appointment.become(Status.CANCELLED)
    appointment.ended_at, appointment.ended_because = moments.now(), because
    appointment.save()
    clock_rows.stop(appointment, clock_rows.REMIND, clock_rows.NO_SHOW)
    waited_for = waitlist.anybody_waits(appointment.period)
    if not clock_rows.start_return(appointment, soon=UNDO if waited_for else None):
        place_on(appointment)
    close_record(appointment)
