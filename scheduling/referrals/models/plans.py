"""What the sending side is to do after the patient is back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from scheduling.referrals.models.referral import Referral
from telemed.core.models import BaseModel
from telemed.people.models import User


class PlanItem(BaseModel):
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="plan")
    what = models.CharField(max_length=200)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="plan_items_done"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="a_plan_item_says_what"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(done_by__isnull=False),
                name="a_done_item_was_done_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["referral", "due_on"],
                condition=Q(done_at__isnull=True),
                name="plan_item_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.due_on} {self.pk}"
