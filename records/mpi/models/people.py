"""The person index: one person, many identifiers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q, Value
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

    class Temporary(models.TextChoices):
        """Why somebody is here under a temporary number (临时号)."""

        UNCONSCIOUS = "unconscious", _("Unconscious or unknown")
        UNDOCUMENTED = "undocumented", _("Without documents")
        NEWBORN = "newborn", _("Newborn")

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
    registered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="patients_registered"
    )
    temporary_no = models.CharField(max_length=14, null=True, blank=True, unique=True)
    temporary_because = models.CharField(
        max_length=12, choices=Temporary, blank=True, default="", db_default=""
    )
    identified_at = models.DateTimeField(
        null=True, blank=True
    )  # the ID was seen, or a merge did it
    mother = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="newborns"
    )
    birth_order = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_time = models.TimeField(null=True, blank=True)  # of a newborn
    # Written by merges alone; a trigger refuses chains, so that one step always ends at a survivor.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from"
    )
    has_merged = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(temporary_because="newborn")
                | Q(mother__isnull=False, birth_order__isnull=False),
                name="a_newborn_has_a_mother",
            ),
            models.UniqueConstraint(
                fields=["mother", "birth_date", "birth_order"],
                condition=Q(mother__isnull=False),
                name="one_child_a_place_in_a_birth",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="nobody_is_merged_into_themselves",
            ),
        ]
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
    def is_temporary(self) -> bool:
        """Under a temporary number, and nobody has seen an ID yet."""
        open_number = self.temporary_no is not None and self.identified_at is None
        return open_number and self.merged_into_id is None

    @property
    def number_shown(self) -> str:
        """What tells namesakes apart: the masked ID number, else the temporary number."""
        return self.id_card_masked or self.temporary_no or ""

    @property
    def rids(self) -> list[int]:
        """The record numbers of this person: of this row, and of all that were merged with it."""
        if not self.has_merged and self.merged_into_id is None:
            return [self.rid]
        survivor = self.merged_into_id or self.pk
        both = type(self).objects.filter(Q(pk=survivor) | Q(merged_into=survivor))
        return sorted(both.values_list("rid", flat=True))

    @property
    def masked(self) -> str:
        """Enough to recognise somebody whose number one holds, and no more."""
        return f"{self.name[:1]}** {self.number_shown}".strip()

    def age_on(self, day: date | None = None) -> int | None:
        """Whole years."""
        if self.birth_date is None:
            return None
        day = day or timezone.localdate()
        before = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before
