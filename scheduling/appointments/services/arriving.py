"""At the hospital: arriving, and not coming."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.appointments import clock_rows, penalties
from scheduling.appointments.events import (
    AppointmentArrived,
    AppointmentCancelled,
    AppointmentFulfilled,
    AppointmentMissed,
)
from scheduling.appointments.models import Appointment, Arrival, Mode, Status, Strike
from scheduling.appointments.permissions import may_check_in
from scheduling.appointments.queries import find_arrival
from scheduling.appointments.services.attending import fall_through
from scheduling.appointments.services.claiming import lock
from scheduling.appointments.services.opening import close_record, open_record_to_department
from scheduling.appointments.services.penalising import note_strike, take_back
from scheduling.appointments.services.ringing import ring_boards
from scheduling.appointments.services.seeing import note_end
from scheduling.appointments.services.turns import note_arrival
from scheduling.availability.rules import moment_of
from telemed.audit import services as audit
from telemed.core import moments, outbox, policies, publication
from telemed.core.errors import Conflict, require
from telemed.core.intentions import require_intention
from telemed.people.models import User

EARLY = timedelta(hours=1)  # before the period
UNDO = timedelta(minutes=10)
THERE = [Status.ARRIVED, Status.CALLED]  # and not with the doctor yet
SEEN = [Status.IN_VISIT, Status.FULFILLED]


def check_in(
    *,
    actor: User,
    appointment_id: UUID,
    number: str = "",
    once: bool = False,
    shown: str = "",
) -> Appointment:
    """
    At the desk, from an hour before; the last four digits of the ID shown must agree. By a code,
    which counts `once`, a second time is refused with whose the first was. `shown`: how whoever
    checks in knows who came, for the trail.
    """
    require_intention()
    appointment = lock(actor, appointment_id)
    require(may_check_in(actor, appointment), _("The desk checks in."))
    before = find_arrival(appointment)
    if before and once:
        raise already_used(before)
    if appointment.status == Status.ARRIVED:
        return appointment
    require_time(appointment)
    tail = appointment.patient.id_card_tail
    if number and tail and number.strip().upper()[-4:] != tail:
        raise Conflict(_("The ID does not match the booking."), path="number")
    appointment.become(Status.ARRIVED)
    appointment.save(update_fields=["status"])
    note_arrival(appointment, by=actor)
    clock_rows.stop(appointment, clock_rows.NO_SHOW, clock_rows.REMIND)
    take_back(appointment=appointment, kind=Strike.Kind.MISSED)
    open_record_to_department(appointment)
    _note(appointment, "appointment.check_in", reason=shown)
    outbox.announce(AppointmentArrived(appointment_id=appointment.pk))
    return appointment


def require_time(appointment: Appointment) -> None:
    """From an hour before the period to the end of the session."""
    now = moments.now()
    if now < appointment.during.lower - EARLY:
        raise Conflict(_("Checking in begins an hour before the time."), path="status")
    if now > appointment.period.session.ends_at:
        raise Conflict(_("The session is over."), path="status")


def already_used(arrival: Arrival) -> Conflict:
    time = f"{timezone.localtime(arrival.arrived_at):%H:%M}"
    if arrival.checked_in_by is None:
        sentence = _("This ticket was used at {time}.").format(time=time)
    else:
        sentence = _("This ticket was used at {time}, by {who}.")
        sentence = sentence.format(time=time, who=arrival.checked_in_by.name)
    return Conflict(sentence, path="number")


def undo_check_in(*, actor: User, appointment_id: UUID) -> Appointment:
    """The wrong person, or a slip: for ten minutes, by the desk, and before anybody is called."""
    require_intention()
    appointment = lock(actor, appointment_id)
    require(may_check_in(actor, appointment), _("The desk checks in."))
    if appointment.status == Status.BOOKED:
        return appointment
    arrival = find_arrival(appointment)
    if appointment.status != Status.ARRIVED or appointment.is_video or arrival is None:
        raise appointment.out_of_turn()
    if moments.now() > arrival.arrived_at + UNDO:
        raise Conflict(_("Checking in is undone within ten minutes only."), path="status")
    appointment.become(Status.BOOKED)
    appointment.save(update_fields=["status"])
    arrival.delete()
    if not appointment.clinician_id:
        close_record(appointment)  # it was opened by arriving, not by booking
    _note(appointment, "appointment.undo_check_in")
    return appointment


def miss(*, session_id: UUID) -> list[Appointment]:
    """
    A session is over: who was with the doctor was seen, who came and was never let in was not, who
    never came did not come. Where its doctor saw nobody, that is the clinic's matter and never
    counts (ADR 0065).
    """
    require_intention()
    rows = Appointment.objects.filter(period__session=session_id).select_for_update(
        of=["self"], no_key=True
    )
    rows = rows.select_related("patient", "period__session", "organisation")
    rows = rows.order_by("trip", "pk")  # who waits for the points of trips waits in one order
    stayed_away = _stayed_away(session_id)
    for appointment in rows.filter(mode=Mode.VIDEO, status__in=[Status.BOOKED, *THERE]):
        if appointment.status != Status.BOOKED or appointment.rung_at is None:
            fall_through(appointment)
    for appointment in rows.filter(status__in=THERE):
        _end_unheld(appointment, _("you came and could not be seen; it does not count"))
    for appointment in rows.filter(status=Status.IN_VISIT):
        appointment.become(Status.FULFILLED)
        appointment.save(update_fields=["status"])
        _note(appointment, "appointment.fulfil")
        note_end(appointment)
        outbox.announce(AppointmentFulfilled(appointment_id=appointment.pk))
    missed = list(rows.filter(status=Status.BOOKED))
    for appointment in missed:
        if stayed_away or appointment.period.session.held_up_at:
            _end_unheld(appointment, _("the doctor could not see anybody"))
        else:
            _miss(appointment)
    return missed


def miss_one(*, actor: User, appointment_id: UUID) -> Appointment:
    """The hospital says that one person did not come, once their time is over."""
    require_intention()
    appointment = lock(actor, appointment_id)
    require(may_check_in(actor, appointment), _("The desk of the hospital says that."))
    if appointment.status == Status.NO_SHOW:
        return appointment
    if appointment.is_video:
        sentence = _("Who was to come by video is rung; the end of the session says the rest.")
        raise Conflict(sentence, path="status")
    if moments.now() < appointment.during.upper:
        raise Conflict(_("Not coming is noted once the time is over."), path="status")
    _miss(appointment)
    return appointment


def _stayed_away(session_id: UUID) -> bool:
    """
    Whether people waited and not one of them was let in, called or rung. Where nobody came at all
    there was nobody to call, and the doctor is taken to have been there.
    """
    rows = Appointment.objects.filter(period__session=session_id)
    waited = rows.filter(arrival__isnull=False)
    called = Q(arrival__called_at__isnull=False) | Q(status__in=[*SEEN, Status.CALLED])
    there = called | Q(rung_at__isnull=False)
    return waited.exists() and not rows.filter(there).exists()


def _end_unheld(appointment: Appointment, because: str) -> None:
    """By the clinic, so that nothing counts; the desk may still say that the visit took place."""
    appointment.become(Status.CANCELLED)
    appointment.ended_at, appointment.ended_because = moments.now(), because
    appointment.save(update_fields=["status", "ended_at", "ended_because"])
    clock_rows.stop(appointment, clock_rows.REMIND, clock_rows.NO_SHOW)
    close_record(appointment)
    _note(appointment, "appointment.cancel")
    outbox.announce(AppointmentCancelled(appointment_id=appointment.pk))


def _miss(appointment: Appointment) -> None:
    appointment.become(Status.NO_SHOW)
    appointment.ended_at = moments.now()
    appointment.save(update_fields=["status", "ended_at"])
    note_strike(appointment=appointment, kind=Strike.Kind.MISSED)
    clock_rows.start_no_show(appointment, _next_morning(appointment))
    _note(appointment, "appointment.miss")
    outbox.announce(AppointmentMissed(appointment_id=appointment.pk))


def _next_morning(appointment: Appointment) -> datetime:
    hour = policies.value(penalties.COUNTS_AT, appointment.organisation_id)
    return moment_of(appointment.day + timedelta(days=1), hour)


def _note(appointment: Appointment, action: str, *, reason: str = "") -> None:
    audit.record(
        action=action, target=appointment, patient_id=appointment.patient_id, reason=reason
    )
    publication.publish(appointment)
    ring_boards(appointment)
