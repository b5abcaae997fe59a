"""
The registers of a county, by number and never by name: low income, whose visits have no fee; and
the special family-planning families (计划生育特殊家庭), who come first with their family doctor.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from telemed.core.models import BaseModel
from telemed.organisations.models import Division, Organisation
from telemed.people.models import User


class Register(models.TextChoices):
    LOW_INCOME = "low_income", _("Low-income register")
    SPECIAL = "special", _("Special family-planning families")


SPECIAL = "special"  # the one kind of that register; it pays the fee like others


class LowIncomeList(BaseModel):
    """
    One list as the county brought it. From its day on it stands in place of the one before, of the
    same register.
    """

    register = models.CharField(
        max_length=10,
        choices=Register,
        default=Register.LOW_INCOME,
        db_default=Register.LOW_INCOME.value,
    )
    county = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    brought_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["county", "-valid_from", "-created_at"], name="low_income_lists")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class LowIncome(BaseModel):
    """
    Somebody on such a list: the keyed hash of the identity number, as the index keeps it.

    They need not be in the index yet, and nothing here says who they are. What has ended stays:
    it says why a visit of that day was free.
    """

    class Kind(models.TextChoices):
        SUBSISTENCE = "subsistence", _("Subsistence allowance")
        HARDSHIP = "hardship", _("Extreme hardship")
        MONITORED = "monitored", _("At risk of poverty")

    brought_in = models.ForeignKey(LowIncomeList, on_delete=models.PROTECT, related_name="people")
    id_card_hash = models.CharField(max_length=43)
    kind = models.CharField(
        max_length=11, choices=[*Kind.choices, (SPECIAL, Register.SPECIAL.label)]
    )
    valid_from = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # the first day on which it holds no more

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["subsistence", "hardship", "monitored", "special"]),
                name="low_income_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("valid_from")),
                name="low_income_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["id_card_hash", "brought_in"], name="once_on_a_low_income_list"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
