"""What came of an opinion: the receipt of the asking doctor, and how the patient fared."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from consult.requests.models.case import Case
from telemed.core.models import BaseModel
from telemed.people.models import User


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def superseded(self) -> ReceiptQuerySet:
        """Those after which another was given on the same version."""
        return self.filter(_another_since())

    def told_apart(self) -> ReceiptQuerySet:
        """Of each, is_superseded is known without asking for each."""
        return self.annotate(is_superseded=_another_since())


def _another_since() -> Exists:
    same = Receipt.objects.filter(
        case=OuterRef("case"), opinion_version=OuterRef("opinion_version")
    )
    return Exists(same.filter(turn__gt=OuterRef("turn")))


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

    objects = ReceiptQuerySet.as_manager()

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

    @cached_property
    def is_superseded(self) -> bool:
        """Whether another was given on the same version since; of many, ask told_apart()."""
        return Receipt.objects.superseded().filter(pk=self.pk).exists()


OUTCOME_DAYS = (3, 7, 30)  # after the opinion; as Outcome.DAYS, but that Meta cannot see


class Outcome(BaseModel):
    """How the patient fared, 3, 7 and 30 days after the opinion. Never changed once written."""

    APPEND_ONLY = True
    DAYS = OUTCOME_DAYS

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
            models.CheckConstraint(condition=Q(day__in=[*OUTCOME_DAYS]), name="outcome_day_known"),
            models.CheckConstraint(
                condition=Q(result="unknown") | Q(recorded_by__isnull=False),
                name="an_outcome_has_a_teller",
            ),
        ]

    def __str__(self) -> str:
        return f"day {self.day} {self.result}"
