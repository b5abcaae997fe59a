"""The referral: who sends which patient where and why, until the plan is taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from records.consent.models import Consent
from records.mpi.models import Patient
from scheduling.appointments.models import Appointment
from telemed.core.errors import Conflict
from telemed.core.models import BaseModel
from telemed.organisations.models import Agreement, Department, Organisation
from telemed.people.models import User


class Status(models.TextChoices):
    SENT = "sent", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    ARRIVED = "arrived", _("Arrived")
    IN_CARE = "in_care", _("In care")
    HANDED_BACK = "handed_back", _("Handed back")
    CLOSED = "closed", _("Plan taken over")
    DECLINED = "declined", _("Declined")
    NOT_ARRIVED = "not_arrived", _("Did not arrive")
    CANCELLED = "cancelled", _("Withdrawn")
    EXPIRED = "expired", _("Not answered in time")


THERE = [Status.ARRIVED, Status.IN_CARE]  # the patient is at the hospital
LIVE = [Status.SENT, Status.ACCEPTED, *THERE]  # one of a kind at a time
WAITED_FOR = [Status.ACCEPTED, Status.NOT_ARRIVED]
OVER = [Status.CLOSED, Status.CANCELLED, Status.EXPIRED]
TAKES = "referral.take_plan"  # the step that says which institution does what was planned

# The whole life of a referral, readable at a glance. Missing key: final.
TRANSITIONS = {
    Status.SENT: {Status.ACCEPTED, Status.DECLINED, Status.CANCELLED, Status.EXPIRED},
    Status.DECLINED: {Status.SENT, Status.CANCELLED},  # to the next hospital
    # Back to sent: the acceptance was taken back.
    Status.ACCEPTED: {Status.ARRIVED, Status.NOT_ARRIVED, Status.CANCELLED, Status.SENT},
    Status.NOT_ARRIVED: {Status.ACCEPTED, Status.ARRIVED, Status.CANCELLED},
    Status.ARRIVED: {Status.IN_CARE, Status.HANDED_BACK},
    Status.IN_CARE: {Status.HANDED_BACK},
    Status.HANDED_BACK: {Status.CLOSED},
}


# A hospital that sends a patient down has written the plan beforehand: the clinic takes it over.
DOWNWARD = {**TRANSITIONS, Status.ARRIVED: {Status.CLOSED}}


class Direction(models.TextChoices):
    UP = "up", _("To a hospital")
    DOWN = "down", _("Down to a clinic")


class Purpose(models.TextChoices):
    """What a clinic takes a patient on for."""

    DISCHARGE = "discharge", _("Discharged, goes on at home")
    REHABILITATION = "rehabilitation", _("Rehabilitation")
    FOLLOW_UP = "follow_up", _("Follow-up")


class Urgency(models.TextChoices):
    ROUTINE = "routine", _("Routine")
    URGENT = "urgent", _("Urgent")
    GREEN = "green", _("Green channel")  # accepted at once by the system


PRESSING = ["urgent", "green"]  # may go before consent, and never expire


class Agreed(models.TextChoices):
    """How the patient agreed to it."""

    TOLD = "told", _("Told and agreed, noted by the doctor")
    SIGNED = "signed", _("Signed with the consult")
    EMERGENCY = "emergency", _("An emergency; nobody could be asked")


class Relation(models.TextChoices):
    """Who agreed."""

    SELF = "self", _("The patient")
    GUARDIAN = "guardian", _("Guardian")
    NEXT_OF_KIN = "next_of_kin", _("Next of kin")


class Answer(models.TextChoices):
    """What became of a patient who did not arrive."""

    COMING = "coming", _("Is coming, at another time")
    REFUSED = "refused", _("Does not want to go")
    DIED = "died", _("Has died")
    LOST = "lost", _("Cannot be reached")


class Referral(BaseModel):
    """
    One patient sent to a department of a hospital, and handed back (FHIR ServiceRequest).

    `organisation` and `department` are those of the round that counts now: the last one asked,
    then the one that accepted. `person_key` is the index's number of the person, and of the
    survivor once two records are merged.
    """

    # The promise that runs out next and since when it runs, where queries.with_due() read it.
    due_at: datetime | None = None
    due_since: datetime | None = None
    # Whether the receiving side waits for an answer, where queries.with_due() read it.
    asks: bool = False

    number = models.CharField(max_length=20, unique=True)
    direction = models.CharField(
        max_length=4, choices=Direction, default=Direction.UP, db_default="up"
    )
    purpose = models.CharField(  # of one that leads down
        max_length=14, choices=Purpose, blank=True, default="", db_default=""
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.SENT)
    urgency = models.CharField(max_length=8, choices=Urgency, default=Urgency.ROUTINE)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="referrals")
    person_key = models.UUIDField()
    sending = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="referrals_sent"
    )
    sender = models.ForeignKey(User, on_delete=models.PROTECT, related_name="referrals_sent")
    kept_by = models.ForeignKey(  # who sees to it in place of a sender who left
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals_kept"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="referrals_received"
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="referrals")
    reason = models.CharField(max_length=500)
    summary = models.TextField(max_length=4000, blank=True)  # what was found and done so far
    from_case = models.UUIDField(null=True, blank=True)  # the consult that it came out of
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    agreed = models.CharField(max_length=10, choices=Agreed)
    agreed_by = models.CharField(max_length=12, choices=Relation, default=Relation.SELF)
    agreed_note = models.CharField(max_length=200, blank=True)  # why nobody could be asked
    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    rounds_asked = models.PositiveSmallIntegerField(default=1)

    expected_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=100, blank=True)  # a bed, or where to go, in words
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    arrived_at = models.DateTimeField(null=True, blank=True)
    discharged_at = models.DateTimeField(null=True, blank=True)  # out of the hospital
    doctor = models.ForeignKey(  # who treats the patient there
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals_treated"
    )
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    diagnosis = models.CharField(max_length=500, blank=True)
    done = models.TextField(max_length=4000, blank=True)
    medicines = models.TextField(max_length=2000, blank=True)
    planned = models.PositiveSmallIntegerField(default=0)  # items of the plan
    none_reason = models.CharField(max_length=200, blank=True)  # why nothing is planned
    handed_back_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals_taken"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="referral_status_known"
            ),
            models.UniqueConstraint(
                fields=["person_key", "organisation", "department"],
                condition=Q(status__in=LIVE),
                name="one_open_referral_of_a_kind",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["handed_back", "closed"])
                | Q(planned__gt=0)
                | ~Q(none_reason=""),
                name="handing_back_needs_a_plan",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_referral_says_why"),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(ended_because=""),
                name="a_withdrawn_referral_says_why",
            ),
            models.CheckConstraint(
                condition=Q(agreed="told")
                | Q(agreed="signed", consent__isnull=False)
                | (Q(agreed="emergency", urgency__in=PRESSING) & ~Q(agreed_note="")),
                name="somebody_agreed_to_a_referral",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "arrived", "in_care"])
                | Q(expected_at__isnull=False),
                name="who_is_accepted_is_expected",
            ),
            models.CheckConstraint(
                condition=Q(discharged_at=None) | Q(discharged_at__gte=F("arrived_at")),
                name="nobody_is_discharged_before_the_arrival",
            ),
            models.CheckConstraint(
                condition=~Q(urgency__in=PRESSING) | ~Q(status="expired"),
                name="an_urgent_referral_never_expires",
            ),
            models.CheckConstraint(
                condition=~Q(sending=F("organisation")), name="nobody_refers_to_itself"
            ),
            models.CheckConstraint(
                condition=Q(direction="up", purpose="")
                | Q(direction="down", purpose__in=Purpose.values)
                & ~Q(status__in=["in_care", "handed_back"])
                & ~Q(urgency="green")
                & ~Q(diagnosis="")
                & ~Q(done="")
                & (Q(planned__gt=0) | ~Q(none_reason="")),
                name="down_goes_with_its_plan",
            ),
        ]
        indexes = [
            models.Index(fields=["sending", "status", "-id"], name="referral_sending"),
            models.Index(fields=["organisation", "status", "-id"], name="referral_receiving"),
            models.Index(fields=["patient", "-id"], name="referral_patient"),
            models.Index(
                fields=["from_case"],
                condition=Q(from_case__isnull=False),
                name="referral_from_case",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def can_become(self, status: Status) -> bool:
        ways = DOWNWARD if self.is_down else TRANSITIONS
        return status in ways.get(Status(self.status), set())

    def become(self, status: Status, refusal: str) -> None:
        """Change the status in memory, or refuse. The service locks, saves and audits."""
        if not self.can_become(status):
            raise Conflict(refusal, path="status")
        self.status = status

    @property
    def is_urgent(self) -> bool:
        return self.urgency in PRESSING

    @property
    def is_green(self) -> bool:
        return self.urgency == Urgency.GREEN

    @property
    def is_down(self) -> bool:
        return self.direction == Direction.DOWN

    @property
    def hospital(self) -> Organisation:
        """Who plans what is to be done."""
        return self.sending if self.is_down else self.organisation

    @property
    def home(self) -> Organisation:
        """Who does it: whoever took the plan over, before that the clinic."""
        taken = self.steps.filter(action=TAKES).first() if self.taken_by_id else None
        if taken and taken.organisation:
            return taken.organisation
        return self.organisation if self.is_down else self.sending

    @property
    def keeper(self) -> User:
        """Who hears of it on the sending side, and answers for it."""
        return self.kept_by or self.sender

    @property
    def written_by(self) -> User | None:
        """Whose the diagnosis and the plan are."""
        return self.sender if self.is_down else self.doctor

    @property
    def written_at(self) -> datetime | None:
        return self.created_at if self.is_down else self.handed_back_at
