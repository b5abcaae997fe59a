"""What a contract owes a person, a row for each time; and the plan of which it is a part."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.registration import included
from scheduling.registration.models import Contract, Group
from telemed.core import moments
from telemed.core.errors import Conflict
from telemed.core.models import BaseModel
from telemed.people.models import User


class Code(models.TextChoices):
    HYPERTENSION = "hypertension", _("Blood-pressure follow-up")
    HYPERTENSION_EXAM = "hypertension_exam", _("Yearly check-up, high blood pressure")
    DIABETES = "diabetes", _("Diabetes follow-up with fasting glucose")
    DIABETES_EXAM = "diabetes_exam", _("Yearly check-up, diabetes")
    ELDERLY_EXAM = "elderly_exam", _("Yearly check-up from 65")
    SELF_CARE = "self_care", _("Self-care score")
    PRESSURE = "pressure", _("Yearly blood pressure from 35")
    NEWBORN = "newborn", _("Home visit to the newborn")
    CHILD = "child", _("Child health check")
    PREGNANCY = "pregnancy", _("Antenatal follow-up")
    ANTENATAL_1 = "antenatal_1", _("Antenatal booking, before week 13")
    ANTENATAL_2 = "antenatal_2", _("Antenatal check, weeks 16 to 20")
    ANTENATAL_3 = "antenatal_3", _("Antenatal check, weeks 21 to 24")
    ANTENATAL_4 = "antenatal_4", _("Antenatal check, weeks 28 to 36")
    ANTENATAL_5 = "antenatal_5", _("Antenatal check, weeks 37 to 40")
    POSTPARTUM = "postpartum", _("Home visit after the birth")
    POSTPARTUM_42 = "postpartum_42", _("Check 42 days after the birth")
    MENTAL = "mental", _("Mental-health follow-up")
    MENTAL_EXAM = "mental_exam", _("Yearly check-up, mental health")
    TUBERCULOSIS_1 = "tuberculosis_1", _("First visit, tuberculosis, within 72 hours")
    TUBERCULOSIS = "tuberculosis", _("Tuberculosis medication check")
    RECHECK = "recheck", _("Recheck after a warning value")
    AFTER_CARE = "after_care", _("After the hospital")
    PACKAGE = "package", _("Service of the package")  # one that has a name and no code


class Status(models.TextChoices):
    PLANNED = "planned", _("Planned for later")
    DUE = "due", _("To be done")
    DONE = "done", _("Done, not confirmed yet")
    CONFIRMED = "confirmed", _("Confirmed")
    UNCONFIRMED = "unconfirmed", _("Not confirmed in time")
    DISPUTED = "disputed", _("Disputed")
    MISSED = "missed", _("Not done in time")
    WAIVED = "waived", _("Waived")


DISPUTABLE = timedelta(days=30)  # after it was confirmed
AHEAD = [Status.PLANNED, Status.DUE]
OPEN = [*AHEAD, Status.DISPUTED]

# The whole life of a duty, readable at a glance. Missing key: final.
TRANSITIONS = {
    Status.PLANNED: {Status.DUE, Status.WAIVED},
    Status.DUE: {Status.DONE, Status.MISSED, Status.WAIVED},
    # Back to due: struck by who entered it.
    Status.DONE: {Status.CONFIRMED, Status.UNCONFIRMED, Status.DISPUTED, Status.DUE},
    Status.UNCONFIRMED: {Status.CONFIRMED},
    Status.CONFIRMED: {Status.DISPUTED},
    Status.DISPUTED: {Status.CONFIRMED, Status.DUE, Status.WAIVED},
}


class Mode(models.TextChoices):
    FACE = "face_to_face", _("Face to face")
    REMOTE = "remote", _("By phone or video")


class Answered(models.TextChoices):
    """How the resident said that it was done; empty where a leader has settled it."""

    TAP = "tap", _("on the page")
    SMS = "sms", _("by SMS")
    SIGNED = "signed", _("signed at the visit")


class Reason(models.TextChoices):
    """Why a duty is waived; the last ones by what happened, and by nobody."""

    AWAY = "away", _("Away from home")
    REFUSED = "refused", _("Does not want it")
    HOSPITAL = "hospital", _("In hospital")
    MOVED = "moved", _("Moved away")
    DEATH = "death", _("Death")
    BORN = "born", _("The child was born")
    DATED = "dated", _("Other days follow from the due date")
    ENDED = "ended", _("The contract has ended")


class Kind(models.TextChoices):
    """What is measured."""

    PRESSURE = "pressure", _("Blood pressure")
    GLUCOSE = "glucose", _("Fasting glucose")


class Risk(models.TextChoices):
    """The five colours of a pregnancy (五色管理)."""

    GREEN = "green", _("Green: low risk")
    YELLOW = "yellow", _("Yellow: some risk")
    ORANGE = "orange", _("Orange: higher risk")
    RED = "red", _("Red: high risk")
    PURPLE = "purple", _("Purple: infectious disease")


class Plan(BaseModel):
    """
    What is owed under one contract (FHIR CarePlan), and the groups that the record names.

    The days of a pregnancy, and of a child's coming home, are those from which its visits count.
    """

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="plan")
    # Without those by age, which change by themselves.
    groups = ArrayField(models.CharField(max_length=12, choices=Group), default=list, blank=True)
    read_on = models.DateField(default=timezone.localdate)  # when the record was last asked
    expected_on = models.DateField(null=True, blank=True)  # the due date
    delivered_on = models.DateField(null=True, blank=True)
    discharged_on = models.DateField(null=True, blank=True)  # after the birth: mother, or child
    risk = models.CharField(max_length=6, choices=Risk, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(risk__in=["", *Risk.values]), name="a_risk_is_one_of_five_colours"
            ),
            models.CheckConstraint(
                condition=Q(delivered_on=None)
                | Q(discharged_on=None)
                | Q(discharged_on__gte=F("delivered_on")),
                name="nobody_goes_home_before_the_birth",
            ),
        ]
        indexes = [models.Index(fields=["read_on", "id"], name="plans_to_read_again")]

    def __str__(self) -> str:
        return str(self.pk)


class Quota(BaseModel):
    """
    How often a limited service was done in one year of a contract.

    There is a row from the first time on; without a limit there is none. Of a contract that
    another team took over it is that of the team before.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="quotas")
    rule = models.CharField(max_length=17, choices=Code)
    # By its name, where the package names one that the house has no code for.
    service = models.CharField(max_length=included.LONGEST, blank=True, default="", db_default="")
    begins_on = models.DateField()  # the first day of that year
    quota = models.PositiveSmallIntegerField()
    used = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "rule", "service", "begins_on"], name="one_quota_a_year"
            ),
            models.CheckConstraint(
                condition=Q(used__gte=0, used__lte=F("quota")), name="a_quota_is_not_exceeded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.begins_on} {self.used}/{self.quota}"


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
    # What a recheck asks for: what warned. Nothing for others: theirs is in the calendar.
    asks = ArrayField(
        models.CharField(max_length=8, choices=Kind), default=list, db_default=[], blank=True
    )
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
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def get_rule_display(self) -> str:  # type: ignore[no-redef]
        """What is owed, as pages say it."""
        label = self.service or str(Code(self.rule).label)
        return f"{label}: {self.what}" if self.what else label

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
    because = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(because=""), name="a_further_visit_says_why")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Reading(BaseModel):
    """A value measured for a duty, or at a further visit to it (FHIR Observation)."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="readings")
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="readings"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    systolic = models.PositiveSmallIntegerField(null=True, blank=True)
    diastolic = models.PositiveSmallIntegerField(null=True, blank=True)
    glucose = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
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
                | Q(kind="glucose", glucose__isnull=False),
                name="a_reading_has_its_value",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
