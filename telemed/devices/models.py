"""Devices of an institution, the faults that were reported, and how its line was."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation
from telemed.people.models import User


class Reason(models.TextChoices):
    """Why a device is not used. No fault: it asks for help of the right kind."""

    BROKEN = "broken", _("Broken or being repaired")
    OPERATOR = "operator", _("Nobody here can operate it")
    PATIENTS = "patients", _("No patient needed it")
    OFFLINE = "offline", _("Used, but not connected to the network")
    MOVED = "moved", _("Lent or moved elsewhere")
    OTHER = "other", _("Another reason")


class Device(BaseModel):
    """
    One device. `used_at` is the newest thing that came from it, or what somebody said (`by_hand`).

    The reason is for the stretch of idleness that runs: a use takes it away.
    """

    class Kind(models.TextChoices):
        ULTRASOUND = "ultrasound", _("Ultrasound")
        ECG = "ecg", pgettext_lazy("device", "ECG")
        DR = "dr", pgettext_lazy("device", "X-ray (DR)")
        CT = "ct", "CT"
        MR = "mr", "MR"
        ENDOSCOPE = "endoscope", _("Endoscope")
        LABORATORY = "laboratory", _("Laboratory analyser")
        VIDEO = "video", _("Video cart")
        OTHER = "other", pgettext_lazy("device", "Other")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="devices")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=80)  # maker and model, as people call it
    serial = models.CharField(max_length=64)  # as the device itself says it (DICOM 0018,1000)
    place = models.CharField(max_length=60, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    by_hand = models.BooleanField(default=False)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    text = models.CharField(max_length=200, blank=True)
    reason_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "serial"],
                condition=Q(retired_at=None),
                name="one_device_a_serial",
            ),
            models.CheckConstraint(condition=~Q(serial=""), name="a_device_has_a_serial"),
            models.CheckConstraint(
                condition=Q(reason="", reason_at=None)
                | (~Q(reason="") & Q(reason_at__isnull=False)),
                name="a_reason_of_a_device_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["used_at"], condition=Q(retired_at=None), name="device_last_used")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.serial}"


class Ticket(BaseModel):
    """A fault that somebody looks after: of a device, or of the line where it names none."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="device_tickets"
    )
    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    text = models.CharField(max_length=200)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tickets_opened")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets_closed"
    )
    done = models.CharField(max_length=200, blank=True)  # what was done about it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "device"],
                condition=Q(closed_at=None),
                nulls_distinct=False,
                name="one_open_ticket_a_thing",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, done="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(done="")),
                name="a_closed_ticket_says_what_was_done",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="ticket_organisation")]

    def __str__(self) -> str:
        return str(self.pk)


class LinkTest(BaseModel):
    """What a ready check measured at an institution."""

    APPEND_ONLY = True

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="link_tests"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="link_tests")
    kbit_s = models.PositiveIntegerField()
    rtt_ms = models.PositiveIntegerField()
    lost = models.PositiveSmallIntegerField(default=0)  # of `tries`
    tries = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(tries__gte=1, lost__lte=F("tries")),
                name="lost_of_what_was_tried",
            )
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="link_test_newest")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def level(self) -> int:
        """0 to 4: what a call does on such a line (the rungs of rooms)."""
        if self.lost * 2 >= self.tries or self.kbit_s < 24:
            return 0
        if self.kbit_s < 100 or self.rtt_ms > 1500:
            return 1
        if self.kbit_s < 350:
            return 2
        return 3 if self.kbit_s < 1200 else 4
