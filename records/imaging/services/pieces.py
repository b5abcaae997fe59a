"""Files that come in pieces."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from records.imaging import attaching, files, intake, parts, queries, reasons
from records.imaging.models import PARTIAL_KEPT, PartialUpload
from records.imaging.services.keeping import require_upload
from records.mpi.models import Patient
from telemed.audit import services as audit
from telemed.core.errors import Conflict, Invalid, TooLarge
from telemed.core.intentions import require_intention
from telemed.people.models import User

MOST = 20  # unfinished uploads of one account


class WrongOffset(Conflict):
    """The piece does not begin where the last one ended."""

    def __init__(self, upload: PartialUpload) -> None:
        super().__init__(_("The piece does not begin where the last one ended."))
        self.upload = upload


def begin_upload(
    *,
    actor: User,
    patient: Patient,
    name: str,
    fingerprint: str,
    size: int,
    attachment: str = "",
) -> PartialUpload:
    """
    A place for a file of that size; the same file again finds its place, also when it was kept.

    Raises Invalid, TooLarge, Forbidden, or Conflict when too many are unfinished.
    """
    require_intention()
    require_upload(actor=actor, patient=patient)
    if not size:
        raise Invalid(reasons.reason("empty"), path="Upload-Length")
    limit = attaching.limit() if attachment else intake.limit()
    if size > limit:
        raise TooLarge(reasons.reason("over_limit", limit=limit >> 20), path="Upload-Length")
    mine = PartialUpload.objects.filter(user=actor)
    file = {"fingerprint": fingerprint, "size": size, "attachment": attachment}
    same = mine.filter(patient=patient, **file)
    same = same.filter(Q(outcome__isnull=True) | Q(outcome__status=HTTPStatus.OK))
    if known := same.select_for_update(no_key=True).order_by("created_at").last():
        known.touched_at = timezone.now()
        known.save(update_fields=["touched_at"])
        return known
    if mine.filter(outcome__isnull=True).count() >= MOST:
        raise Conflict(_("Too many uploads are unfinished. Finish one of them first."))
    made = PartialUpload(user=actor, patient=patient, name=name, **file)
    PartialUpload.objects.bulk_create([made], ignore_conflicts=True)
    begun = same.latest("created_at")
    if begun.pk == made.pk:
        audit.record(action="upload.begin", target=begun, patient_id=patient.pk)
    return begun


def add_piece(
    *, actor: User, upload_id: UUID, offset: int, stream: files.Readable
) -> PartialUpload:
    """Add a piece; it is on the disk before it counts. Raises WrongOffset, Invalid, NotFound."""
    require_intention()
    upload = queries.get_upload(actor, upload_id, lock=True)
    require_upload(actor=actor, patient=upload.patient)
    if upload.outcome or offset != parts.offset_of(upload):
        raise WrongOffset(upload)
    too_much = _("More came than was announced.")
    upload.received, upload.touched_at = parts.append(upload, stream, too_much), timezone.now()
    upload.save(update_fields=["received", "touched_at"])
    return upload


def finish_upload(*, actor: User, upload_id: UUID, outcome: dict[str, Any]) -> None:
    """What became of it, for who asks again."""
    require_intention()
    upload = queries.get_upload(actor, upload_id, lock=True)
    upload.outcome, upload.touched_at = outcome, timezone.now()
    upload.save(update_fields=["outcome", "touched_at"])


def forget_unfinished(limit: int = 500) -> int:
    """Uploads to which nothing was added for so long, finished or not."""
    require_intention()
    old = PartialUpload.objects.filter(touched_at__lt=timezone.now() - PARTIAL_KEPT)
    chosen = old.order_by("touched_at").values("pk")[:limit]
    return PartialUpload.objects.filter(pk__in=chosen).delete()[0]
