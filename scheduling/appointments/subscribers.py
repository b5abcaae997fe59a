"""What bookings do when something happens, here or at the sessions."""

from typing import Any
from uuid import UUID

from scheduling.appointments import services
from scheduling.appointments.models import Appointment
from scheduling.appointments.queries import SHOWN
from scheduling.appointments.services.reminding import tell
from scheduling.availability.models import Stop


def tell_booked(payload: dict[str, Any]) -> None:
    tell(_get(payload), "appointment.booked")


def tell_moved(payload: dict[str, Any]) -> None:
    appointment = _get(payload)
    tell(appointment, "appointment.moved", turn=int(appointment.during.lower.timestamp()) % 2**15)


def tell_cancelled(payload: dict[str, Any]) -> None:
    appointment = _get(payload)
    if appointment.ended_because:
        tell(appointment, "appointment.withdrawn", reason=appointment.ended_because)
    else:
        tell(appointment, "appointment.cancelled")


def tell_missed(payload: dict[str, Any]) -> None:
    tell(_get(payload), "appointment.noshow")


def displace(payload: dict[str, Any]) -> None:
    for appointment in services.displace(stop=Stop.objects.get(pk=UUID(payload["stop_id"]))):
        tell(appointment, "stop.notice")


def restore(payload: dict[str, Any]) -> None:
    for appointment in services.restore(stop=Stop.objects.get(pk=UUID(payload["stop_id"]))):
        tell(appointment, "stop.undone")


def miss(payload: dict[str, Any]) -> None:
    services.miss(session_id=UUID(payload["session_id"]))


def _get(payload: dict[str, Any]) -> Appointment:
    rows = Appointment.objects.select_related(*SHOWN, "patient__user")
    return rows.get(pk=UUID(payload["appointment_id"]))
