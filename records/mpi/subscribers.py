"""What somebody's death ends: who acts for whom, and what is on its way to them."""

from typing import Any
from uuid import UUID

from records.mpi import services
from records.mpi.models import Patient
from telemed.notifications.services import hush


def end_relations(payload: dict[str, Any]) -> None:
    """Seen twice, there is no relation left to end."""
    services.end_for_death(patient=_patient(payload))


def stop_messages(payload: dict[str, Any]) -> None:
    """Seen twice, nothing is on its way any more."""
    if user := _patient(payload).user:
        hush(recipient=user)


def _patient(payload: dict[str, Any]) -> Patient:
    return Patient.objects.select_related("user").get(pk=UUID(payload["patient_id"]))
