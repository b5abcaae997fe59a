"""What happens to a booking changes its room and its links; each may be heard twice."""

from typing import Any
from uuid import UUID

from consult.visits import clock_rows, services
from scheduling.appointments.models import Appointment, Status
from scheduling.appointments.services.attending import lock_visit


def send_link(payload: dict[str, Any]) -> None:
    """Booked: the link, and a reminder of it."""
    visit = _find(payload)
    if visit and services.ensure_link(visit_id=visit.pk):
        services.tell(visit)


def follow_move(payload: dict[str, Any]) -> None:
    """Another time is another link; in person there is none."""
    visit_id = UUID(payload["appointment_id"])
    visit = lock_visit(visit_id)
    clock_rows.stop(visit)
    services.close_visit(visit_id=visit_id)
    if visit.is_video and services.ensure_link(visit_id=visit_id):
        services.tell(visit)


def close(payload: dict[str, Any]) -> None:
    """Unless the cancelling was undone meanwhile."""
    visit = _find(payload)
    if visit and visit.status in (Status.CANCELLED, Status.FULFILLED, Status.NO_SHOW):
        clock_rows.stop(visit)
        services.close_visit(visit_id=visit.pk)


def _find(payload: dict[str, Any]) -> Appointment | None:
    visits = Appointment.objects.filter(pk=UUID(payload["appointment_id"]))
    visit = visits.select_related("patient__user", "booked_by", "organisation").first()
    return visit if visit and visit.is_video else None
