"""Reads that need a name."""

from uuid import UUID

from django.utils.translation import gettext as _

from records.consent import access
from records.mpi.models import Patient
from telemed.core.errors import NotFound
from telemed.people.models import User


def get_patient(actor: User, patient_id: UUID, action: str = "read") -> Patient:
    """One patient the actor may see. Hidden and absent look the same."""
    patient = access.visible(actor, action, Patient.objects.filter(pk=patient_id)).first()
    if patient is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Patient/{patient_id}")
    return patient
