"""What is owed under one contract, and how often in one of its years."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from scheduling.duties.models.words import Code, End, Risk
from scheduling.registration import included
from scheduling.registration.models import Contract, Group
from telemed.core.models import BaseModel


class Plan(BaseModel):
    """
    What is owed under one contract (FHIR CarePlan), and the groups that the record names.

    The days of a pregnancy, and of a child's coming home, are those from which its visits count.
    """

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="plan")
    # Without those by age, which change by themselves.
    groups = ArrayField(models.CharField(max_length=12, choices=Group), default=list, blank=True)
    read_on = models.DateField(default=timezone.localdate)  # when the record was last asked
    expected_on = models.DateField(null=True, blank=True)  # the due date
    delivered_on = models.DateField(null=True, blank=True)
    discharged_on = models.DateField(null=True, blank=True)  # after the birth: mother, or child
    ended_on = models.DateField(null=True, blank=True)  # without a birth
    ended_as = models.CharField(max_length=5, choices=End, blank=True, default="", db_default="")
    ended_at = models.DateTimeField(null=True, blank=True)  # when that was entered
    risk = models.CharField(max_length=6, choices=Risk, blank=True, default="", db_default="")
    risk_at = models.DateTimeField(null=True, blank=True)  # since when it has that colour

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(risk__in=["", *Risk.values]), name="a_risk_is_one_of_five_colours"
            ),
            models.CheckConstraint(
                condition=Q(delivered_on=None)
                | Q(discharged_on=None)
                | Q(discharged_on__gte=F("delivered_on")),
                name="nobody_goes_home_before_the_birth",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_as="", ended_at=None)
                | Q(ended_on__isnull=False, ended_as__in=End.values, ended_at__isnull=False),
                name="an_ended_pregnancy_says_how",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(delivered_on=None),
                name="a_pregnancy_ends_in_one_way",
            ),
        ]
        indexes = [models.Index(fields=["read_on", "id"], name="plans_to_read_again")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def shows_risk(self) -> bool:
        return bool(self.risk) and self.ended_on is None

    @property
    def needs_hospital(self) -> bool:
        """A colour from orange on: a hospital follows her, beside the team."""
        followed = self.shows_risk and self.delivered_on is None
        return followed and self.risk in (Risk.ORANGE, Risk.RED, Risk.PURPLE)

    @property
    def confined_on(self) -> date | None:
        """From when the visits after a birth count; a child that was born still, too."""
        return self.ended_on if self.ended_as == End.STILL else self.delivered_on


class Quota(BaseModel):
    """
    How often a limited service was done in one year of a contract.

    There is a row from the first time on; without a limit there is none. Of a contract that
    another team took over it is that of the team before.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="quotas")
    rule = models.CharField(max_length=17, choices=Code)
    # By its name, where the package names one that the house has no code for.
    service = models.CharField(max_length=included.LONGEST, blank=True, default="", db_default="")
    begins_on = models.DateField()  # the first day of that year
    quota = models.PositiveSmallIntegerField()
    used = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "rule", "service", "begins_on"], name="one_quota_a_year"
            ),
            models.CheckConstraint(
                condition=Q(used__gte=0, used__lte=F("quota")), name="a_quota_is_not_exceeded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.begins_on} {self.used}/{self.quota}"
