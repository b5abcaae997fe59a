"""The one source of the time line and of all indicators."""

from __future__ import annotations

from django.db import models

from consult.requests.models.case import Case
from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation
from telemed.people.models import User


class Step(BaseModel):
    """
    Every step of a case, in order: the one source of its time line and of all indicators.

    `action` names it ("case.submit", "offer.decline"); from and to are equal where the case's
    own status did not change. `facts` hold what the time line says, never a finding.
    """

    APPEND_ONLY = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    action = models.CharField(max_length=40)
    from_status = models.CharField(max_length=12)
    to_status = models.CharField(max_length=12)
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="case_steps"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="case_steps"
    )
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["case", "at"], name="step_case"),
            models.Index(fields=["action", "at"], name="step_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"
