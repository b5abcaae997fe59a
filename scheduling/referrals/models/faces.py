"""What the world reads of a referral besides its request: the time at the hospital, the plan."""

from __future__ import annotations

from django.db import models

from scheduling.referrals.models.referral import Referral
from telemed.core.models import BaseModel


class Stay(BaseModel):
    """From the arrival to the hand-back (FHIR Encounter)."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="stay")

    def __str__(self) -> str:
        return str(self.pk)


class AfterCare(BaseModel):
    """What the hospital plans for home, once it is handed back (FHIR CarePlan)."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="after_care")

    def __str__(self) -> str:
        return str(self.pk)
