"""A group that somebody may belong to by what was measured, until a doctor has said so."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from scheduling.duties.models.words import Answer
from scheduling.registration.models import Contract, Group
from telemed.core.models import BaseModel
from telemed.people.models import User


class Proposal(BaseModel):
    """
    Proposed by values, answered by a doctor. Confirmed it is a diagnosis (FHIR Condition), and the
    record puts the person into the group from then on.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="proposals")
    group = models.CharField(max_length=12, choices=Group)
    answer = models.CharField(max_length=9, choices=Answer, default=Answer.OPEN)
    because = models.CharField(max_length=200, blank=True)  # why it is not so
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals_answered"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "group"],
                condition=Q(answer="open"),
                name="a_group_is_proposed_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(answer="open", answered_by=None, answered_at=None)
                | Q(
                    answer__in=["confirmed", "declined"],
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                ),
                name="an_answered_proposal_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(answer="declined") | ~Q(because=""),
                name="a_declined_proposal_says_why",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_confirmed(self) -> bool:
        return self.answer == Answer.CONFIRMED
