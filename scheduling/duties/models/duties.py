"""One service that is owed on one day, and its form as others read it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid5

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from scheduling.duties.models.plans import Quota
from scheduling.duties.models.words import (
    DISPUTABLE,
    TRANSITIONS,
    Answered,
    Code,
    Mode,
    Reason,
    Status,
)
from scheduling.registration import included
from scheduling.registration.models import Contract
from telemed.core import moments
from telemed.core.errors import Conflict
from telemed.core.models import BaseModel
from telemed.people.models import User

# Entered, and not filed: what the night publishes.
TO_FILE = Q(filed=False) & (~Q(mode="") | Q(warned_at__isnull=False))


class Duty(BaseModel):
    """One service that is owed on one day (FHIR Task)."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="duties")
    rule = models.CharField(max_length=17, choices=Code)
    # Of the package: by its name, where it has no code; and whether the package names it at all.
    service = models.CharField(max_length=included.LONGEST, blank=True, default="", db_default="")
    by_package = models.BooleanField(default=False, db_default=False)
    due_on = models.DateField()
    closes_on = models.DateField()  # the next window opens: undone until then is missed
    face = models.BooleanField()  # has to be face to face
    status = models.CharField(max_length=11, choices=Status, default=Status.PLANNED)
    mode = models.CharField(max_length=12, choices=Mode, blank=True)
    served_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="duties_served"
    )
    served_at = models.DateTimeField(null=True, blank=True)
    counted = models.ForeignKey(  # in which quota, where the package limits the service
        Quota,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="duties",
        db_index=False,
    )
    draft = models.UUIDField(null=True, blank=True, unique=True)  # made on the device
    systolic = models.PositiveSmallIntegerField(null=True, blank=True)
    diastolic = models.PositiveSmallIntegerField(null=True, blank=True)
    glucose = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    signs = models.BooleanField(default=False)  # warning signs, or a relapse
    note = models.CharField(max_length=500, blank=True)
    # What a hospital planned for that day; nothing for the duties of the norm.
    what = models.CharField(max_length=500, blank=True, default="", db_default="")
    # What was entered in the parts of its form, by the names of their fields (parts.py).
    entries = models.JSONField(default=dict, db_default={}, blank=True)
    # What a recheck asks for: the kinds and parts that warned. Of others it is in the calendar.
    asks = ArrayField(models.CharField(max_length=16), default=list, db_default=[], blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=200, blank=True)  # of the referral, in the person's words
    recheck_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="recheck"
    )
    answered = models.CharField(max_length=6, choices=Answered, blank=True)
    signature = models.BinaryField(null=True, blank=True)  # PNG, drawn at the visit
    confirmed_at = models.DateTimeField(null=True, blank=True)
    to_county = models.BooleanField(default=False, db_default=False)  # who settles the dispute
    waived_because = models.CharField(max_length=8, choices=Reason, blank=True)
    settled = models.CharField(max_length=500, blank=True)  # what the leader or the county found
    # Whether the form of what was entered was published with it; false: before there were any.
    filed = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "rule", "service", "due_on"], name="each_duty_is_owed_once"
            ),
            models.CheckConstraint(
                condition=Q(rule="package", by_package=True) & ~Q(service="")
                | ~Q(rule="package") & Q(service=""),
                name="a_service_by_name_is_of_the_package",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="duty_status_known"),
            models.CheckConstraint(
                condition=~Q(face=True, mode="remote"), name="a_visit_is_face_to_face"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["done", "confirmed", "unconfirmed", "disputed"])
                | Q(served_by__isnull=False, served_at__isnull=False) & ~Q(mode=""),
                name="what_was_done_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(answered="signed") | Q(signature__isnull=False),
                name="what_was_signed_has_a_signature",
            ),
            models.CheckConstraint(
                condition=~Q(status="waived") | ~Q(waived_because=""),
                name="a_waived_duty_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(status="planned"), name="duties_to_open"),
            models.Index(fields=["due_on", "contract"], name="duties_by_day"),
            models.Index(fields=["closes_on"], condition=Q(status="due"), name="duties_to_miss"),
            models.Index(
                fields=["counted"], condition=Q(counted__isnull=False), name="duties_counted"
            ),
            models.Index(fields=["id"], condition=TO_FILE, name="duties_to_file"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def get_rule_display(self) -> str:  # type: ignore[no-redef]
        """What is owed, as pages say it."""
        label = self.service or str(Code(self.rule).label)
        return f"{label}: {self.what}" if self.what else label

    @property
    def form_id(self) -> UUID:
        """Under which what was entered is published."""
        return uuid5(self.id, "form")

    def become(self, status: Status) -> None:
        """Change the status in memory, or refuse. The service locks, saves and audits."""
        if status not in TRANSITIONS.get(Status(self.status), set()):
            raise self.out_of_turn()
        self.status = status

    def out_of_turn(self) -> Conflict:
        """The refusal of what its state does not allow."""
        sentence = gettext("This duty is “{state}”; that cannot be done now.")
        return Conflict(sentence.format(state=self.get_status_display()), path="status")

    @property
    def limit(self) -> int | None:
        """How often the package grants it in a contract year; None: as often as it is owed."""
        package = self.contract.package
        if self.service:
            return included.times_of(package.services, self.service)
        limit: int | None = package.limits.get(self.rule)
        return limit

    @property
    def last_day(self) -> date:
        """The last day of its window, or of its time where that is shorter."""
        return min(self.due_on + timedelta(days=14), self.closes_on - timedelta(days=1))

    @property
    def is_disputable(self) -> bool:
        """What was confirmed for thirty days; what the county has found stands."""
        if self.status == Status.DONE:
            return True
        if self.status != Status.CONFIRMED or self.is_settled_by_county:
            return False
        return self.confirmed_at is None or moments.now() <= self.confirmed_at + DISPUTABLE

    @property
    def is_settled_by_county(self) -> bool:
        return self.to_county and self.settled != "" and self.status != Status.DISPUTED

    @property
    def is_late(self) -> bool:
        return self.status == Status.DUE and timezone.localdate() > self.last_day

    @property
    def is_warned(self) -> bool:
        return self.warned_at is not None and self.status == Status.DUE

    @property
    def mark(self) -> str:
        """How it stands while it is to be done; a device sends back the one that it knew."""
        return self.warned_at.isoformat() if self.warned_at else "new"


class Form(Duty):
    """
    The form of a duty as it was filled in (FHIR QuestionnaireResponse): only ever read.

    The id of the row numbers its Task in the store; this one follows from it.
    """

    struck = False  # with the entry, which is taken out of the duty right after

    class Meta:
        proxy = True

    @property  # type: ignore[no-redef]
    def pk(self) -> UUID:  # type: ignore[override]
        return self.form_id
