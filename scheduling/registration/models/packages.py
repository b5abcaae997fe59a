"""What a contract contains and costs: one table a county."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scheduling.registration import included, limited
from telemed.core.models import BaseModel
from telemed.organisations.models import Division


class Group(models.TextChoices):
    """Those who come first (重点人群)."""

    ELDERLY = "elderly", _("65 and older")
    CHILD = "child", _("Children up to 6")
    PREGNANT = "pregnant", _("Pregnant")
    HYPERTENSION = "hypertension", _("High blood pressure")
    DIABETES = "diabetes", _("Diabetes")
    TUBERCULOSIS = "tuberculosis", _("Tuberculosis")
    MENTAL = "mental", _("Severe mental illness")
    DISABLED = "disabled", _("Disabled")
    SPECIAL = "special", _("Special family-planning families")
    MONITORED = "monitored", _("Lifted out of poverty, or monitored")


class Package(BaseModel):
    """Contents, price a year in fen, and who pays which share of it, in per cent."""

    class Kind(models.TextChoices):
        BASIC = "basic", _("Basic package")
        PERSONAL = "personal", _("Personal package")

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="packages")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=60)
    contents = models.TextField()  # one service a line
    price = models.PositiveIntegerField()
    insurance = models.PositiveSmallIntegerField()
    public_health = models.PositiveSmallIntegerField()
    resident = models.PositiveSmallIntegerField()
    # For whom alone it is; nobody named: for everybody.
    groups = ArrayField(models.CharField(max_length=12, choices=Group), default=list, blank=True)
    # By service, how often in a contract year; what is not named is not limited.
    limits = models.JSONField(default=dict, db_default={}, blank=True)
    # Rows of code or name, times a contract year, face to face or not: each is owed by day.
    services = models.JSONField(default=list, db_default=[], blank=True)
    since = models.DateField(default=timezone.localdate)
    until = models.DateField(null=True, blank=True)  # the first day on which nobody can choose it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["division", "name"],
                condition=Q(until=None),
                name="one_package_of_a_name",
            ),
            models.CheckConstraint(
                condition=Q(insurance=100 - F("public_health") - F("resident")),
                name="payers_pay_all_of_it",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(contents=""), name="a_package_contains_something"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.contents.splitlines() if line.strip()]

    @property
    def limited(self) -> list[limited.Limit]:
        return limited.limits_of(self.limits)

    @property
    def included(self) -> list[included.Service]:
        return included.services_of(self.services)

    @property
    def yuan(self) -> str:
        """What it costs a year, as people say it."""
        return f"{self.price / 100:g}"

    @property
    def own_yuan(self) -> str:
        """What of it the resident pays."""
        return f"{self.price * self.resident / 10_000:g}"
