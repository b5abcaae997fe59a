"""What both sides say to each other about a case, besides its questions and its opinion."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.requests.models.case import Case
from consult.requests.models.meetings import Side
from telemed.core.models import BaseModel
from telemed.people.models import User


class Message(BaseModel):
    """
    One message of the thread of a case. It is never changed.

    `for_coordinators`: nothing about the patient is in it, so the coordinators read it, too; theirs
    always are. Messages of one side within a quarter of an hour share a `turn`: each of the other
    side is told once a turn.
    """

    APPEND_ONLY = True
    MOST = 1000  # characters

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    side = models.CharField(max_length=10, choices=Side)
    written_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="case_messages_written"
    )
    text = models.CharField(_("message"), max_length=MOST)
    for_coordinators = models.BooleanField(default=False)
    turn = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_message_says_something"),
        ]
        indexes = [models.Index(fields=["case", "at"], name="message_case")]

    def __str__(self) -> str:
        return f"{self.side} {self.pk}"
