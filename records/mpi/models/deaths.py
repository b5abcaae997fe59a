"""Deaths: when somebody died, from what sources that is known, and who entered it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from records.mpi.models.people import Patient
from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation
from telemed.people.models import User


class Death(BaseModel):
    """
    What was entered about one death; the day itself stands at the person.

    One that was entered by mistake is taken back, and stays here with the reason.
    """

    class Source(models.TextChoices):
        CERTIFICATE = "certificate", _("Medical certificate of death")
        REGISTER = "register", _("Cancelled household registration")
        HOSPITAL = "hospital", _("Hospital's record")
        FAMILY = "family", _("Told by the family")
        VILLAGE = "village", _("Told by the village committee")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="deaths")
    died_on = models.DateField()
    source = models.CharField(max_length=12, choices=Source)
    second_source = models.CharField(max_length=12, choices=Source, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="deaths_entered"
    )
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deaths_entered")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_because = models.CharField(max_length=200, blank=True)
    undone_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="deaths_undone"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(undone_at=None), name="nobody_dies_twice"
            ),
            models.CheckConstraint(
                condition=~Q(second_source=F("source")), name="two_sources_of_a_death_differ"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_because="")
                | (Q(undone_at__isnull=False) & ~Q(undone_because="")),
                name="who_takes_back_a_death_says_why",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
