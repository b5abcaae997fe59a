"""Appointments: one row from the hold to the end, so that one set of constraints covers all."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records.mpi.models import LowIncome, Patient
from scheduling.appointments.models.trips import Trip
from scheduling.availability.models import Period, Pool, Stop
from telemed.core.errors import Conflict
from telemed.core.models import BaseModel
from telemed.organisations.models import Department, Organisation
from telemed.people.models import User


class Status(models.TextChoices):
    HELD = "held", _("Held while you confirm")
    WAITLISTED = "waitlisted", _("On the waitlist")
    OFFERED = "offered", _("A place is offered")
    BOOKED = "booked", _("Booked")
    DISPLACED = "displaced", _("Clinic stopped, to be moved")
    ARRIVED = "arrived", _("Arrived")
    CALLED = "called", _("Called")
    IN_VISIT = "in_visit", _("With the doctor")
    FULFILLED = "fulfilled", _("Seen")
    NO_SHOW = "noshow", _("Did not come")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Ran out")


# Whoever has a claim on a place now.
LIVE = [
    *(Status.HELD, Status.OFFERED, Status.BOOKED, Status.DISPLACED),
    *(Status.ARRIVED, Status.CALLED, Status.IN_VISIT),
]
TICKETED = [one for one in LIVE if one not in (Status.HELD, Status.OFFERED)]
WAITING = [Status.WAITLISTED, Status.OFFERED]
NUMBERED = [*TICKETED, Status.FULFILLED, Status.NO_SHOW]
COMING = [Status.BOOKED, Status.DISPLACED]  # what can still be cancelled or moved

# The whole life of an appointment, readable at a glance. Missing key: final.
TRANSITIONS = {
    Status.HELD: {Status.BOOKED, Status.EXPIRED},
    Status.WAITLISTED: {Status.OFFERED, Status.CANCELLED, Status.EXPIRED},
    Status.OFFERED: {Status.BOOKED, Status.WAITLISTED, Status.CANCELLED, Status.EXPIRED},
    Status.BOOKED: {Status.ARRIVED, Status.CANCELLED, Status.NO_SHOW, Status.DISPLACED},
    Status.DISPLACED: {Status.BOOKED, Status.CANCELLED},
    Status.ARRIVED: {Status.CALLED, Status.BOOKED, Status.CANCELLED},
    Status.CALLED: {Status.IN_VISIT, Status.ARRIVED, Status.CANCELLED},
    Status.IN_VISIT: {Status.FULFILLED},
    Status.NO_SHOW: {Status.ARRIVED, Status.FULFILLED},
    Status.CANCELLED: {Status.BOOKED, Status.FULFILLED},  # came, and had been seen after all
}
PER_DAY = 2  # live bookings of one person


class Mode(models.TextChoices):
    """How the person comes to the doctor. Which visits may be by video, video.py decides."""

    IN_PERSON = "in_person", _("In person")
    VIDEO = "video", _("By video")


class FeeBasis(models.TextChoices):
    """Why a visit costs what it costs."""

    STANDARD = "standard", _("The hospital's visit fee")
    LOW_INCOME = "low_income", _("Waived for low income")


def fee_in_words(fee: Decimal | None, basis: str, *, by_video: bool = False) -> str:
    """What is paid and where; why it is nothing, others may not read."""
    if fee is None:
        return ""
    if basis == FeeBasis.LOW_INCOME:
        return gettext("CNY 0 (waived already)")
    if by_video or not fee:
        return gettext("CNY {amount}").format(amount=fee)
    return gettext("CNY {amount}, paid at the hospital").format(amount=fee)


class Channel(models.TextChoices):
    """Which way it came."""

    WEB = "web", _("On the phone or computer")
    CLINIC = "clinic", _("By a clinic's doctor")
    DESK = "desk", _("At the desk or by telephone")
    APP = "app", _("Through a connected system")


class Appointment(BaseModel):
    """
    A person's claim on one place of a period (FHIR Appointment).

    Where and when are written here again, so that the constraints can see them. `person_key` is
    the index's number of the person, and of the survivor once two records are merged.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    person_key = models.UUIDField()
    period = models.ForeignKey(
        Period, on_delete=models.PROTECT, related_name="appointments", db_index=False
    )
    pool = models.CharField(max_length=13, choices=Pool)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    clinician = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    day = models.DateField()  # in China
    during = DateTimeRangeField()
    # The first or the second of this person's day; 0: an examination of a trip is not counted.
    day_rank = models.PositiveSmallIntegerField()
    # Booked as one with others of that day (ADR 0039), and which examination of it this is.
    trip = models.ForeignKey(
        Trip, on_delete=models.PROTECT, null=True, blank=True, related_name="stops", db_index=False
    )
    examination = models.CharField(max_length=40, blank=True, default="", db_default="")
    ticket = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status)
    holds_place = models.BooleanField(default=True)  # in the count of its period and pool
    # Kept for whoever was displaced until they answer; in the count of that period, too.
    plan_period = models.ForeignKey(
        Period, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    plan_pool = models.CharField(max_length=13, choices=Pool, blank=True, default="", db_default="")
    answer_by = models.DateTimeField(null=True, blank=True)  # of whoever was displaced
    # Which stop it was, wherever they went since.
    displaced_by = models.ForeignKey(
        Stop,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="displaced",
        db_index=False,
    )
    channel = models.CharField(max_length=6, choices=Channel)
    mode = models.CharField(
        max_length=9, choices=Mode, default=Mode.IN_PERSON, db_default=Mode.IN_PERSON
    )
    reason = models.CharField(max_length=200, blank=True)  # in the patient's words
    # In yuan, from the claim on; fees.py finds it, once. None: no place was claimed yet.
    fee = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    fee_basis = models.CharField(
        max_length=10, choices=FeeBasis, blank=True, default="", db_default=""
    )
    # On which part of the low-income register; for the person and the desk alone.
    fee_reason = models.CharField(
        max_length=11, choices=LowIncome.Kind, blank=True, default="", db_default=""
    )
    booked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_system = models.BooleanField(default=False, db_default=False)  # by a registered application
    # Its own "system|value" for this booking, where it gave one.
    identifier = models.CharField(max_length=200, blank=True, default="", db_default="")
    booked_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)
    late = models.BooleanField(default=False)  # cancelled after the limit
    returned_at = models.DateTimeField(null=True, blank=True)  # when a cancelled place came back
    device = models.CharField(max_length=43, blank=True, default="", db_default="")  # a keyed hash
    # When somebody rang a patient who did not come to a visit by video, and had no answer.
    rung_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="appointment_status_known"
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["in_person", "video"]), name="appointment_mode_known"
            ),
            models.CheckConstraint(
                condition=Q(fee=None, fee_basis="", fee_reason="")
                | Q(fee__isnull=False, fee__gte=0, fee_basis="standard", fee_reason="")
                | Q(fee__isnull=False, fee=0, fee_basis="low_income") & ~Q(fee_reason=""),
                name="a_fee_has_a_basis",
            ),
            models.UniqueConstraint(
                fields=["period", "ticket"],
                condition=Q(status__in=TICKETED),
                name="one_holder_of_a_ticket",
            ),
            models.UniqueConstraint(
                fields=["person_key", "department", "day"],
                condition=Q(status__in=LIVE, day_rank__gte=1),
                name="one_live_booking_a_department_and_day",
            ),
            models.UniqueConstraint(
                fields=["person_key", "day", "day_rank"],
                condition=Q(status__in=LIVE, day_rank__gte=1),
                name="two_live_bookings_a_day",
            ),
            models.UniqueConstraint(
                fields=["person_key", "department", "day"],
                condition=Q(status="waitlisted"),
                name="one_wait_a_department_and_day",
            ),
            models.UniqueConstraint(
                fields=["person_key", "day", "examination"],
                condition=Q(status__in=LIVE) & ~Q(examination=""),
                name="one_examination_of_a_kind_a_day",
            ),
            models.CheckConstraint(
                condition=Q(examination="", day_rank__gte=1, day_rank__lte=PER_DAY)
                | ~Q(examination="") & Q(day_rank=0, trip__isnull=False),
                name="day_rank_known",
            ),
            ExclusionConstraint(
                name="nobody_is_booked_twice_at_a_time",
                expressions=[
                    ("person_key", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=LIVE),
            ),
            models.UniqueConstraint(
                fields=["booked_by"],
                condition=Q(status="held", by_system=False),
                name="one_hold_an_account",
            ),
            models.UniqueConstraint(
                fields=["booked_by", "patient"],
                condition=Q(status="held", by_system=True),
                name="one_hold_a_person_of_a_system",
            ),
            models.UniqueConstraint(
                fields=["booked_by", "identifier"],
                condition=~Q(identifier=""),
                name="one_booking_of_an_identifier",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=NUMBERED) | Q(ticket__isnull=False),
                name="who_is_booked_has_a_ticket",
            ),
            models.CheckConstraint(
                condition=Q(plan_period=None) | Q(status="displaced") & ~Q(plan_pool=""),
                name="a_plan_is_for_the_displaced",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.HELD, Status.OFFERED])
                | Q(held_until__isnull=False),
                name="a_hold_ends",
            ),
        ]
        indexes = [
            models.Index(
                fields=["period", "pool"], condition=Q(holds_place=True), name="appointment_counted"
            ),
            models.Index(
                fields=["plan_period", "plan_pool"],
                condition=Q(plan_period__isnull=False),
                name="appointment_planned",
            ),
            models.Index(
                fields=["period"],
                condition=Q(returned_at__isnull=False),
                name="appointment_given_back",
            ),
            models.Index(
                fields=["displaced_by"],
                condition=Q(displaced_by__isnull=False),
                name="appointment_displaced",
            ),
            models.Index(fields=["patient", "-day"], name="appointment_of_patient"),
            models.Index(fields=["department", "day"], name="appointment_day_list"),
            models.Index(
                fields=["department", "day", "status"],
                condition=Q(status__in=["waitlisted", "offered"]),
                name="appointment_waiting",
            ),
            models.Index(
                fields=["clinician", "day"],
                condition=Q(clinician__isnull=False),
                name="appointment_doctors_day",
            ),
            models.Index(
                fields=["trip"], condition=Q(trip__isnull=False), name="appointment_of_trip"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def become(self, status: Status) -> None:
        """Change the status in memory, or refuse. The service locks, saves and audits."""
        if status not in TRANSITIONS.get(Status(self.status), set()):
            raise self.out_of_turn()
        self.status = status

    def out_of_turn(self) -> Conflict:
        """The refusal of what its state does not allow."""
        sentence = gettext("This booking is “{state}”; that cannot be done now.")
        return Conflict(sentence.format(state=self.get_status_display()), path="status")

    @property
    def waits_in_line(self) -> bool:
        """On the waitlist now, or until it ended; not any more once it has a number."""
        return self.ticket is None and getattr(self, "wait", None) is not None

    @property
    def fee_in_words(self) -> str:
        return fee_in_words(self.fee, self.fee_basis, by_video=self.is_video)

    @property
    def is_video(self) -> bool:
        return self.mode == Mode.VIDEO

    @property
    def errand(self) -> str:
        """What is done there: the examination, or whose visit it is."""
        return self.examination or self.department.name

    @property
    def is_unseen(self) -> bool:
        """Came, and the session ended without them (ADR 0065)."""
        over = self.status == Status.CANCELLED and not self.is_video
        return over and getattr(self, "arrival", None) is not None

    @property
    def is_coming(self) -> bool:
        return self.status in COMING
