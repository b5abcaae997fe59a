"""What was recorded of a patient just now: what an emergency takes along."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from records.imaging.models import Study
from records.imaging.queries import studies_of
from records.mpi.models import Patient
from telemed.people.models import User

LATELY = timedelta(hours=24)
AT_ONCE = 12


def recorded_at(study: Study) -> datetime:
    """By its own clock, unless that runs ahead of ours or says nothing."""
    return min(study.studied_at or study.created_at, study.created_at)


def is_ecg(study: Study) -> bool:
    return study.modality == "ECG"


def recent_studies(actor: User, patient: Patient) -> list[Study]:
    """The patient's studies of the last day that this account may see: ECGs first, newest first."""
    since = timezone.now() - LATELY
    taken = Q(studied_at__gte=since) | Q(studied_at=None, created_at__gte=since)
    found = studies_of(actor, patient).filter(taken)[:AT_ONCE]
    newest = sorted(found, key=recorded_at, reverse=True)
    return sorted(newest, key=lambda study: not is_ecg(study))
