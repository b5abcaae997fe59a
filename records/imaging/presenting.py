"""What pages with the control for photographs and PDFs give it."""

from typing import Any

from django.urls import reverse

from records.imaging import attaching
from records.imaging.models import Attachment
from records.imaging.words import attaching_words
from records.mpi.models import Patient

Json = dict[str, Any]
NOBODY = "00000000-0000-0000-0000-000000000000"


def attaching_to(patient: Patient | None) -> Json:
    """For imaging/_attach.html; None where the page lets somebody choose the person first."""
    to = [patient.pk if patient else NOBODY]
    return {
        "kinds": [(kind.value, kind.label) for kind in Attachment],
        "limit": attaching.limit() >> 20,
        "words": attaching_words(),
        "patient": patient,
        "whole": reverse("imaging:upload", args=to),
        "pieces": reverse("imaging:begin", args=to),
    }
