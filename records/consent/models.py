"""What lets whom see a record: care access in force, and what a resident agreed to."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.mpi.models import Patient
from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation
from telemed.people.models import User

OPEN_ENDED = datetime(9999, 1, 1, tzinfo=UTC)


class Basis(models.TextChoices):
    """Which relationship a row stands for."""

    TREATING = "treating", _("treated at your institution")
    CASE = "case", _("an open case")
    BOOKED = "booked", _("a visit with you")
    SIGNED = "signed", _("signed with your family-doctor team")
    REFERRED = "referred", _("referred to you")


class CareAccessQuerySet(models.QuerySet["CareAccess"]):
    def in_force(self) -> "CareAccessQuerySet":
        return self.filter(until__gt=timezone.now())


class CareAccess(models.Model):
    """
    One care relationship in force, by numbers alone: what the FHIR store's filter joins.

    Derived, in the same transaction, from the fact that makes it (a registration, a case). With
    `person` it holds for that one clinician of the organisation, else for its clinicians.
    """

    org = models.IntegerField()  # Organisation.number
    patient = models.BigIntegerField()  # Patient.rid
    basis = models.CharField(max_length=12, choices=Basis)
    about = models.UUIDField(null=True, blank=True)  # the case
    person = models.UUIDField(null=True, blank=True)
    until = models.DateTimeField(default=OPEN_ENDED)
    # The record where this care was opened, when it holds here only because the two were merged.
    shared_from = models.BigIntegerField(null=True, blank=True)

    objects = CareAccessQuerySet.as_manager()

    class Meta:
        db_table = "care_access"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "patient", "basis", "about", "person"],
                nulls_distinct=False,
                name="one_row_a_relationship",
            )
        ]
        indexes = [models.Index(fields=["patient", "org"], name="care_access_patient")]

    def __str__(self) -> str:
        return f"{self.org} {self.patient} {self.basis}"


class Consent(BaseModel):
    """
    What a resident, or who may sign for them, agreed to (written, fee shown before signing).

    Never changed once given; a withdrawal ends it and leaves the row.
    """

    class Relation(models.TextChoices):
        SELF = "self", _("The patient")
        GUARDIAN = "guardian", _("Guardian")
        NEXT_OF_KIN = "next_of_kin", _("Next of kin")

    class Method(models.TextChoices):
        DRAWN = "drawn", _("Drawn on screen")
        PAPER = "paper", _("Photo of paper")
        DEFERRED = "deferred", _("Deferred in an emergency")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="consents"
    )
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents_taken")
    purpose = models.CharField(max_length=40, default="consult")
    about = models.UUIDField(null=True, blank=True)  # the case
    method = models.CharField(max_length=10, choices=Method)
    relation = models.CharField(max_length=12, choices=Relation, default=Relation.SELF)
    signer_name = models.CharField(max_length=60, blank=True)
    signed_under = models.ForeignKey(  # of a guardian: what makes them one
        "mpi.Relation", on_delete=models.PROTECT, null=True, blank=True, related_name="consents"
    )
    reason = models.CharField(max_length=200, blank=True)  # why deferred
    fee_shown = models.PositiveIntegerField(default=0)  # fen
    signature = models.BinaryField(null=True, blank=True)  # PNG, or the photo's JPEG
    given_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(method="deferred") | Q(signature__isnull=False, given_at__isnull=False),
                name="consent_is_signed_or_deferred",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def is_given_by(
        self, method: str, relation: str, signer_name: str, signature: bytes | None
    ) -> bool:
        """Whether it stands, and is this very signature."""
        kept = bytes(self.signature) if self.signature else None
        mine = (self.method, self.relation, self.signer_name, kept)
        named = signer_name or self.signer_name
        return not self.withdrawn_at and mine == (method, relation, named, signature)
