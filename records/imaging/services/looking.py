"""Opening a study, and the frames that are fetched under it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from records.consent import access
from records.imaging import queries
from records.imaging.models import Instance, Opening, Study
from telemed.audit import services as audit
from telemed.core.errors import NotFound
from telemed.core.intentions import require_intention
from telemed.people.models import User

LOOK = timedelta(hours=12)  # how long an opening serves frames


def open_study(*, actor: User, study_id: UUID, again: bool = True) -> Study:
    """Look into a study: one audited read. With again=False a look that still lasts will do."""
    require_intention()
    study = queries.get_study(actor, study_id)
    if not again and _looks(actor, study_id).exists():
        return study
    because = access.decide(actor, "read", study).reasons
    _open(actor, study, because[0] if because else "")
    return study


def open_shown_study(*, actor: User, study: Study, reason: str) -> None:
    """The same of what somebody shows to the actor, for that reason; the caller asked who may."""
    require_intention()
    _open(actor, study, reason)


def _open(actor: User, study: Study, reason: str) -> None:
    Opening.objects.create(study=study, user=actor)
    audit.record(action="study.read", target=study, patient_id=study.patient_id, reason=reason)


def take_frame(*, actor: User, instance_id: UUID, index: int, recording: bool = False) -> Instance:
    """One frame or recording under a look that still lasts; access is asked anew each time."""
    require_intention()
    return _take(actor, queries.get_instance(actor, instance_id), index, recording)


def take_shown_frame(
    *, actor: User, instance: Instance, index: int, recording: bool = False
) -> Instance:
    """The same of what somebody shows to the actor; the caller asked who may."""
    require_intention()
    return _take(actor, instance, index, recording)


def _take(actor: User, instance: Instance, index: int, recording: bool) -> Instance:
    path = f"Instance/{instance.pk}/{index}"
    if instance.is_recording != recording or instance.is_document:
        raise NotFound(_("There is no such picture."), path=path)
    if not 0 <= index < instance.frame_count:
        raise NotFound(_("There is no such picture."), path=path)
    _count(actor, instance, path)
    return instance


def take_document(*, actor: User, instance_id: UUID) -> Instance:
    """A PDF under a look that still lasts; access is asked anew each time."""
    require_intention()
    instance = queries.get_instance(actor, instance_id)
    path = f"Instance/{instance.pk}"
    if not instance.is_document:
        raise NotFound(_("There is no such document."), path=path)
    _count(actor, instance, path)
    return instance


def _count(actor: User, instance: Instance, path: str) -> None:
    latest = _looks(actor, instance.series.study_id).order_by("-created_at").values("pk")[:1]
    if not Opening.objects.filter(pk__in=latest).update(frames=F("frames") + 1):
        raise NotFound(_("Open the study first."), path=path)


def _looks(actor: User, study_id: UUID) -> Any:
    since = timezone.now() - LOOK
    return Opening.objects.filter(user=actor, study=study_id, created_at__gt=since)
