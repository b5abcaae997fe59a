"""A visit by video: the person is there when they knock, and with the doctor when both are in."""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.appointments import clock_rows
from scheduling.appointments.events import AppointmentArrived
from scheduling.appointments.models import Appointment, Status
from scheduling.appointments.queries import SHOWN
from scheduling.appointments.services.opening import open_record_to_department
from scheduling.appointments.services.penalising import take_back
from scheduling.availability.services.places import lock_period
from telemed.audit import services as audit
from telemed.core import outbox, publication
from telemed.core.errors import NotFound
from telemed.core.intentions import require_intention


def lock_visit(appointment_id: UUID) -> Appointment:
    """For the rooms, which have checked who may: the period first, then the booking in it."""
    require_intention()
    rows = Appointment.objects.filter(pk=appointment_id)
    period_id = rows.values_list("period", flat=True).first()
    if period_id is None:
        raise NotFound(_("Not found, or not yours to know of."))
    lock_period(period_id)
    return rows.select_for_update(of=["self"]).select_related(*SHOWN).get()


def arrive_by_video(appointment: Appointment) -> None:
    """Of a locked visit: whoever knocks has come, whatever the line does afterwards."""
    require_intention()
    if appointment.status not in (Status.BOOKED, Status.NO_SHOW):
        return
    appointment.become(Status.ARRIVED)
    appointment.save(update_fields=["status"])
    clock_rows.stop(appointment, clock_rows.NO_SHOW, clock_rows.REMIND)
    take_back(appointment=appointment)
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


def _note(appointment: Appointment, action: str) -> None:
    audit.record(action=action, target=appointment, patient_id=appointment.patient_id)
    publication.publish(appointment)
