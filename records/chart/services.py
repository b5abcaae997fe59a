"""Opening a record: every reading leaves its trace."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from records.consent import access
from records.consent.queries import get_patient
from records.mpi.models import Patient
from telemed.audit import services as audit
from telemed.core.errors import NotFound
from telemed.core.intentions import require_intention
from telemed.people.models import User


@dataclass(frozen=True)
class Opened:
    """The person whose record is open, and the reasons that allow it."""

    patient: Patient
    reasons: tuple[str, ...]


def open_chart(*, actor: User, patient_id: UUID) -> Opened:
    """Open a record. Hidden and absent look the same: NotFound."""
    require_intention()
    patient = get_patient(actor, patient_id)
    return Opened(patient, note_reading(actor=actor, patient=patient))


def note_reading(*, actor: User, patient: Patient) -> tuple[str, ...]:
    """Say in the trace that this record is read, and why it may be; NotFound where it may not."""
    require_intention()
    decision = access.decide(actor, "read", patient)
    if not decision.allowed:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Patient/{patient.pk}")
    reason = decision.reasons[0]
    audit.record(action="record.read", target=patient, patient_id=patient.pk, reason=reason)
    return decision.reasons
