"""What happens to people changes who holds a case; and who asks is silent no longer."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from consult.requests import services
from consult.requests.models import Case
from telemed.oversight.services import hear

REASONS = {
    "licence.suspended": gettext_noop("Licence suspended"),
    "licence.expired": gettext_noop("Licence ended"),
    "account.disabled": gettext_noop("Account closed"),
}


def return_work(payload: dict[str, Any], topic: str) -> None:
    """What the doctor holds or was asked goes back; seen twice, there is nothing left to return."""
    services.return_open_work(doctor_id=UUID(payload["user_id"]), reason=_(REASONS[topic]))


def end_for_death(payload: dict[str, Any]) -> None:
    """Seen twice, nothing waits for an answer any more, and everybody was told."""
    services.end_for_death(patient_id=UUID(payload["patient_id"]))


def attach_arrived(payload: dict[str, Any]) -> None:
    """Seen twice, what came is there already, and everybody was told."""
    services.attach_arrived(shipment_id=UUID(payload["shipment_id"]))


def break_silence(payload: dict[str, Any]) -> None:
    """Seen twice, there is no silence left to end."""
    for asking in Case.objects.filter(pk=payload["case_id"]).values_list("asking", flat=True):
        hear(organisation_id=asking)
