"""Files of the population register, and how far each has been read."""

from django.db import models
from django.db.models import F, Q

from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation


class Roll(BaseModel):
    """
    One file by its content. It moves on with each batch, in the transaction of the batch, so that
    an import that was cut off begins again behind the last row that was kept.
    """

    digest = models.CharField(max_length=64, unique=True)  # SHA-256
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="rolls")
    rows = models.PositiveBigIntegerField(default=0)  # read so far: the sum of the next three
    registered = models.PositiveBigIntegerField(default=0)
    known = models.PositiveBigIntegerField(default=0)  # in the index already, unchanged
    refused = models.PositiveBigIntegerField(default=0)
    queued = models.PositiveBigIntegerField(default=0)  # pairs for review
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rows=F("registered") + F("known") + F("refused")),
                name="every_row_of_a_roll_is_counted",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
