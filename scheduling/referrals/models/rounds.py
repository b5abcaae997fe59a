"""Which department was asked, and what it said: one row each time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scheduling.availability.models import Period
from scheduling.referrals.models.referral import Referral
from telemed.core.models import BaseModel
from telemed.organisations.models import Department, Organisation
from telemed.people.models import User


class Round(BaseModel):
    """
    One department asked to take the patient (FHIR Task).

    While it is asked, a place of its referral pool may be kept for the patient: `period`, `pool`.
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("Asked")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("No longer asked")
        LAPSED = "lapsed", _("Not answered in time")

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="referral_rounds"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="referral_rounds"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    period = models.ForeignKey(
        Period, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    pool = models.CharField(max_length=13, blank=True)
    reason = models.CharField(max_length=200, blank=True)  # why it was declined
    elsewhere = models.CharField(max_length=100, blank=True)  # where else, then
    seen_at = models.DateTimeField(null=True, blank=True)  # first opened by who may answer it
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals_answered"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["asked", "accepted", "declined", "withdrawn", "lapsed"]),
                name="round_status_known",
            ),
            models.UniqueConstraint(fields=["referral", "number"], name="rounds_are_numbered"),
            models.UniqueConstraint(
                fields=["referral"], condition=Q(status="accepted"), name="one_hospital_accepts"
            ),
            models.UniqueConstraint(
                fields=["referral", "department"],
                condition=Q(status="asked"),
                name="a_department_is_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~(Q(reason="") | Q(elsewhere="")),
                name="declining_says_why_and_where_else",
            ),
            models.CheckConstraint(
                condition=Q(period__isnull=True, pool="") | Q(period__isnull=False) & ~Q(pool=""),
                name="a_kept_place_has_its_pool",
            ),
            models.CheckConstraint(
                condition=Q(period__isnull=True) | Q(status="asked"),
                name="a_place_is_kept_while_asked",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "status"], name="round_of_hospital"),
            models.Index(
                fields=["period", "pool"],
                condition=Q(period__isnull=False),
                name="round_kept_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.status}"
