"""At the hospital: arriving, being called, the visit, and not coming."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.appointments import clock_rows
from scheduling.appointments.events import (
    AppointmentArrived,
    AppointmentFulfilled,
    AppointmentMissed,
)
from scheduling.appointments.models import Appointment, Mode, Status, Strike
from scheduling.appointments.permissions import is_clerk_of, may_check_in, may_see_visit
from scheduling.appointments.services.attending import fall_through
from scheduling.appointments.services.claiming import lock
from scheduling.appointments.services.opening import open_record_to_department
from scheduling.appointments.services.penalising import note_strike, take_back
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.errors import Conflict, require
from telemed.core.intentions import require_intention
from telemed.people.models import User

EARLY = timedelta(hours=1)  # before the period
COUNTS_AT = time(8)  # of the next day


def check_in(*, actor: User, appointment_id: UUID, number: str = "") -> Appointment:
    """At the desk, from an hour before; the last four digits of the ID shown must agree."""
    require_intention()
    appointment = lock(actor, appointment_id)
    require(may_check_in(actor, appointment), _("The desk checks in."))
    if appointment.status == Status.ARRIVED:
        return appointment
    now = moments.now()
    if now < appointment.during.lower - EARLY:
        raise Conflict(_("Checking in begins an hour before the time."), path="status")
    if now > appointment.period.session.ends_at:
        raise Conflict(_("The session is over."), path="status")
    tail = appointment.patient.id_card_tail
    if number and tail and number.strip().upper()[-4:] != tail:
        raise Conflict(_("The ID does not match the booking."), path="number")
    appointment.become(Status.ARRIVED)
    appointment.save(update_fields=["status"])
    clock_rows.stop(appointment, clock_rows.NO_SHOW, clock_rows.REMIND)
    take_back(appointment=appointment)
    open_record_to_department(appointment)
    _note(appointment, "appointment.check_in")
    outbox.announce(AppointmentArrived(appointment_id=appointment.pk))
    return appointment


def call(*, actor: User, appointment_id: UUID) -> Appointment:
    """Shown on the board of the waiting room."""
    return _step(actor, appointment_id, Status.ARRIVED, Status.CALLED, "appointment.call")


def skip(*, actor: User, appointment_id: UUID) -> Appointment:
    """Called, and nobody came: back among those who wait."""
    return _step(actor, appointment_id, Status.CALLED, Status.ARRIVED, "appointment.skip")


def begin(*, actor: User, appointment_id: UUID) -> Appointment:
    return _step(actor, appointment_id, Status.CALLED, Status.IN_VISIT, "appointment.begin")


def fulfil(*, actor: User, appointment_id: UUID) -> Appointment:
    seen = _step(actor, appointment_id, Status.IN_VISIT, Status.FULFILLED, "appointment.fulfil")
    outbox.announce(AppointmentFulfilled(appointment_id=seen.pk))
    return seen


def miss(*, session_id: UUID) -> list[Appointment]:
    """A session is over: who was with the doctor was seen, who never came did not come."""
    require_intention()
    rows = Appointment.objects.filter(period__session=session_id).select_for_update(of=["self"])
    rows = rows.select_related("patient", "period__session", "organisation").order_by("pk")
    seen = [Status.ARRIVED, Status.CALLED, Status.IN_VISIT]
    for appointment in rows.filter(mode=Mode.VIDEO, status__in=[Status.BOOKED, Status.ARRIVED]):
        if appointment.status == Status.ARRIVED or appointment.rung_at is None:
            fall_through(appointment)
    for appointment in rows.filter(status__in=seen):
        appointment.status = Status.FULFILLED  # the session's end stands for each of its steps
        appointment.save(update_fields=["status"])
        _note(appointment, "appointment.fulfil")
        outbox.announce(AppointmentFulfilled(appointment_id=appointment.pk))
    missed = list(rows.filter(status=Status.BOOKED))
    for appointment in missed:
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


def _miss(appointment: Appointment) -> None:
    appointment.become(Status.NO_SHOW)
    appointment.ended_at = moments.now()
    appointment.save(update_fields=["status", "ended_at"])
    note_strike(appointment=appointment, kind=Strike.Kind.MISSED)
    clock_rows.start_no_show(appointment, _next_morning(appointment))
    _note(appointment, "appointment.miss")
    outbox.announce(AppointmentMissed(appointment_id=appointment.pk))


def _next_morning(appointment: Appointment) -> datetime:
    return timezone.make_aware(datetime.combine(appointment.day + timedelta(days=1), COUNTS_AT))


def _step(
    actor: User, appointment_id: UUID, before: Status, status: Status, action: str
) -> Appointment:
    require_intention()
    appointment = lock(actor, appointment_id)
    mine = may_see_visit(actor, appointment) or is_clerk_of(actor, appointment.organisation_id)
    require(mine, _("The doctor or the desk does that."))
    if appointment.status == status:
        return appointment
    if appointment.status != before:
        raise appointment.out_of_turn()
    appointment.become(status)
    appointment.save(update_fields=["status"])
    _note(appointment, action)
    return appointment


def _note(appointment: Appointment, action: str) -> None:
    audit.record(action=action, target=appointment, patient_id=appointment.patient_id)
    publication.publish(appointment)
