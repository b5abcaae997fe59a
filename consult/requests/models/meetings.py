"""When the two sides meet: a time that one proposes and the other agrees to."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consult.requests.models.case import Case
from telemed.core.models import BaseModel
from telemed.people.models import User

HALF_HOUR = timedelta(minutes=30)  # the unit of the tariff


class Side(models.TextChoices):
    ASKING = "asking", _("Asking side")
    ANSWERING = "answering", _("Answering side")


class Meeting(BaseModel):
    """One time for the room of a case. `missed_by` is empty where both sides failed to come."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        BOOKED = "booked", _("Agreed")
        MISSED = "missed", _("Missed")
        MET = "met", _("Met")
        DROPPED = "dropped", _("Dropped")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="meetings")
    status = models.CharField(max_length=8, choices=Status, default=Status.PROPOSED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    side = models.CharField(max_length=10, choices=Side)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="meetings")
    agreed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="meetings_agreed"
    )
    missed_by = models.CharField(max_length=10, choices=Side, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(status="booked"), name="one_agreed_time_a_case"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(status="proposed"), name="one_proposed_time_a_case"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_meeting_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(status="booked") | Q(agreed_by__isnull=False),
                name="the_other_side_agrees",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.starts_at:%Y-%m-%d %H:%M}"


class HalfHour(models.Model):
    """Half an hour that a person has promised: nobody is in two meetings at once."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="half_hours")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="half_hours")
    starts_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "starts_at"], name="nobody_is_in_two_places")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_at:%Y-%m-%d %H:%M}"
