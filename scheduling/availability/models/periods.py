"""
A period and its pools: the scarce thing.

A period is half an hour of a session with so many places; each place belongs to one pool of
people (workflows.md section 4). `taken` is a counter that the database keeps between nought and
`places`, so nothing can be sold twice, and the pools of a period always add up to its capacity.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scheduling.availability.models.sessions import Session
from telemed.core.models import BaseModel
from telemed.organisations.models import Department, Organisation
from telemed.people.models import Application, User


class Pool(models.TextChoices):
    """For whom a place is kept."""

    PUBLIC = "public", _("Public")
    FAMILY_DOCTOR = "family_doctor", _("Family doctor")
    REFERRAL = "referral", _("Referral")
    WALK_IN = "walk_in", _("At the desk")
    PHONE = "phone", _("Telephone, elderly")


class PeriodState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open for booking")
    CLOSED = "closed", _("Booking closed")  # what is left is given out at the desk
    STOPPED = "stopped", _("Stopped")


BOOKABLE = [PeriodState.OPEN, PeriodState.CLOSED]


class Period(BaseModel):
    """
    Half an hour of a session (FHIR Slot, whatever its pools are).

    Where it is and whose is written here again: the search over a million of them joins nothing.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="periods")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    clinician = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closes_at = models.DateTimeField()  # the end of booking from afar
    capacity = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=PeriodState, default=PeriodState.PLANNED)
    # The hospital's own system may keep a period by itself; else its session lays it out.
    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    identifier = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "identifier"],
                condition=~Q(identifier=""),
                name="one_period_of_an_identifier",
            ),
            models.UniqueConstraint(fields=["session", "starts_at"], name="periods_follow"),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="a_period_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(state__in=PeriodState.values), name="period_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "starts_at"],
                condition=Q(state="open"),
                name="period_open_department",
            ),
            models.Index(
                fields=["clinician", "starts_at"],
                condition=Q(state="open"),
                name="period_open_clinician",
            ),
            models.Index(
                fields=["organisation", "closes_at"],
                condition=Q(state="open"),
                name="period_to_close",
            ),
            # Slot over FHIR from a moment on, whoever's: walked in order until a page is full.
            models.Index(
                fields=["starts_at", "id"],
                condition=~Q(state="planned"),
                name="period_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class PeriodPool(models.Model):
    """So many places of a period for one pool of people, and how many are taken."""

    id = models.BigAutoField(primary_key=True)
    period = models.ForeignKey(
        Period, on_delete=models.CASCADE, related_name="pools", db_index=False
    )
    pool = models.CharField(max_length=13, choices=Pool)
    places = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    returned = models.PositiveSmallIntegerField(default=0)  # of these, from pools left unused

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "pool"], name="one_pool_of_a_kind"),
            models.CheckConstraint(
                condition=Q(taken__gte=0, taken__lte=F("places")), name="never_oversold"
            ),
            models.CheckConstraint(condition=Q(pool__in=Pool.values), name="pool_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pool} {self.taken}/{self.places}"

    @property
    def free(self) -> int:
        return self.places - self.taken
