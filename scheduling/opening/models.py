"""One release of new places at one institution, for which people stand in a line."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation


class Opening(BaseModel):
    """
    The line itself lives in Valkey; here is what it is laid out from again when that is lost, and
    what proves the draw: the seed, of which only the hash is told before.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="openings", db_index=False
    )
    waits_at = models.DateTimeField()  # tickets can be taken from then on
    opens_at = models.DateTimeField()
    draw_at = models.DateTimeField()  # who has a ticket by then is drawn by lot
    ends_at = models.DateTimeField()
    days = ArrayField(models.DateField())  # whose places come out
    seed = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "opens_at"], name="one_opening_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(waits_at__lte=F("opens_at"))
                & Q(opens_at__lt=F("draw_at"))
                & Q(draw_at__lt=F("ends_at")),
                name="an_opening_in_its_order",
            ),
        ]
        indexes = [models.Index(fields=["ends_at"], name="opening_by_end")]

    def __str__(self) -> str:
        return f"{self.opens_at:%Y-%m-%d %H:%M}"
