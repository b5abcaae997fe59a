"""What came of an opinion: the receipt of the asking doctor, and how the patient fared."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.requests.models.case import Case
from telemed.core.models import BaseModel
from telemed.people.models import User


class Receipt(BaseModel):
    """
    What the asking doctor decided on one version of the opinion; the decision stays theirs.

    Until the case is closed they may think better of it: the next `turn` stands, the earlier ones
    are kept.
    """

    APPEND_ONLY = True

    class Decision(models.TextChoices):
        ADOPTED = "adopted", _("Adopted")
        PARTLY = "partly", _("Partly adopted")
        NOT_ADOPTED = "not_adopted", _("Not adopted")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="receipts")
    opinion_version = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField(default=0, db_default=0)
    decision = models.CharField(max_length=12, choices=Decision)
    reason = models.CharField(max_length=500, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="receipts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "opinion_version", "turn"], name="one_receipt_a_turn"
            ),
            models.CheckConstraint(
                condition=Q(decision="adopted") | ~Q(reason=""),
                name="not_adopting_gives_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.pk}"

    @property
    def is_superseded(self) -> bool:
        """Whether another was given on the same version since."""
        same = Receipt.objects.filter(case=self.case_id, opinion_version=self.opinion_version)
        return same.filter(turn__gt=self.turn).exists()


class Outcome(BaseModel):
    """How the patient fared, 3, 7 and 30 days after the opinion. Never changed once written."""

    APPEND_ONLY = True
    DAYS = (3, 7, 30)

    class Result(models.TextChoices):
        BETTER = "better", _("Better")
        SAME = "same", _("The same")
        WORSE = "worse", _("Worse")
        REFERRED = "referred", _("Referred")
        DIED = "died", _("Died")
        LOST = "lost", _("Out of reach")
        UNKNOWN = "unknown", _("Not reported")  # nobody said so in time

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="outcomes")
    day = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=10, choices=Result)
    note = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="outcomes"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "day"], name="one_outcome_a_day"),
            models.CheckConstraint(condition=Q(day__in=[3, 7, 30]), name="outcome_day_known"),
            models.CheckConstraint(
                condition=Q(result="unknown") | Q(recorded_by__isnull=False),
                name="an_outcome_has_a_teller",
            ),
        ]

    def __str__(self) -> str:
        return f"day {self.day} {self.result}"
