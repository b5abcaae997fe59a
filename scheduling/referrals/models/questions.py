"""What the receiving side still needs to know; the clock of its answer waits."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scheduling.referrals.models.referral import Referral
from telemed.core.models import BaseModel
from telemed.people.models import User


class Question(BaseModel):
    class Status(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ANSWERED = "answered", _("Answered")
        LAPSED = "lapsed", _("Lapsed")

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="questions")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="referral_questions_asked"
    )
    text = models.CharField(max_length=500)
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referral_questions_answered",
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=Q(status="open"), name="one_open_referral_question"
            ),
            models.CheckConstraint(
                condition=~Q(status="answered") | Q(answered_by__isnull=False) & ~Q(answer=""),
                name="a_referral_answer_has_a_giver",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.pk}"
