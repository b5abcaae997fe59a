"""What pages give the viewer, and the control for photographs and PDFs."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from records.imaging import attaching
from records.imaging.models import Attachment, Study
from records.imaging.words import attaching_words
from records.mpi.models import Patient

Json = dict[str, Any]
NOBODY = "00000000-0000-0000-0000-000000000000"


def as_choice(study: Study) -> Json:
    """A study as a viewer may open it."""
    return {
        "id": str(study.pk),
        "name": study.called,
        "at": f"{study.studied_at:%Y-%m-%d}" if study.studied_at else "",
        "attachment": study.attachment,  # for who reads it in another language
        "manifest": reverse("imaging:series", args=[study.pk]),
        "pictures": study.frame_count,
    }


def news_of(patient: Patient) -> Json:
    """Where a page asks what has come since it was made (static/imaging/news.js)."""
    address = reverse("imaging:news", args=[patient.pk])
    return {"address": address, "since": timezone.now().isoformat()}


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
