"""One inbox."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from telemed.core.models import BaseModel
from telemed.notifications import messages
from telemed.people.models import User


class NotificationQuerySet(models.QuerySet["Notification"]):
    def waiting(self) -> "NotificationQuerySet":
        """What the badge counts: not yet read, and not settled by the subject itself."""
        return self.filter(read_at=None)


class Notification(BaseModel):
    """
    Something somebody else did, told once. `facts` fill the template: names of staff and
    institutions, numbers, times; never a patient's name, ID or finding.
    """

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    template = models.CharField(max_length=60)
    about = models.UUIDField()
    turn = models.PositiveSmallIntegerField(default=0)
    urgent = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "template", "about", "turn"], name="told_once_about_each_thing"
            )
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="inbox_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"

    @property
    def text(self) -> str:
        """The sentence in the active language."""
        return messages.render(self.template, self.facts)

    @staticmethod
    def group(user_id: UUID) -> str:
        """The channel group of everything one account has open."""
        return f"inbox.{user_id}"
