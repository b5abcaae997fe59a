"""What belongs to a trip alone: a visit and its examinations on one day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from telemed.core.models import BaseModel

MOST_EXAMINATIONS = 4  # of one trip


class Trip(BaseModel):
    """
    A visit and its examinations, booked as one; its stops are bookings that name it.

    When and where is theirs: each is moved, cancelled and missed by the same rules as any other.
    """

    class Order(models.TextChoices):
        """Whether the doctor reads what was found, or says what is to be looked for."""

        VISIT_LAST = "visit_last", _("Examinations first, then the doctor")
        VISIT_FIRST = "visit_first", _("The doctor first, then the examinations")

    order = models.CharField(max_length=11, choices=Order, default=Order.VISIT_LAST)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(order__in=["visit_last", "visit_first"]), name="trip_order_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
