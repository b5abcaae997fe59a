"""What an emergency takes along of what was recorded of the patient just now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from consult.requests.queries import is_ecg, recorded_at
from records.imaging.models import Study

FRESH = timedelta(hours=2)  # an ECG that is about what happens now


@dataclass(frozen=True)
class Pick:
    """One study on the page."""

    study: Study
    at: datetime
    ecg: bool
    chosen: bool


@dataclass(frozen=True)
class Picking:
    """The studies of the last day, and the one that stands chosen by itself, if any."""

    picks: list[Pick]
    by_itself: Pick | None


def picking(studies: list[Study], typed: Collection[str] | None = None) -> Picking:
    """
    The newest ECG of the last two hours stands chosen, nothing else does.

    `typed`: what a person had chosen on a form that was refused.
    """
    fresh = timezone.now() - FRESH
    ecgs = [study for study in studies if is_ecg(study) and recorded_at(study) >= fresh]
    first = max(ecgs, key=recorded_at, default=None)
    picks = [
        Pick(
            study=study,
            at=recorded_at(study),
            ecg=is_ecg(study),
            chosen=study == first if typed is None else str(study.pk) in typed,
        )
        for study in studies
    ]
    by_itself = next((pick for pick in picks if pick.chosen), None) if typed is None else None
    return Picking(picks, by_itself)
