"""The case: who asks whom about which patient, and every step until it is closed."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records.consent.models import Consent
from records.mpi.models import Patient
from telemed.core.errors import Conflict
from telemed.core.models import BaseModel
from telemed.organisations.models import Agreement, Organisation, Service, Specialty
from telemed.people.models import Practitioner, User


class Kind(models.TextChoices):
    EMERGENCY = "emergency", _("Emergency consult")
    SINGLE = "single", _("Consult")
    NAMED = "named", _("Consult with a named doctor")
    MDT = "mdt", _("Joint consult (MDT)")


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Sent")
    ROUTED = "routed", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    SCHEDULED = "scheduled", _("Time agreed")
    IN_PROGRESS = "in_progress", _("In progress")
    SIGNED = "signed", _("Opinion signed")
    RECEIPTED = "receipted", _("Receipt given")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Not answered in time")
    TRANSFERRED = "transferred", _("Referred instead")


UNANSWERED = (Status.SUBMITTED, Status.ROUTED)
HELD = (Status.ACCEPTED, Status.SCHEDULED, Status.IN_PROGRESS)
ANSWERED = (Status.SIGNED, Status.RECEIPTED)
TAKING_IMAGES = (Status.DRAFT, *UNANSWERED, *HELD)  # until the opinion is signed
OVER = (Status.CLOSED, Status.ARCHIVED)
OPEN = (*UNANSWERED, *HELD, Status.SIGNED, Status.RECEIPTED)
ENDED = (Status.CANCELLED, Status.EXPIRED, Status.TRANSFERRED)  # before an opinion

# The whole life of a case, readable at a glance. Missing key: final.
TRANSITIONS = {
    Status.DRAFT: {Status.SUBMITTED, Status.CANCELLED},
    Status.SUBMITTED: {Status.ROUTED, Status.DRAFT, *ENDED},
    Status.ROUTED: {
        *(Status.SUBMITTED, Status.ACCEPTED),
        *(Status.DRAFT, *ENDED),
    },
    Status.ACCEPTED: {
        *(Status.SCHEDULED, Status.IN_PROGRESS, Status.SIGNED),
        *(Status.ROUTED, Status.CANCELLED, Status.TRANSFERRED),
    },
    Status.SCHEDULED: {
        *(Status.ACCEPTED, Status.IN_PROGRESS, Status.SIGNED),
        *(Status.ROUTED, Status.CANCELLED, Status.TRANSFERRED),
    },
    Status.IN_PROGRESS: {
        *(Status.SIGNED, Status.ROUTED, Status.CANCELLED, Status.TRANSFERRED),
    },
    Status.SIGNED: {Status.RECEIPTED, Status.CLOSED, Status.IN_PROGRESS},  # back: withdrawn
    # An amendment asks for a new receipt, a withdrawal for a new opinion.
    Status.RECEIPTED: {Status.CLOSED, Status.SIGNED, Status.IN_PROGRESS},
    Status.CLOSED: {Status.ARCHIVED},
    # Back to where it stood, within the minutes in which withdrawing can be taken back.
    Status.CANCELLED: {Status.SUBMITTED, Status.ROUTED, *HELD},
}


def yuan(fen: int) -> str:
    """As a page says it: 120, or 120.50."""
    return f"{fen / 100:.2f}".removesuffix(".00")


class WantedTime(models.TextChoices):
    NOW = "now", _("Now, the patient is here")
    TODAY = "today", _("Today")
    THIS_WEEK = "this_week", _("This week")


class Case(BaseModel):
    """
    One request for a consult.

    The five legal fields (远程医疗服务管理规范): reason, aim, time wanted, summary, and the wanted
    specialty with title. `opinion_version` is the newest signed version, 0 before the first;
    `withdrawn_version` the newest that was withdrawn: nothing up to it is to be acted on.

    A joint consult (MDT) wants `further` specialties besides: a doctor of each has a seat in it.
    `wanted_doctor` is then whom the asking doctor proposes to chair it, `agenda` what it is about.
    """

    class Mode(models.TextChoices):
        LIVE = "live", _("Together in a room")
        OFFLINE = "offline", _("In writing, without a room")

    class Closing(models.TextChoices):
        RECEIPT = "receipt", _("With a receipt")
        NO_RECEIPT = "no_receipt", _("Without a receipt")

    DRAFT_EXPIRED = "draft expired"  # the `cancel_reason` of a draft that nobody touched

    LEGAL_FIELDS = ("reason", "aim", "wanted_time", "summary", "specialty")

    # The promise that runs out next and since when it runs, where queries.with_due() read it.
    due_at: datetime | None = None
    due_since: datetime | None = None
    # Whose turn it is, where queries.with_turn() read it.
    waiting_on: str = ""
    # Whether the reader has a seat in it, where queries.rows_of() read it.
    joined: bool = False
    # Whether the reader was asked to write along on its opinion, where it was read there.
    writes: bool = False

    number = models.CharField(max_length=20, null=True, blank=True, unique=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SINGLE)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="cases")
    asking = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases_asking")
    asked = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases_asked",
    )
    requester = models.ForeignKey(User, on_delete=models.PROTECT, related_name="cases_requested")
    holder = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="cases_held"
    )
    wanted_doctor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="cases_wanted"
    )
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.LIVE)
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    reason = models.TextField(max_length=500, blank=True)
    aim = models.TextField(max_length=500, blank=True)
    wanted_time = models.CharField(max_length=12, choices=WantedTime, blank=True)
    summary = models.TextField(max_length=4000, blank=True)
    specialty = models.CharField(max_length=20, choices=Specialty, blank=True)
    title = models.CharField(max_length=12, choices=Practitioner.Title, blank=True)
    further = models.JSONField(default=list, blank=True)  # specialties of a joint consult
    agenda = models.TextField(max_length=1000, blank=True)
    studies = models.ManyToManyField("imaging.Study", blank=True, related_name="cases")
    opinion_version = models.PositiveSmallIntegerField(default=0)
    withdrawn_version = models.PositiveSmallIntegerField(default=0)
    # Since when the text of the next version is done and waits for its signature.
    ready_at = models.DateTimeField(null=True, blank=True)
    # The hospital that we proposed when the request was written, and why it is not the one asked.
    proposed = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="cases_proposed"
    )
    route_reason = models.CharField(max_length=100, blank=True)
    # Whose coordinators look for a doctor where neither the hospital nor a next one found any.
    passed_to = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases_passed_up",
    )
    cancel_reason = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    closing = models.CharField(max_length=12, choices=Closing, blank=True)
    # Why it was closed although a field or the consent is missing.
    closing_note = models.CharField(max_length=200, blank=True)
    # In fen: what it costs since it became a joint consult, until somebody has agreed to that.
    fee_to_agree = models.PositiveIntegerField(null=True, blank=True)
    # The answered case that is asked about again.
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="case_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "cancelled"])
                | Q(kind="emergency")
                | ~(Q(reason="") | Q(aim="") | Q(wanted_time="") | Q(summary="") | Q(specialty="")),
                name="five_legal_fields",
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(status="cancelled")
                | Q(number__isnull=False, asked__isnull=False),
                name="a_sent_case_has_number_and_addressee",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(cancel_reason=""),
                name="a_cancelled_case_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(kind="emergency") | ~Q(status="expired"),
                name="an_emergency_never_expires",
            ),
            models.CheckConstraint(
                condition=~Q(kind="named")
                | Q(status__in=["draft", "cancelled"])
                | Q(wanted_doctor__isnull=False),
                name="a_named_consult_names_a_doctor",
            ),
            models.CheckConstraint(
                condition=~Q(kind="mdt") | Q(status__in=["draft", "cancelled"]) | ~Q(further=[]),
                name="a_joint_consult_has_two_specialties",
            ),
            models.CheckConstraint(condition=~Q(asking=F("asked")), name="nobody_consults_itself"),
            models.CheckConstraint(condition=~Q(replaces=F("id")), name="no_case_replaces_itself"),
            models.CheckConstraint(
                condition=Q(withdrawn_version__lte=F("opinion_version")),
                name="only_what_was_signed_is_withdrawn",
            ),
        ]
        indexes = [
            models.Index(fields=["asking", "status", "-id"], name="case_asking"),
            models.Index(fields=["asked", "status", "-id"], name="case_asked"),
            models.Index(fields=["asked", "specialty", "-id"], name="case_asked_specialty"),
            models.Index(fields=["patient", "-id"], name="case_patient"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)

    def can_become(self, status: Status) -> bool:
        return status in TRANSITIONS.get(Status(self.status), set())

    def become(self, status: Status, refusal: str) -> None:
        """Change the status in memory, or refuse. The service locks, saves and audits."""
        if not self.can_become(status):
            raise Conflict(refusal, path="status")
        self.status = status

    @property
    def is_emergency(self) -> bool:
        return self.kind == Kind.EMERGENCY

    @property
    def is_joint(self) -> bool:
        """Several doctors answer it together (MDT), under one who chairs."""
        return self.kind == Kind.MDT

    @property
    def service(self) -> Service:
        """What an agreement has to include for it, and what it is settled as."""
        return Service.MDT if self.is_joint else Service.CONSULT

    @property
    def specialties(self) -> list[str]:
        """Every specialty that is wanted, the first one first."""
        return [*filter(None, [self.specialty]), *self.further]

    @property
    def experts(self) -> list[User]:
        """Who has a seat in a joint consult beside its chair; nobody in any other."""
        if not self.is_joint:
            return []
        seats = self.offers.filter(role="expert", status__in=["accepted", "done"])
        return [seat.doctor for seat in seats.select_related("doctor__practitioner").order_by("pk")]

    @property
    def opinion_stands(self) -> bool:
        """Whether there is a signed opinion that was not withdrawn."""
        return self.opinion_version > self.withdrawn_version

    @property
    def is_withdrawn(self) -> bool:
        """Its newest opinion was withdrawn, and no other is signed yet."""
        return self.opinion_version > 0 and not self.opinion_stands

    @property
    def addressee(self) -> Organisation:
        """The hospital that is asked. A draft may have none yet: Conflict."""
        if self.asked is None:
            raise Conflict(gettext("Choose a hospital from the list."), path="asked")
        return self.asked

    @property
    def overrides(self) -> bool:
        """Whether another hospital is asked than the one proposed."""
        return self.proposed_id is not None and self.proposed_id != self.asked_id

    @property
    def missing(self) -> list[str]:
        """Which legal fields are still empty."""
        return [name for name in self.LEGAL_FIELDS if not getattr(self, name).strip()]

    @property
    def consent_is_due(self) -> bool:
        """Deferred in an emergency, or given to another fee, and nobody has signed since."""
        if self.consent is None:
            return False
        return self.consent.given_at is None or self.fee_to_agree is not None

    @property
    def cancelled_because(self) -> str:
        """As somebody wrote it; of a forgotten draft in the reader's language."""
        if self.cancel_reason == self.DRAFT_EXPIRED:
            return gettext("The draft was not sent in time; it has expired.")
        return self.cancel_reason

    @property
    def new_fee(self) -> str:
        """In yuan, what nobody has agreed to yet; empty where the consent names the fee."""
        return "" if self.fee_to_agree is None else yuan(self.fee_to_agree)

    @property
    def old_fee(self) -> str:
        """In yuan, what the consent names."""
        return yuan(self.consent.fee_shown) if self.consent else ""


class NumberLane(models.Model):
    """
    One of several counters of a day's case numbers. A number is counted in a lane that nobody
    holds, so that cases sent at the same moment do not wait for each other's commit.
    """

    LANES = 8

    day = models.DateField()
    lane = models.PositiveSmallIntegerField()
    given = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "lane"], name="one_lane_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.day} {self.lane} {self.given}"

    def next(self) -> int:
        """The running digits: 1, 2, 3, … while the lanes take turns."""
        self.given += 1
        return (self.given - 1) * self.LANES + self.lane + 1
