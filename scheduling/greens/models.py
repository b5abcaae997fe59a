"""A green channel, and the stamps that its stations set."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.referrals.models import Referral
from telemed.core.errors import Conflict
from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation
from telemed.people.models import User


class Kind(models.TextChoices):
    CHEST_PAIN = "chest_pain", _("Chest pain")
    STROKE = "stroke", _("Stroke")
    TRAUMA = "trauma", _("Severe trauma")
    OBSTETRIC = "obstetric", _("Mother or newborn in danger")


class Status(models.TextChoices):
    CALLED = "called", _("Waiting to be acknowledged")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ENDED = "ended", _("Ended")
    WITHDRAWN = "withdrawn", _("Taken back")


OPEN = [Status.CALLED, Status.ACKNOWLEDGED]

# The whole life of a green channel, readable at a glance. Missing key: final.
TRANSITIONS = {
    Status.CALLED: {Status.ACKNOWLEDGED, Status.ENDED, Status.WITHDRAWN},
    Status.ACKNOWLEDGED: {Status.ENDED, Status.WITHDRAWN},
}


class Outcome(models.TextChoices):
    TREATED = "treated", _("Treated in time-critical care")
    ADMITTED = "admitted", _("Admitted, no such treatment needed")
    RULED_OUT = "ruled_out", _("Suspicion not confirmed")
    MOVED_ON = "moved_on", _("Sent on to another hospital")
    REFUSED = "refused", _("Patient or family refused")
    DIED = "died", _("Died")


# What the clinic may say before the patient has arrived.
ON_THE_WAY = [Outcome.REFUSED, Outcome.DIED, Outcome.RULED_OUT]


class Green(BaseModel):
    """
    The time-critical part of one referral; who sends, who receives and the time line are its own.

    `contact_at` is the first medical contact: every clock on the page counts from it.
    """

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="green")
    kind = models.CharField(max_length=10, choices=Kind)
    status = models.CharField(max_length=12, choices=Status, default=Status.CALLED)
    contact_at = models.DateTimeField()
    vitals = models.CharField(max_length=300, blank=True)
    acknowledged_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="greens_acknowledged"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    outcome_note = models.CharField(max_length=300, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="greens_ended"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="green_status_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="green_kind_known"),
            models.CheckConstraint(
                condition=~Q(status="acknowledged")
                | Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False),
                name="who_acknowledges_a_green_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="ended") | ~Q(outcome="") & Q(ended_at__isnull=False),
                name="an_ended_green_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(
                fields=["contact_at"],
                condition=Q(status__in=["called", "acknowledged"]),
                name="greens_open",
            ),
            models.Index(fields=["kind", "contact_at"], name="greens_by_contact"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def become(self, status: Status) -> None:
        """Change the status in memory, or refuse. The service locks, saves and audits."""
        if status not in TRANSITIONS.get(Status(self.status), set()):
            sentence = gettext("This green channel is “{state}”; that cannot be done now.")
            raise Conflict(sentence.format(state=self.get_status_display()), path="status")
        self.status = status


class Stamp(BaseModel):
    """
    One moment at one station. Never edited: a correction is a new stamp that says why.

    `at` is when it happened, as it was tapped; `created_at` when the server heard of it.
    """

    green = models.ForeignKey(Green, on_delete=models.PROTECT, related_name="stamps")
    station = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="green_stamps")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    key = models.UUIDField(unique=True)  # made where it was tapped: sent again, it is one stamp
    corrected_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrects"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["green", "station"],
                condition=Q(corrected_by=None),
                name="one_stamp_of_a_station",
            ),
            models.CheckConstraint(
                condition=Q(corrected_by=None) | ~Q(corrected_by=F("id")),
                name="no_stamp_corrects_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station} {self.at:%H:%M}"
