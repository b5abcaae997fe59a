"""Where an attachment goes: into the study that its sender began just now, or a new one."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from records.imaging.attaching import Cover
from records.imaging.models import Attachment, Study
from records.imaging.services.keeping import require_upload
from records.mpi.models import Patient
from telemed.core.intentions import require_intention
from telemed.people.models import User

TOGETHER = timedelta(minutes=15)  # what comes within belongs to one study
SEXES = {Patient.Sex.MALE: "M", Patient.Sex.FEMALE: "F", Patient.Sex.OTHER: "O"}
UID = "2.25."  # a UUID as an identifier of DICOM (PS3.5 B.2)


def cover_for(*, actor: User, patient: Patient, attachment: str) -> Cover:
    """What its DICOM file will say. Raises Forbidden for who may not add to that record."""
    require_intention()
    organisation = require_upload(actor=actor, patient=patient)
    lately = Study.objects.filter(
        patient=patient,
        organisation=organisation,
        uploaded_by=actor,
        attachment=attachment,
        study_uid__startswith=UID,
        changed_at__gt=timezone.now() - TOGETHER,
    )
    begun = lately.order_by("-created_at").first()
    known = _identity(begun) if begun else None
    return Cover(
        attachment=attachment,
        described=str(Attachment(attachment).label),
        study=known or uuid4(),
        studied_at=(begun.studied_at if begun and known else None) or timezone.now(),
        person={
            "id": str(patient.pk),
            "name": patient.name,
            "birth_date": f"{patient.birth_date:%Y%m%d}" if patient.birth_date else "",
            "sex": SEXES.get(Patient.Sex(patient.sex), "") if patient.sex else "",
        },
        institution=organisation.name,
    )


def _identity(study: Study) -> UUID | None:
    """None when the study came from elsewhere under a number that is no UUID."""
    try:
        return UUID(int=int(study.study_uid.removeprefix(UID)))
    except ValueError:
        return None
