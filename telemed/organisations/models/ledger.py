"""What the institutions owe each other: lines that are only added, and a statement a month."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from telemed.core.errors import Conflict
from telemed.core.models import BaseModel
from telemed.organisations.models.agreements import Agreement, Service
from telemed.organisations.models.places import Organisation
from telemed.organisations.models.sides import TwoSided


class Statement(TwoSided, BaseModel):
    """All lines of one month between two institutions: one reviews them, the other confirms."""

    class State(models.TextChoices):
        ACCRUING = "accruing", _("To be reviewed")
        REVIEWED = "reviewed", _("To be confirmed")
        CONFIRMED = "confirmed", _("Confirmed")
        EXPORTED = "exported", _("Exported")

    TRANSITIONS = {
        State.ACCRUING: {State.REVIEWED},
        State.REVIEWED: {State.CONFIRMED},
        State.CONFIRMED: {State.EXPORTED},
    }

    asking = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="statements_asking"
    )
    asked = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="statements_asked"
    )
    month = models.DateField()  # its first day
    state = models.CharField(max_length=10, choices=State, default=State.ACCRUING)
    reviewed_by = models.CharField(max_length=60, blank=True)  # Actor.actor_id
    reviewer_name = models.CharField(max_length=60, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=60, blank=True)
    confirmer_name = models.CharField(max_length=60, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    number = models.CharField(max_length=20, null=True, blank=True, unique=True)
    exported_at = models.DateTimeField(null=True, blank=True)
    file = models.TextField(blank=True)  # the CSV as it was exported: the same for ever
    digest = models.CharField(max_length=64, blank=True)  # its SHA-256

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asking", "asked", "month"], name="one_statement_a_month"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="a_statement_is_of_a_month"),
            models.CheckConstraint(
                condition=Q(confirmed_by="") | ~Q(confirmed_by=F("reviewed_by")),
                name="two_persons_settle",
            ),
            models.CheckConstraint(
                condition=~Q(state="exported") | (Q(number__isnull=False) & ~Q(digest="")),
                name="an_export_has_number_and_hash",
            ),
        ]
        indexes = [
            models.Index(fields=["asking", "-month"], name="statement_asking"),
            models.Index(fields=["asked", "-month"], name="statement_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.asking_id} → {self.asked_id} {self.month:%Y-%m}"

    def become(self, state: State, verb: str) -> None:
        """Change the state in memory, or refuse. The service locks, saves and audits."""
        if state not in self.TRANSITIONS.get(self.State(self.state), set()):
            refusal = _("This statement is “{state}”; you cannot {verb} it.")
            label = self.State(self.state).label
            raise Conflict(refusal.format(state=label, verb=verb), path="state")
        self.state = state


class Entry(BaseModel):
    """
    One thing done for another institution, or a correction of one. Amounts in fen.

    Only `state`, `objection` and `objected_by` ever change: a trigger keeps the rest, a mistake is
    corrected by a counter-line. Price and shares are copied from the agreement of the day it was
    accepted; without an agreement (an emergency) the price is 0 until both have agreed on one.
    """

    CORRECTION = "correction"

    LOW_INCOME = "low_income"  # a basis that the register set by itself

    class State(models.TextChoices):
        ACCRUED = "accrued", _("Accrued")
        REVIEWED = "reviewed", _("Reviewed")
        CONFIRMED = "confirmed", _("Confirmed")
        DISPUTED = "disputed", _("Disputed")

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="entries")
    subject = models.UUIDField()  # the case or order
    reference = models.CharField(max_length=40, blank=True)  # its number, as people say it
    kind = models.CharField(
        max_length=20, choices=[*Service.choices, (CORRECTION, _("Correction"))]
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    accepted_at = models.DateTimeField()
    units = models.SmallIntegerField(default=1)
    price = models.PositiveIntegerField(default=0)
    amount = models.IntegerField(default=0)
    asking_amount = models.IntegerField(default=0)
    asked_amount = models.IntegerField(default=0)
    platform_amount = models.IntegerField(default=0)
    shares = models.JSONField(default=list)  # per cent: asking, asked, platform
    exempt = models.CharField(max_length=100, blank=True)  # the basis of an exemption
    reason = models.CharField(max_length=300, blank=True)  # of a correction
    state = models.CharField(max_length=10, choices=State, default=State.ACCRUED)
    objection = models.CharField(max_length=300, blank=True)
    objected_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=F("asking_amount") + F("asked_amount") + F("platform_amount")),
                name="an_amount_is_split_whole",
            ),
            models.UniqueConstraint(
                fields=["subject", "kind"],
                condition=~Q(kind="correction"),
                name="a_thing_is_settled_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="correction", corrects__isnull=False) & ~Q(reason="")
                | (~Q(kind="correction") & Q(corrects=None)),
                name="a_correction_says_of_what_and_why",
            ),
            models.CheckConstraint(
                condition=Q(exempt="") | Q(amount=0), name="what_is_exempt_costs_nothing"
            ),
            models.CheckConstraint(
                condition=~Q(state="disputed") | ~Q(objection=""), name="a_dispute_says_why"
            ),
        ]
        indexes = [models.Index(fields=["statement", "id"], name="entry_statement")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference or self.subject} {self.amount}"

    @property
    def exempt_because(self) -> str:
        """As it was entered; what the register set, in the reader's language."""
        return gettext("low income") if self.exempt == self.LOW_INCOME else self.exempt


def split(amount: int, shares: tuple[int, int, int]) -> tuple[int, int, int]:
    """Fen for the asking side, the asked side and the platform; the asked side has the odd fen."""
    asking, platform = amount * shares[0] // 100, amount * shares[2] // 100
    return asking, amount - asking - platform, platform


def month_of(day: date) -> date:
    return day.replace(day=1)
