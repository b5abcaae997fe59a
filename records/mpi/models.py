"""The person index: one person, many identifiers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Value
from django.db.models.functions import Replace
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from telemed.core import secrecy
from telemed.core.ids import rid_of
from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation
from telemed.people.models import User

ID_CARD = "mpi.id_card"  # the purpose that binds ciphertext and hash to this field


class Patient(BaseModel):
    """
    A person of the index, and the Patient resource that stands for them in the FHIR store.

    A person registered here is published under the id of this row. A Patient resource that
    came in from outside is kept as received; this row then carries that resource's id and rid.
    """

    class Sex(models.TextChoices):
        MALE = "male", _("Male")
        FEMALE = "female", _("Female")
        OTHER = "other", _("Other")
        UNKNOWN = "unknown", _("Unknown")

    fhir_id = models.CharField(max_length=64, unique=True)
    rid = models.BigIntegerField(unique=True)  # the record number that the store filters by
    received = models.BooleanField(default=False)  # the resource came in; we never rewrite it
    name = models.CharField(max_length=100)
    pinyin = models.CharField(max_length=200)  # sort key: "zhang san feng"
    initials = models.CharField(max_length=20)  # "zsf"
    sex = models.CharField(max_length=8, choices=Sex)
    birth_date = models.DateField(null=True, blank=True)
    id_card_sealed = models.BinaryField(null=True, blank=True)
    id_card_hash = models.CharField(max_length=43, null=True, blank=True, unique=True)
    id_card_tail = models.CharField(max_length=4, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    managing_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="patients"
    )
    user = models.OneToOneField(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="patient"
    )
    deceased_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["initials"], name="patient_initials", opclasses=["text_pattern_ops"]
            ),
            models.Index(fields=["name"], name="patient_name", opclasses=["text_pattern_ops"]),
            models.Index(fields=["pinyin", "id"], name="patient_sorted"),
            models.Index(fields=["phone"], name="patient_phone"),
            models.Index(
                OpClass(Replace("pinyin", Value(" "), Value("")), name="text_pattern_ops"),
                name="patient_unspaced",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)  # logs and tracebacks carry no names

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.fhir_id:
            self.fhir_id = str(self.pk)
            self.rid = rid_of(self.pk) or 0
        super().save(*args, **kwargs)

    @property
    def id_card(self) -> str:
        """The identity number in clear; reading it is for those who must type or print it."""
        if self.id_card_sealed is None:
            return ""
        return secrecy.decrypt(bytes(self.id_card_sealed), purpose=ID_CARD)

    @property
    def id_card_masked(self) -> str:
        return f"{'*' * 14}{self.id_card_tail}" if self.id_card_tail else ""

    @property
    def masked(self) -> str:
        """Enough to recognise somebody whose number one holds, and no more."""
        return f"{self.name[:1]}** {self.id_card_masked}".strip()

    def age_on(self, day: date | None = None) -> int | None:
        """Whole years."""
        if self.birth_date is None:
            return None
        day = day or timezone.localdate()
        before = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before
