"""Who is there and whose turn it is; and the screens in the waiting room that show it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scheduling.appointments.models.bookings import Appointment
from telemed.core.models import BaseModel
from telemed.organisations.models import Department, Organisation
from telemed.people.models import User

MOST_CALLS = 3  # unanswered; then somebody else comes first


class Arrival(BaseModel):
    """
    That somebody came: one for a booking, whichever desk reads its code first. It is deleted when
    the checking in is undone; the audit keeps what was.
    """

    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, related_name="arrival"
    )
    arrived_at = models.DateTimeField()
    checked_in_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # nobody: by video
    turn = models.FloatField()  # the lowest is called next; between two there is always a place
    calls = models.PositiveSmallIntegerField(default=0)  # since the last time in line
    called_at = models.DateTimeField(null=True, blank=True)  # the last of them
    called_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(calls__lte=MOST_CALLS), name="nobody_is_called_for_ever"
            ),
            models.CheckConstraint(
                condition=Q(calls=0, called_at=None, called_by=None)
                | Q(calls__gte=1, called_at__isnull=False, called_by__isnull=False),
                name="a_call_has_its_time_and_doctor",
            ),
        ]

    def __str__(self) -> str:
        return str(self.appointment_id)


class Board(BaseModel):
    """
    A screen in the waiting room. Its address is made of its id and the installation's key; kept is
    only a hash of it, so that no backup opens one.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="boards")
    # None: of the whole hospital.
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="boards"
    )
    digest = models.CharField(max_length=43, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "department"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="one_running_board_of_a_place",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="a_board_is_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def title(self) -> str:
        """As the desk knows it."""
        return self.department.name if self.department else str(_("Whole hospital"))
