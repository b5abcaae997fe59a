"""A clinic that stops: whoever booked keeps the ticket, is told, and chooses."""

from scheduling.appointments import clock_rows
from scheduling.appointments.models import Appointment, Status
from scheduling.availability.models import Stop
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.intentions import require_intention


def displace(*, stop: Stop) -> list[Appointment]:
    """Everybody booked in a stopped session waits for another time; nothing counts against them."""
    require_intention()
    if stop.undone_at:
        return []
    rows = Appointment.objects.filter(period__session=stop.session_id, status=Status.BOOKED)
    locked = rows.select_for_update(of=["self"]).select_related("patient", "organisation")
    moved = list(locked.order_by("pk"))
    for appointment in moved:
        appointment.become(Status.DISPLACED)
        appointment.save(update_fields=["status"])
        clock_rows.stop(appointment, clock_rows.REMIND)
        _note(appointment, "appointment.displace")
    return moved


def restore(*, stop: Stop) -> list[Appointment]:
    """The clinic takes place after all: the same ticket, the same time."""
    require_intention()
    rows = Appointment.objects.filter(period__session=stop.session_id, status=Status.DISPLACED)
    locked = rows.select_for_update(of=["self"]).select_related("patient", "organisation")
    back = list(locked.order_by("pk"))
    for appointment in back:
        appointment.become(Status.BOOKED)
        appointment.save(update_fields=["status"])
        clock_rows.start_reminders(appointment)
        _note(appointment, "appointment.restore")
    return back


def _note(appointment: Appointment, action: str) -> None:
    audit.record(action=action, target=appointment, patient_id=appointment.patient_id)
    publication.publish(appointment)
