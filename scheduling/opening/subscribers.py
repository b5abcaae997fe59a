"""What follows a booking that was made in an opening."""

from typing import Any

from scheduling.appointments.models import Appointment
from scheduling.availability.models import Pool
from scheduling.opening import gate, queries
from telemed.core.doorbells import after_commit


def use_turn(payload: dict[str, Any]) -> None:
    """One turn is for one booking; a mark that is lost costs nothing but that."""
    booked = Appointment.objects.select_related("organisation").get(pk=payload["appointment_id"])
    if booked.pool == Pool.PUBLIC and queries.find_running(booked.organisation_id):
        account, number = booked.booked_by_id, booked.organisation.number
        after_commit(lambda: gate.spend(account, number))
