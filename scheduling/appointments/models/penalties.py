"""What counts against somebody who did not come, what follows, and how it is taken back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records.mpi.models import Patient
from scheduling.appointments.models.bookings import Appointment
from telemed.core.errors import Conflict
from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation
from telemed.people.models import User


class Strike(BaseModel):
    """One visit that somebody missed, or cancelled after the limit. At most one a visit."""

    class Kind(models.TextChoices):
        MISSED = "missed", _("Did not come")
        LATE = "late", _("Cancelled late")

    class State(models.TextChoices):
        NOTED = "noted", _("Noted, does not count yet")
        COUNTED = "counted", _("Counts")
        WAIVED = "waived", _("Waived")
        VOID = "void", _("Taken back")

    STANDING = (State.NOTED, State.COUNTED)

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="strike")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+", db_index=False)
    person_key = models.UUIDField()
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField()  # of the visit
    kind = models.CharField(max_length=6, choices=Kind)
    points = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=7, choices=State, default=State.NOTED)
    marked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # empty: the system
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["noted", "counted", "waived", "void"]),
                name="strike_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="waived") | ~Q(ended_because=""), name="a_waiver_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["person_key", "organisation"], name="strikes_of_person"),
            models.Index(
                fields=["organisation", "day"],
                condition=Q(state__in=["noted", "counted"]),
                name="strikes_to_waive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Block(BaseModel):
    """Booking from afar is closed to one person at one hospital for some time."""

    class Kind(models.TextChoices):
        POINTS = "points", _("Too many missed visits")
        CANCELLATIONS = "cancellations", _("Too many cancellations")

    class State(models.TextChoices):
        ACTIVE = "active", _("In force")
        SUSPENDED = "suspended", _("Suspended while an appeal is open")
        LIFTED = "lifted", _("Lifted")

    STANDING = (State.ACTIVE, State.SUSPENDED)

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+", db_index=False)
    person_key = models.UUIDField()
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=13, choices=Kind)
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.ACTIVE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["active", "suspended", "lifted"]), name="block_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["person_key", "organisation"],
                condition=Q(state="active"),
                name="blocks_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Appeal(BaseModel):
    """Why a strike is wrong; somebody of the hospital decides who did not mark it."""

    class State(models.TextChoices):
        FILED = "filed", _("Waits for a decision")
        UPHELD = "upheld", _("Upheld: it does not count")
        REJECTED = "rejected", _("Rejected")

    strike = models.OneToOneField(Strike, on_delete=models.PROTECT, related_name="appeal")
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=State, default=State.FILED)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="filed")
                | Q(decided_by__isnull=False) & Q(decided_at__isnull=False),
                name="somebody_decides",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(decision=""), name="a_rejection_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state="filed"), name="appeals_open"),
        ]

    def __str__(self) -> str:
        return self.state

    def decide(self, state: "Appeal.State") -> None:
        """Once, in memory; the service locks and saves."""
        if self.state != Appeal.State.FILED:
            raise Conflict(gettext("This appeal has been decided."), path="state")
        self.state = state
