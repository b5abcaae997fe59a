"""What the asked side still needs to know (补充): a case is not sent back for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.requests.models.case import Case
from telemed.core.models import BaseModel
from telemed.people.models import User


class Question(BaseModel):
    """
    One thing that is asked of the asking side: fields of the request, or a question in words.

    It opens exactly `fields`. An open one has one of the case's three places (`slot`), so that
    the database counts them. `before` keeps what an answered field said.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ANSWERED = "answered", _("Answered")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Lapsed")

    ASKABLE = ("reason", "aim", "wanted_time", "summary", "studies")
    SLOTS = (1, 2, 3)

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="questions")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    slot = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="questions_asked")
    fields = models.JSONField(default=list)
    text = models.CharField(max_length=500, blank=True)
    answer = models.CharField(max_length=1000, blank=True)
    not_available = models.BooleanField(default=False)  # 无法提供; `answer` says why
    before = models.JSONField(default=dict)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="questions_answered"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "slot"], condition=Q(status="open"), name="three_open_questions"
            ),
            models.CheckConstraint(condition=Q(slot__in=[1, 2, 3]), name="a_question_has_a_place"),
            models.CheckConstraint(
                condition=~Q(status="answered") | Q(answered_by__isnull=False),
                name="an_answer_has_a_giver",
            ),
            models.CheckConstraint(
                condition=Q(not_available=False) | ~Q(answer=""),
                name="what_is_not_available_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.pk}"
