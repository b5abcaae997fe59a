"""Agreements: what lets one institution ask another, for which services and at what price."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from telemed.core.errors import Conflict
from telemed.core.ids import new_id
from telemed.core.models import BaseModel
from telemed.organisations.models.places import Organisation
from telemed.organisations.models.sides import TwoSided


class Service(models.TextChoices):
    """What one institution does for another."""

    CONSULT = "consult", _("Consult")
    MDT = "mdt", _("Joint consult of several specialties")
    ECG = "ecg", _("ECG reading")
    IMAGING = "imaging", _("Image reading")
    ULTRASOUND = "ultrasound", _("Ultrasound reading")
    PATHOLOGY = "pathology", _("Pathology reading")


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    COUNTERED = "countered", _("Answered by a newer version")
    REJECTED = "rejected", _("Rejected")
    SIGNED = "signed", _("Signed, not yet in force")
    ACTIVE = "active", _("Valid now")
    SUSPENDED = "suspended", _("Suspended")
    TERMINATED = "terminated", _("Terminated")
    EXPIRED = "expired", _("Expired")
    SUPERSEDED = "superseded", _("Replaced by a newer version")


# The whole life of one version. Missing key: final.
TRANSITIONS = {
    AgreementState.DRAFT: {AgreementState.PROPOSED},
    AgreementState.PROPOSED: {
        AgreementState.COUNTERED,
        AgreementState.REJECTED,
        AgreementState.SIGNED,
    },
    AgreementState.SIGNED: {AgreementState.ACTIVE, AgreementState.TERMINATED},
    AgreementState.ACTIVE: {
        AgreementState.SUSPENDED,
        AgreementState.TERMINATED,
        AgreementState.EXPIRED,
        AgreementState.SUPERSEDED,
    },
    AgreementState.SUSPENDED: {
        AgreementState.ACTIVE,
        AgreementState.TERMINATED,
        AgreementState.EXPIRED,
        AgreementState.SUPERSEDED,
    },
}


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def in_force(self, day: date) -> AgreementQuerySet:
        """Those that let one institution ask another on that day."""
        until = self.alias(until=Coalesce("terminates_on", "ends_on"))
        return until.filter(state=AgreementState.ACTIVE, starts_on__lte=day, until__gte=day)

    def of(self, organisation_id: object) -> AgreementQuerySet:
        """Those that an institution is a side of; a draft is its writer's alone."""
        side = Q(asking=organisation_id) | Q(asked=organisation_id)
        return self.filter(side).exclude(~Q(author=organisation_id), state=AgreementState.DRAFT)


class Agreement(TwoSided, BaseModel):
    """
    One version of what two institutions agree on (远程医疗服务管理规范: purpose, content, process,
    duties, risk sharing). `series` joins the versions: counter-proposals and renewals.

    `digest` covers all that is agreed; both heads sign it, so a changed text needs new signatures.
    """

    State = AgreementState
    Service = Service

    asking = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreements_asking"
    )
    asked = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreements_asked"
    )
    author = models.ForeignKey(  # the side that wrote this version; null: before it was kept
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements_written",
    )
    series = models.UUIDField(default=new_id)
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=AgreementState, default=AgreementState.ACTIVE)
    starts_on = models.DateField()
    ends_on = models.DateField()  # the last day
    terminates_on = models.DateField(null=True, blank=True)  # the last day, after a notice
    text = models.TextField(max_length=8000, blank=True)
    asking_contact = models.CharField(max_length=100, blank=True)
    asked_contact = models.CharField(max_length=100, blank=True)
    platform = models.BooleanField(default=False)  # the platform is a third party
    digest = models.CharField(max_length=64, blank=True)
    suspended_by = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements_suspended",
    )
    activated_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "version"], name="one_text_a_version"),
            models.UniqueConstraint(
                fields=["series"], condition=Q(state="active"), name="one_version_in_force"
            ),
            models.UniqueConstraint(
                fields=["series"],
                condition=Q(state__in=["draft", "proposed", "signed"]),
                name="one_version_on_the_table",
            ),
            models.CheckConstraint(condition=~Q(asking=F("asked")), name="nobody_asks_itself"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="an_agreement_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AgreementState.values), name="agreement_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["asking", "state", "-id"], name="agreement_asking"),
            models.Index(fields=["asked", "state", "-id"], name="agreement_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.asking_id} → {self.asked_id} v{self.version}"

    @property
    def price(self) -> int:
        """What a consult costs, in fen."""
        return self.price_of(Service.CONSULT)

    def price_of(self, service: str) -> int:
        """What one unit of a service costs, in fen; 0 where it is not included."""
        return next((line.price for line in self.services.all() if line.service == service), 0)

    @property
    def last_day(self) -> date:
        return self.terminates_on or self.ends_on

    def can_become(self, state: AgreementState) -> bool:
        return state in TRANSITIONS.get(AgreementState(self.state), set())

    def refusal(self, verb: str) -> Conflict:
        """Why that can't be done in the present state."""
        refusal = _("This agreement is “{state}”; you cannot {verb} it.")
        label = AgreementState(self.state).label
        return Conflict(refusal.format(state=label, verb=verb), path="state")

    def become(self, state: AgreementState, verb: str) -> None:
        """Change the state in memory, or refuse. The service locks, saves and audits."""
        if not self.can_become(state):
            raise self.refusal(verb)
        self.state = state

    def compute_digest(self) -> str:
        """SHA-256 over all that is agreed. A new field goes at the end, with a new version."""
        agreed = [
            *(str(self.series), self.version, str(self.asking_id), str(self.asked_id)),
            *(self.starts_on.isoformat(), self.ends_on.isoformat(), self.platform, self.text),
            *(self.asking_contact, self.asked_contact),
            [
                [line.service, line.unit, line.price, *line.shares]
                for line in sorted(self.services.all(), key=lambda line: line.service)
            ],
        ]
        return hashlib.sha256(json.dumps(agreed, ensure_ascii=False).encode()).hexdigest()


class AgreementService(BaseModel):
    """
    One service in an agreement: its price in fen a unit, and how each amount is split.

    `asking`, `asked`, `during` and `in_force` repeat the agreement for the exclusion constraint.
    """

    class Unit(models.TextChoices):
        HALF_HOUR = "half_hour", _("for each half hour begun")
        CASE = "case", _("for each case")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="services")
    service = models.CharField(max_length=20, choices=Service)
    unit = models.CharField(max_length=10, choices=Unit, default=Unit.CASE)
    price = models.PositiveIntegerField(default=0)
    asking_share = models.PositiveSmallIntegerField(default=30)
    asked_share = models.PositiveSmallIntegerField(default=70)
    platform_share = models.PositiveSmallIntegerField(default=0)
    asking = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="asks_for")
    asked = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="asked_for")
    during = DateRangeField()
    in_force = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "service"], name="a_service_once"),
            models.CheckConstraint(
                condition=Q(asking_share=100 - F("asked_share") - F("platform_share")),
                name="shares_are_the_whole",
            ),
            ExclusionConstraint(
                name="no_two_in_force_for_a_service",
                expressions=[
                    ("asking", RangeOperators.EQUAL),
                    ("asked", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(in_force=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.agreement_id}"

    @property
    def shares(self) -> tuple[int, int, int]:
        return self.asking_share, self.asked_share, self.platform_share


class AgreementSignature(BaseModel):
    """One head's signature under one text: `digest` is what they saw. The signer is a plain id."""

    APPEND_ONLY = True

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreement_signatures"
    )
    signed_by = models.CharField(max_length=60)  # Actor.actor_id
    signer_name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"], name="one_signature_a_side"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.signer_name}"


class AgreementStep(BaseModel):
    """What happened to an agreement, for those who read its page."""

    APPEND_ONLY = True

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="steps")
    action = models.CharField(max_length=20)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreement_steps",
    )
    actor_id = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agreement", "id"], name="agreement_history")]

    def __str__(self) -> str:
        return f"{self.action} {self.agreement_id}"


def day_range(first: date, last: date) -> tuple[date, date]:
    """Both days included, as PostgreSQL keeps it."""
    return first, last + timedelta(days=1)


def was_in_force(agreement: Agreement, moment: datetime) -> bool:
    """Whether this version held at a moment, whatever became of it."""
    begun = agreement.activated_at is not None and agreement.activated_at <= moment
    return begun and (agreement.ended_at is None or agreement.ended_at > moment)
