"""What lets whom see a record: care access in force, what a resident agreed to, and break-glass."""

from datetime import UTC, datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records.mpi.models import Patient
from telemed.core.errors import Conflict
from telemed.core.models import BaseModel
from telemed.organisations.models import Department, Organisation
from telemed.people.models import User

OPEN_ENDED = datetime(9999, 1, 1, tzinfo=UTC)


class Basis(models.TextChoices):
    """Which relationship a row stands for."""

    TREATING = "treating", _("treated at your institution")
    CASE = "case", _("an open case")
    BOOKED = "booked", _("a visit with you")
    SIGNED = "signed", _("signed with your family-doctor team")
    REFERRED = "referred", _("referred to you")
    BREAK_GLASS = "break_glass", _("an emergency that you stated")


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
    since = models.DateTimeField(null=True, blank=True)  # None: older than this was kept
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
    What a resident, or who may sign for them, agreed to (written, fee shown before signing), or
    that they did not.

    Never changed once given; a withdrawal ends it and leaves the row. `asked` is the hospital that
    was explained: another one needs another consent.
    """

    class Relation(models.TextChoices):
        SELF = "self", _("The patient")
        GUARDIAN = "guardian", _("Guardian")
        NEXT_OF_KIN = "next_of_kin", _("Next of kin")

    class Method(models.TextChoices):
        DRAWN = "drawn", _("Drawn on screen")
        PAPER = "paper", _("Photo of paper")
        DEFERRED = "deferred", _("Deferred in an emergency")
        REFUSED = "refused", _("Not agreed to")

    ASKED_FOR = [Method.DRAWN, Method.PAPER, Method.DEFERRED]  # how one is given

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="consents"
    )
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents_taken")
    purpose = models.CharField(max_length=40, default="consult")
    about = models.UUIDField(null=True, blank=True)  # the case
    asked = models.ForeignKey(  # None: it was not kept yet when this one was given
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consents_to_ask",
    )
    method = models.CharField(max_length=10, choices=Method)
    relation = models.CharField(max_length=12, choices=Relation, default=Relation.SELF)
    signer_name = models.CharField(max_length=60, blank=True)
    signed_under = models.ForeignKey(  # of a guardian: what makes them one
        "mpi.Relation", on_delete=models.PROTECT, null=True, blank=True, related_name="consents"
    )
    reason = models.CharField(max_length=200, blank=True)  # why deferred, or refused
    fee_shown = models.PositiveIntegerField(default=0)  # fen
    signature = models.BinaryField(null=True, blank=True)  # PNG, or the photo's JPEG
    given_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(method__in=["deferred", "refused"])
                | Q(signature__isnull=False, given_at__isnull=False),
                name="consent_is_signed_or_deferred",
            ),
            models.CheckConstraint(
                condition=Q(method="refused", refused_at__isnull=False, given_at=None)
                | Q(refused_at=None) & ~Q(method="refused"),
                name="a_refused_consent_says_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_refused(self) -> bool:
        return self.refused_at is not None

    def is_given_by(
        self, method: str, relation: str, signer_name: str, signature: bytes | None
    ) -> bool:
        """Whether it stands, and is this very signature."""
        kept = bytes(self.signature) if self.signature else None
        mine = (self.method, self.relation, self.signer_name, kept)
        named = signer_name or self.signer_name
        return not self.withdrawn_at and mine == (method, relation, named, signature)


class BreakGlass(BaseModel):
    """
    A doctor without a relation opened one record in an emergency: for an hour, with a reason.

    What it lets them see is CareAccess (`about` is this row), which runs out by itself. `reviewing`
    is the institution whose auditor reviews it, found when it was opened.
    """

    LASTS = timedelta(minutes=60)
    REVIEWED_WITHIN = timedelta(hours=24)

    class Status(models.TextChoices):
        ACTIVE = "active", _("Open")
        ENDED = "ended", _("Waits for review")
        JUSTIFIED = "justified", _("Found proper")
        MISUSE = "misuse", _("Found to be misuse")

    class Code(models.TextChoices):
        LIFE = "life", _("Danger to life")
        SILENT = "silent", _("Unconscious, or cannot say anything")
        DANGERS = "dangers", _("Medicines or allergies must be known at once")
        OTHER = "other", _("Another emergency")

    # A finding is changed by a second reviewer alone. Missing key: final.
    TRANSITIONS = {
        Status.ACTIVE: {Status.ENDED},
        Status.ENDED: {Status.JUSTIFIED, Status.MISUSE},
        Status.JUSTIFIED: {Status.MISUSE},
        Status.MISUSE: {Status.JUSTIFIED},
    }

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="break_glass")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="break_glass")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="break_glass"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="break_glass"
    )
    reviewing = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="break_glass_to_review"
    )
    code = models.CharField(max_length=8, choices=Code)
    text = models.CharField(max_length=300)
    status = models.CharField(max_length=9, choices=Status, default=Status.ACTIVE)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True)  # nobody had reviewed it in time

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "patient"],
                condition=Q(status="active"),
                name="one_break_glass_a_person",
            ),
            models.CheckConstraint(
                condition=Q(until=F("opened_at") + timedelta(minutes=60)),
                name="break_glass_lasts_an_hour",
            ),
            models.CheckConstraint(
                condition=Q(status="active", ended_at=None)
                | (Q(status__in=["ended", "justified", "misuse"]) & Q(ended_at__isnull=False)),
                name="an_ended_break_glass_says_when",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="break_glass_says_why"),
        ]
        indexes = [
            models.Index(fields=["reviewing", "status", "-id"], name="break_glass_to_review"),
            models.Index(fields=["actor", "-opened_at"], name="break_glass_of_actor"),
            models.Index(fields=["patient", "-opened_at"], name="break_glass_of_patient"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        """Whether it still lets somebody see; a session that ran out need not be ended first."""
        return self.status == self.Status.ACTIVE and timezone.now() < self.until

    @property
    def is_reviewed(self) -> bool:
        return self.status in (self.Status.JUSTIFIED, self.Status.MISUSE)

    @property
    def review_by(self) -> datetime:
        return self.opened_at + self.REVIEWED_WITHIN

    def become(self, status: "BreakGlass.Status") -> None:
        """Change the status in memory, or refuse. The service locks, saves and audits."""
        if status not in self.TRANSITIONS[self.Status(self.status)]:
            raise Conflict(gettext("This emergency access stands otherwise by now."), path="status")
        self.status = status


class BreakGlassReview(BaseModel):
    """What a reviewer found. The second one, of another person, may find otherwise."""

    APPEND_ONLY = True
    TURNS = 2

    break_glass = models.ForeignKey(BreakGlass, on_delete=models.PROTECT, related_name="reviews")
    turn = models.PositiveSmallIntegerField(default=1)
    actor = models.ForeignKey(  # who opened the record: the database itself compares
        User, on_delete=models.PROTECT, related_name="break_glass_judged"
    )
    reviewer = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="break_glass_reviewed"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="break_glass_reviews"
    )
    finding = models.CharField(max_length=9, choices=BreakGlass.Status)
    text = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["break_glass", "turn"], name="one_review_a_turn"),
            models.UniqueConstraint(
                fields=["break_glass", "reviewer"], name="nobody_reviews_twice"
            ),
            models.CheckConstraint(
                condition=~Q(reviewer=F("actor")), name="nobody_reviews_themselves"
            ),
            models.CheckConstraint(
                condition=Q(turn__in=[1, 2], finding__in=["justified", "misuse"]),
                name="a_review_finds_something",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
