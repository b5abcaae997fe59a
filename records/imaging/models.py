"""Studies, their series, and the instances as received."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.mpi.models import Patient
from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation
from telemed.people.models import User

PARTIAL_KEPT = timedelta(hours=48)
STANDS_STILL = timedelta(minutes=10)  # after which an upload is said to stand still


class Attachment(models.TextChoices):
    """What a clinic adds by hand. Wherever a paper ECG shows, it says that it is a photograph."""

    PHOTO = "photo", _("Photo")
    PAPER_ECG = "paper_ecg", _("Photograph of a paper ECG: not measured")
    DOCUMENT = "document", _("PDF document")


class Study(BaseModel):
    """One examination of one person (FHIR ImagingStudy), or what was attached by hand."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="studies")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="studies")
    uploaded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="studies_uploaded"
    )
    study_uid = models.CharField(max_length=64)
    modality = models.CharField(max_length=16, blank=True)
    described = models.CharField(max_length=200, blank=True)
    attachment = models.CharField(
        max_length=16, choices=Attachment, blank=True, default="", db_default=""
    )
    studied_at = models.DateTimeField(null=True, blank=True)
    # Who the files say it is: shown beside the patient when it differs, never believed.
    stated = models.JSONField(default=dict)
    frame_count = models.PositiveIntegerField(default=0)
    settled = models.BooleanField(default=False)  # published as it is now
    changed_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study_uid"], name="a_study_has_one_patient"),
            models.CheckConstraint(
                condition=Q(attachment__in=["", *Attachment.values]), name="study_attachment_known"
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-studied_at"], name="study_patient"),
            models.Index(fields=["changed_at"], condition=Q(settled=False), name="study_unsettled"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def called(self) -> str:
        """Its name on every page: of what was attached by hand, what that is."""
        if self.attachment:
            return str(Attachment(self.attachment).label)
        return f"{self.modality} {self.described}".strip()

    @property
    def is_document(self) -> bool:
        return self.attachment == Attachment.DOCUMENT


class Series(BaseModel):
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="series")
    series_uid = models.CharField(max_length=64)
    modality = models.CharField(max_length=16, blank=True)
    number = models.IntegerField(null=True, blank=True)
    description = models.CharField(max_length=200, blank=True)
    body_part = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "series_uid"], name="one_series_a_uid")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Instance(BaseModel):
    """
    One DICOM file. Its bytes are in the file store and never change.

    `facts` is what the reader found in its header (records.imaging.reader.header.inspect).
    """

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="instances")
    sop_uid = models.CharField(max_length=64)
    sop_class = models.CharField(max_length=64)
    transfer_syntax = models.CharField(max_length=64)
    number = models.IntegerField(null=True, blank=True)
    frame_count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    facts = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "sop_uid"], name="one_instance_a_uid"),
            models.CheckConstraint(condition=Q(frame_count__gte=1), name="an_instance_has_frames"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_recording(self) -> bool:
        """A waveform, in place of pictures."""
        return "waveform" in self.facts

    @property
    def is_document(self) -> bool:
        """A PDF, in place of pictures."""
        return "document" in self.facts

    def frame(self, index: int) -> dict[str, Any]:
        """Place, rescale and window of one frame; frames that share them are kept once."""
        kept: list[dict[str, Any]] = self.facts["frames"]
        return kept[index] if len(kept) > 1 else kept[0]


class PartialUpload(BaseModel):
    """
    A file that comes in pieces, and how much of it is on the disk (records.imaging.parts).

    `outcome` is what its sender was told when it was complete, for who did not hear it.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="partial_uploads")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="partial_uploads")
    name = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # what the sender tells the file by
    attachment = models.CharField(
        max_length=16, choices=Attachment, blank=True, default="", db_default=""
    )
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    touched_at = models.DateTimeField(default=timezone.now)
    outcome = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received__gte=0, received__lte=F("size")),
                name="no_more_than_was_announced",
            ),
            models.UniqueConstraint(
                fields=["user", "patient", "fingerprint", "size", "attachment"],
                condition=Q(outcome__isnull=True),
                name="one_unfinished_upload_a_file",
            ),
            models.CheckConstraint(
                condition=Q(attachment__in=["", *Attachment.values]),
                name="upload_attachment_known",
            ),
        ]
        indexes = [models.Index(fields=["touched_at"], name="partial_upload_age")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def share(self) -> int:
        """Percent that is here."""
        return self.received * 100 // self.size

    @property
    def until(self) -> datetime:
        """When it is given up, unless more comes."""
        return self.touched_at + PARTIAL_KEPT


class Shipment(BaseModel):
    """
    Files that somebody said are coming, and the studies that came of them so far.

    `about` is what they are sent for: a thing of a slice above (records.imaging.purposes), by its
    id, or the patient where it is the record alone. There is one under way for each of them; more
    files join it.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shipments")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="shipments")
    about = models.UUIDField()
    studies = models.ManyToManyField(Study, blank=True, related_name="shipments")
    touched_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)  # all is here, or it was given up

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "patient", "about"],
                condition=Q(ended_at__isnull=True),
                name="one_shipment_under_way",
            )
        ]
        indexes = [
            models.Index(fields=["about"], name="shipment_about"),
            models.Index(
                fields=["touched_at"], condition=Q(ended_at__isnull=True), name="shipment_age"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ShippedFile(models.Model):
    """
    One file of a shipment. `images` is what its sender expects of it, `came` what was kept of it:
    null until it is here and was checked, 0 when it was refused.
    """

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="files")
    key = models.CharField(max_length=32)  # what its sender tells it by
    images = models.PositiveIntegerField()
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    came = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "key"], name="one_file_a_key"),
            models.CheckConstraint(
                condition=Q(received__gte=0, received__lte=F("size")),
                name="no_more_than_was_shipped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id} {self.key}"


class Opening(BaseModel):
    """One audited look into a study; the frames fetched under it are counted here."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="openings")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="openings")
    frames = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["user", "study", "-created_at"], name="opening_latest")]

    def __str__(self) -> str:
        return str(self.pk)
