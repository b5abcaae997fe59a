"""Accounts, the roles they hold, and what lets a doctor practise."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from telemed.core.errors import Forbidden
from telemed.core.ids import new_id
from telemed.core.models import BaseModel
from telemed.organisations.models import Department, Organisation, Specialty
from telemed.people.readings import ReadingField


class Role(models.TextChoices):
    """What an account is at an organisation; a resident acts for nobody but themselves."""

    TOWNSHIP_DOCTOR = "township_doctor", _("Township doctor")
    SPECIALIST = "specialist", _("Specialist")
    COORDINATOR = "coordinator", _("Coordinator")
    DIRECTOR = "director", _("Duty director")
    MEDICAL_OFFICE = "medical_office", _("Medical office")
    HEAD = "head", _("Head of the institution")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Audit administrator")
    OFFICIAL = "official", _("Health-commission official")
    DESK = "desk", _("Booking desk")
    RESIDENT = "resident", _("Resident")


CLINICAL = frozenset({Role.TOWNSHIP_DOCTOR, Role.SPECIALIST})


class User(AbstractUser):
    """An account. It acts in one role at one organisation at a time, or for itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60)  # as people say it: 周丽
    pinyin = ReadingField(max_length=200)  # "zhou li"
    initials = ReadingField(max_length=20)  # "zl"
    phone = models.CharField(max_length=20, blank=True)
    phone_verified = models.BooleanField(default=False)
    acting_as = models.ForeignKey(
        "people.PractitionerRole",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="acting",
    )
    language = models.CharField(max_length=10, default="zh-hans")
    large_type = models.BooleanField(default=False)  # 关怀版
    theme = models.CharField(max_length=5, default="light")
    letter_keys = models.BooleanField(default=True)  # WCAG 2.1.4: single-key shortcuts can be off
    # A registered system books and keeps sessions under an account that nobody signs in to.
    application = models.OneToOneField(
        "people.Application",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="account",
    )

    class Meta(AbstractUser.Meta):
        indexes = [
            models.Index(fields=["initials"], name="user_initials", opclasses=["text_pattern_ops"]),
            models.Index(
                OpClass(Replace("pinyin", Value(" "), Value("")), name="text_pattern_ops"),
                name="user_unspaced",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def actor_id(self) -> str:
        return f"user:{self.pk}"

    @property
    def organisation_id(self) -> UUID | None:
        """The organisation that this account acts for now."""
        return self.acting_as.organisation_id if self.acting_as else None

    @property
    def organisation(self) -> Organisation | None:
        return self.acting_as.organisation if self.acting_as else None

    @property
    def acting_organisation(self) -> Organisation:
        """The same, where one is needed; raises Forbidden for who acts for nobody."""
        if self.organisation is None:
            raise Forbidden(gettext("You act for no institution."))
        return self.organisation

    @property
    def role(self) -> str:
        return self.acting_as.role if self.acting_as else Role.RESIDENT

    @property
    def is_clinical(self) -> bool:
        return self.role in CLINICAL


class PractitionerRole(BaseModel):
    """One account's role at one organisation, while it lasts (FHIR PractitionerRole)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="roles")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="roles"
    )
    role = models.CharField(max_length=20, choices=Role)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ends_on=None),
                name="one_role_of_a_kind_at_an_organisation",
            )
        ]
        indexes = [models.Index(fields=["organisation", "role"], name="role_at_organisation")]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"

    def is_current(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


class Practitioner(BaseModel):
    """The licence behind a clinician's account (执业证): number, scope, title, dates."""

    class Title(models.TextChoices):
        VILLAGE = "village", _("Village doctor")
        ASSISTANT = "assistant", _("Assistant physician")
        RESIDENT = "resident", _("Resident physician")
        ATTENDING = "attending", _("Attending physician")
        ASSOCIATE = "associate", _("Associate chief physician")
        CHIEF = "chief", _("Chief physician")

    class State(models.TextChoices):
        """What is entered becomes active when a second person verified it: `staff.Entry`."""

        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="practitioner")
    title = models.CharField(max_length=12, choices=Title)
    licence_no = models.CharField(max_length=20, unique=True)
    specialty = models.CharField(max_length=20, choices=Specialty)  # the licence's scope
    practising_since = models.DateField()  # first independent practice
    licensed_until = models.DateField()
    state = models.CharField(
        max_length=10, choices=State, default=State.ACTIVE, db_default=State.ACTIVE
    )
    state_reason = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(practising_since__lt=F("licensed_until")),
                name="a_licence_ends_after_practice_begins",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["suspended", "revoked"]) | ~Q(state_reason=""),
                name="a_stopped_licence_says_why",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Presence(models.Model):
    """A lease: who sent a heartbeat lately is at the desk. Counting sockets would see ghosts."""

    LEASE = timedelta(seconds=30)

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="presence"
    )
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class Application(BaseModel):
    """A registered system that uses the APIs within its scopes (SMART v2, `system/*.cruds`)."""

    name = models.CharField(max_length=100, unique=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="applications"
    )
    scopes = models.CharField(max_length=500)
    active = models.BooleanField(default=True)

    role = "application"

    def __str__(self) -> str:
        return self.name

    @property
    def actor_id(self) -> str:
        return f"application:{self.pk}"


class AccessToken(models.Model):
    """A bearer token for the APIs. Only its SHA-256 is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="access_tokens"
    )
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, null=True, blank=True, related_name="access_tokens"
    )
    scopes = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, application__isnull=False)
                | Q(user__isnull=False, application=None),
                name="a_token_has_one_holder",
            )
        ]

    def __str__(self) -> str:
        return self.digest[:8]


class SigningKey(BaseModel):
    """
    A signer's Ed25519 key. The private half is wrapped by a key from the signer's PIN (Argon2id).

    Demonstration signatures until a certificate authority's keys are configured.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="signing_keys")
    public_key = models.BinaryField()
    wrapped_key = models.BinaryField()
    salt = models.BinaryField()
    # What Argon2id was told when this key was wrapped; another cost later breaks no key.
    time_cost = models.PositiveSmallIntegerField(default=3, db_default=3)
    memory_cost = models.PositiveIntegerField(default=65_536, db_default=65_536)  # KiB
    parallelism = models.PositiveSmallIntegerField(default=4, db_default=4)
    revoked_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at=None), name="one_live_signing_key"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
