"""What was done and measured beside the duty itself."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from scheduling.duties.models.duties import Duty
from scheduling.duties.models.words import Kind, Mode
from scheduling.duties.parts import words_of
from telemed.core.models import BaseModel
from telemed.people.models import User


class Visit(BaseModel):
    """A visit beyond the one that counts for a duty, with the reason why it is kept."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="visits")
    mode = models.CharField(max_length=12, choices=Mode)
    served_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="further_visits")
    served_at = models.DateTimeField()
    draft = models.UUIDField(null=True, blank=True, unique=True)  # made on the device
    systolic = models.PositiveSmallIntegerField(null=True, blank=True)
    diastolic = models.PositiveSmallIntegerField(null=True, blank=True)
    glucose = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    signs = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    entries = models.JSONField(default=dict, db_default={}, blank=True)
    because = models.CharField(max_length=200)
    filed = models.BooleanField(default=True, db_default=False)  # false: before there were forms

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(because=""), name="a_further_visit_says_why")
        ]
        indexes = [models.Index(fields=["id"], condition=Q(filed=False), name="visits_to_file")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def entered(self) -> list[tuple[Any, str]]:
        """In words, by part of the form."""
        return words_of(self.entries)


class Reading(BaseModel):
    """A value measured for a duty, or at a further visit to it (FHIR Observation)."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="readings")
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="readings"
    )
    kind = models.CharField(max_length=16)  # one of Kind, or an item of a form (parts.py)
    systolic = models.PositiveSmallIntegerField(null=True, blank=True)
    diastolic = models.PositiveSmallIntegerField(null=True, blank=True)
    glucose = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    value = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    word = models.CharField(max_length=10, blank=True, default="", db_default="")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="readings_taken")
    taken_at = models.DateTimeField()
    struck = models.BooleanField(default=False)  # with the entry that it belonged to

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "kind"], condition=Q(visit=None), name="one_value_of_a_duty"
            ),
            models.UniqueConstraint(fields=["visit", "kind"], name="one_value_of_a_visit"),
            models.CheckConstraint(
                condition=Q(kind="pressure", systolic__isnull=False, diastolic__isnull=False)
                | Q(kind="glucose", glucose__isnull=False)
                | ~Q(kind__in=Kind.values) & (Q(value__isnull=False) | ~Q(word="")),
                name="a_reading_has_its_value",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
