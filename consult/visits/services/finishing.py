"""The end of a visit by video: its room and its links end with it."""

from uuid import UUID

from consult.rooms import services as rooms
from consult.visits.services.linking import end_links
from scheduling.appointments import services as appointments
from scheduling.appointments.models import Appointment
from scheduling.appointments.services.attending import lock_visit
from telemed.core.intentions import require_intention
from telemed.people.models import User


def finish_visit(*, actor: User, visit_id: UUID) -> Appointment:
    """By the doctor, from the room: seen, like a visit in person; everybody is sent out."""
    require_intention()
    visit = appointments.fulfil(actor=actor, appointment_id=visit_id)
    rooms.end_visits_room(visit_id=visit_id, by=actor)
    end_links(visit)
    return visit


def close_visit(*, visit_id: UUID) -> None:
    """It was cancelled, moved, or is over some other way."""
    require_intention()
    visit = lock_visit(visit_id)
    rooms.end_visits_room(visit_id=visit_id)
    end_links(visit)
