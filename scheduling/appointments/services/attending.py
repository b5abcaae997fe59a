"""A visit by video: the person is there when they knock, and with the doctor when both are in."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.appointments import clock_rows
from scheduling.appointments.events import AppointmentArrived, AppointmentCancelled
from scheduling.appointments.models import Appointment, Status, Strike
from scheduling.appointments.permissions import is_clerk_of, may_see_visit
from scheduling.appointments.queries import SHOWN
from scheduling.appointments.services.claiming import lock
from scheduling.appointments.services.opening import close_record, open_record_to_department
from scheduling.appointments.services.penalising import take_back
from scheduling.appointments.services.turns import note_arrival
from scheduling.appointments.video import ring_from
from scheduling.availability.services.places import lock_period
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.errors import Conflict, NotFound, require
from telemed.core.intentions import require_intention
from telemed.people.models import User


def lock_visit(appointment_id: UUID) -> Appointment:
    """For the rooms, which have checked who may: the period first, then the booking in it."""
    require_intention()
    rows = Appointment.objects.filter(pk=appointment_id)
    period_id = rows.values_list("period", flat=True).first()
    if period_id is None:
        raise NotFound(_("Not found, or not yours to know of."))
    lock_period(period_id)
    return rows.select_for_update(of=["self"], no_key=True).select_related(*SHOWN).get()


def arrive_by_video(appointment: Appointment) -> None:
    """Of a locked visit: whoever knocks has come, whatever the line does afterwards."""
    require_intention()
    if appointment.status not in (Status.BOOKED, Status.NO_SHOW):
        return
    appointment.become(Status.ARRIVED)
    appointment.save(update_fields=["status"])
    note_arrival(appointment, by=None)
    clock_rows.stop(appointment, clock_rows.NO_SHOW, clock_rows.REMIND)
    take_back(appointment=appointment, kind=Strike.Kind.MISSED)
    open_record_to_department(appointment)
    _note(appointment, "appointment.check_in")
    outbox.announce(AppointmentArrived(appointment_id=appointment.pk))


def begin_by_video(appointment: Appointment) -> None:
    """Of a locked visit: doctor and patient are both in the room."""
    require_intention()
    arrive_by_video(appointment)
    for status in (Status.CALLED, Status.IN_VISIT):
        if appointment.status in (Status.ARRIVED, Status.CALLED):
            appointment.become(status)
    appointment.save(update_fields=["status"])
    _note(appointment, "appointment.begin")


def ring(*, actor: User, appointment_id: UUID) -> Appointment:
    """Rung, and no answer. Only whoever was rung counts as not having come by video."""
    require_intention()
    appointment = lock(actor, appointment_id)
    mine = may_see_visit(actor, appointment) or is_clerk_of(actor, appointment.organisation_id)
    require(mine, _("The doctor or the desk does that."))
    if not appointment.is_video or appointment.status != Status.BOOKED:
        raise appointment.out_of_turn()
    if moments.now() < ring_from(appointment):
        time = f"{timezone.localtime(ring_from(appointment)):%H:%M}"
        raise Conflict(_("Wait until {time}, then ring.").format(time=time), path="status")
    if appointment.rung_at is None:
        appointment.rung_at = moments.now()
        appointment.save(update_fields=["rung_at"])
        _note(appointment, "appointment.ring")
    return appointment


def fall_through(appointment: Appointment) -> None:
    """
    Of a locked visit whose session is over: the line failed, the doctor did not come, or nobody
    rang. It counts against nobody.
    """
    require_intention()
    appointment.become(Status.CANCELLED)
    appointment.ended_at = moments.now()
    appointment.ended_because = _("the visit by video did not come about; it does not count")
    appointment.save(update_fields=["status", "ended_at", "ended_because"])
    clock_rows.stop(appointment, clock_rows.REMIND, clock_rows.NO_SHOW)
    close_record(appointment)
    _note(appointment, "appointment.cancel")
    outbox.announce(AppointmentCancelled(appointment_id=appointment.pk))


def _note(appointment: Appointment, action: str) -> None:
    audit.record(action=action, target=appointment, patient_id=appointment.patient_id)
    publication.publish(appointment)
