"""What is entered about people before it counts: licences to verify, invitations to accept."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from telemed.core.models import BaseModel
from telemed.organisations.models import Specialty
from telemed.people.models import Practitioner, User


class Entry(BaseModel):
    """
    A licence as somebody entered it, or its renewal. A second person verifies it; until then
    what was verified before stays in force.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("To be verified")
        VERIFIED = "verified", _("Verified")
        REFUSED = "refused", _("Sent back")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="licence_entries")
    title = models.CharField(max_length=12, choices=Practitioner.Title)
    licence_no = models.CharField(max_length=20)
    specialty = models.CharField(max_length=20, choices=Specialty)
    practising_since = models.DateField()
    licensed_until = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="licences_entered")
    verified_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="licences_verified"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # why it was sent back

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="waiting"), name="one_licence_entry_waits"
            ),
            models.CheckConstraint(
                condition=~Q(verified_by=F("entered_by")), name="who_entered_does_not_verify"
            ),
            models.CheckConstraint(
                condition=Q(practising_since__lt=F("licensed_until")),
                name="an_entered_licence_ends_after_practice_begins",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", verified_by=None, decided_at=None)
                | (~Q(state="waiting") & Q(verified_by__isnull=False, decided_at__isnull=False)),
                name="a_decided_entry_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="waiting"), name="licence_to_verify")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Invitation(BaseModel):
    """The way into a new account: one use, for its days. The link is made of its id and our key."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations_sent")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at=None, withdrawn_at=None),
                name="one_open_invitation",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        unused = self.used_at is None and self.withdrawn_at is None
        return unused and self.expires_at > timezone.now()


class Upload(BaseModel):
    """A file of people, looked at before it counts. Once applied only what was left out is kept."""

    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_uploads")
    text = models.TextField()
    applied_at = models.DateTimeField(null=True, blank=True)
    invited = models.JSONField(default=list)  # ids of the invitations it made

    def __str__(self) -> str:
        return str(self.pk)
