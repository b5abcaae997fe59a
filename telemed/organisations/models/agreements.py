"""Agreements: what lets one institution ask another."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from telemed.core.models import BaseModel
from telemed.organisations.models.places import Organisation


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def in_force(self, day: date) -> "AgreementQuerySet":
        """Those that let one institution ask another on that day."""
        return self.filter(state=Agreement.State.ACTIVE, starts_on__lte=day, ends_on__gte=day)


class Agreement(BaseModel):
    """
    What lets one institution ask another (远程医疗服务管理规范: a signed cooperation agreement).

    Prices are in fen; the shares of the asking and the asked side add up to 100 per cent.
    """

    class Service(models.TextChoices):
        CONSULT = "consult", _("Consult")

    class State(models.TextChoices):
        ACTIVE = "active", _("In force")
        SUSPENDED = "suspended", _("Suspended")
        ENDED = "ended", _("Ended")

    asking = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreements_asking"
    )
    asked = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreements_asked"
    )
    service = models.CharField(max_length=20, choices=Service, default=Service.CONSULT)
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.ACTIVE)
    starts_on = models.DateField()
    ends_on = models.DateField()
    price = models.PositiveIntegerField(default=0)
    asking_share = models.PositiveSmallIntegerField(default=30)
    asked_share = models.PositiveSmallIntegerField(default=70)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asking", "asked", "service", "version"], name="one_agreement_a_version"
            ),
            models.UniqueConstraint(
                fields=["asking", "asked", "service"],
                condition=Q(state="active"),
                name="one_agreement_in_force",
            ),
            models.CheckConstraint(condition=~Q(asking=F("asked")), name="nobody_asks_itself"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="an_agreement_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(asking_share=100 - F("asked_share")), name="shares_add_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asking_id} → {self.asked_id} v{self.version}"
