"""A recording and who agreed to it."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.rooms.models import Room
from records.consent.models import Consent
from telemed.core.models import BaseModel
from telemed.people.models import User


class Recording(BaseModel):
    """
    Picture and sound of a room, from one browser, in pieces of a few seconds.

    `pieces` is the number of the next one and `size` where it begins, in bytes; `recorded` counts
    what was recorded before `resumed_at`. A STORED one is complete and never changes again.
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("Asking everybody")
        REFUSED = "refused", _("Not agreed")
        ON = "on", _("Recording")
        PAUSED = "paused", _("Paused")
        STOPPED = "stopped", _("Being stored")
        STORED = "stored", _("Stored")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Deleted after its time")

    KEPT = timedelta(days=3 * 365 + 1)  # 监管细则: process records of a consult, three years
    LIVE = ("asked", "on", "paused")

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="recordings")
    status = models.CharField(max_length=8, choices=Status, default=Status.ASKED)
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="recordings_asked_for"
    )
    recorder = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="recordings_made"
    )
    all_consented_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    resumed_at = models.DateTimeField(null=True, blank=True)
    recorded = models.DurationField(default=timedelta)
    stopped_at = models.DateTimeField(null=True, blank=True)
    why_stopped = models.CharField(max_length=16, blank=True)
    touched_at = models.DateTimeField(auto_now_add=True)  # when the last piece came
    media_type = models.CharField(max_length=40, blank=True)
    pieces = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room"],
                condition=Q(status__in=["asked", "on", "paused"]),
                name="one_recording_a_room",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["asked", "refused"])
                | Q(all_consented_at__isnull=False, recorder__isnull=False),
                name="a_recording_has_everybodys_consent",
            ),
            models.CheckConstraint(
                condition=~Q(status="stored") | (~Q(sha256="") & Q(expires_on__isnull=False)),
                name="a_stored_recording_is_hashed_and_expires",
            ),
        ]
        indexes = [
            models.Index(
                fields=["touched_at"],
                condition=Q(status__in=["on", "stopped"]),
                name="recording_unfinished",
            ),
            models.Index(
                fields=["expires_on"], condition=Q(status="stored"), name="recording_expiring"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.pk}"


class Answer(BaseModel):
    """
    What one person said to being recorded; the newest counts. `person` is null for the patient,
    for whom `given_by` answered, `relation` saying who agreed: the patient or somebody for them.
    """

    APPEND_ONLY = True

    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="answers")
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="recording_answers"
    )
    given_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="recording_answers_given"
    )
    relation = models.CharField(max_length=12, choices=Consent.Relation, blank=True)
    agreed = models.BooleanField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(relation="") | Q(agreed=False),
                name="who_agrees_for_the_patient_is_said",
            )
        ]

    def __str__(self) -> str:
        return f"{self.recording_id} {self.agreed}"
