"""The one source of the time line, and the running numbers of a day."""

from __future__ import annotations

from django.db import models

from scheduling.referrals.models.referral import Referral
from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation
from telemed.people.models import User


class Step(BaseModel):
    """
    Every step of a referral, in order. `action` names it ("referral.send"); `facts` hold what the
    time line says, never a finding.
    """

    APPEND_ONLY = True

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="steps")
    action = models.CharField(max_length=40)
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12)
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="referral_steps"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["referral", "at"], name="referral_step")]

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"


class DayNumber(models.Model):
    """How many referrals have a number of that day; its row is the lock of who takes the next."""

    day = models.DateField(primary_key=True)
    given = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day} {self.given}"
