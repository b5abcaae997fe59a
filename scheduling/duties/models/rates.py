"""Kept promises of a whole county, as they were counted last."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from scheduling.registration.models import Group
from telemed.core.models import BaseModel


class Rate(BaseModel):
    """
    Of the services of a county that left their window within a year, how many were kept.

    Counted once a day: a resident who looks at teams does not wait for a county's services.
    """

    county = models.CharField(max_length=6)
    group = models.CharField(max_length=12, choices=Group, blank=True)  # empty: everybody
    face = models.BooleanField()
    owed = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()
    counted_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "group", "face"], name="one_rate_of_a_county_and_group"
            ),
            models.CheckConstraint(
                condition=Q(kept__lte=F("owed")), name="no_more_is_kept_than_owed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.county} {self.group} {self.kept}/{self.owed}"
