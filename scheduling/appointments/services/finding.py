"""Whom the desk books for: who shows a card, or says its number."""

from django.utils.translation import gettext as _

from records.mpi.models import Patient
from records.mpi.queries import get_by_number
from scheduling.appointments.permissions import CLERKS
from telemed.audit import services as audit
from telemed.core.errors import require
from telemed.core.intentions import require_intention
from telemed.people.models import User


def find_person(*, actor: User, number: str) -> Patient:
    """By ID or health-card number alone; the look is traced. Raises Invalid."""
    require_intention()
    require(actor.role in CLERKS, _("The desk books by number."))
    found = get_by_number(number, path="number")
    audit.record(action="person.find", target=found, patient_id=found.pk, reason="booking")
    return found
