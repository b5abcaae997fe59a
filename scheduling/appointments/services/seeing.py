"""The visit itself: noted when it begins and when it is over (FHIR Encounter)."""

from scheduling.appointments.models import Appointment, Attendance
from telemed.core import moments, publication
from telemed.core.intentions import require_intention
from telemed.people.models import CLINICAL, User


def note_begin(appointment: Appointment, *, by: User) -> None:
    """Of a locked booking. By video the room is the encounter, whoever pressed what."""
    require_intention()
    if appointment.is_video:
        return
    doctor = by if by.role in CLINICAL else appointment.clinician
    begun = Attendance.objects.create(
        appointment=appointment, doctor=doctor, begun_at=moments.now()
    )
    publication.publish(begun, new=True)


def note_end(appointment: Appointment) -> None:
    """Of a locked booking. Whoever was not seen to begin has no visit that could end."""
    require_intention()
    rows = Attendance.objects.filter(appointment=appointment, ended_at=None)
    begun = rows.select_related("doctor").first()
    if begun is None:
        return
    begun.appointment = appointment
    begun.ended_at = moments.now()
    begun.save(update_fields=["ended_at"])
    publication.publish(begun)
