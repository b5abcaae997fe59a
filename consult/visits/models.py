"""The one-time links of visits by video."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from scheduling.appointments.models import Appointment
from telemed.core.models import BaseModel
from telemed.people.models import User


class Link(BaseModel):
    """
    What lets its holder into one visit's room, and nowhere else. The address is made of its id and
    the installation's key; kept is only a hash of it, and of the browser that entered first.
    """

    visit = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="visit_links")
    # An account that nobody signs in to and that has no rights: the patient as the room knows them.
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="visit_links")
    digest = models.CharField(max_length=43, unique=True)
    browser = models.CharField(max_length=43, blank=True, default="")
    opened_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="visit_links_made"
    )  # nobody: the system, when the visit was booked
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit"], condition=Q(ended_at=None), name="one_open_link_a_visit"
            ),
            models.CheckConstraint(
                condition=Q(browser="", opened_at=None)
                | (~Q(browser="") & Q(opened_at__isnull=False)),
                name="an_opened_link_has_a_browser",
            ),
        ]
        indexes = [
            models.Index(
                fields=["browser"],
                condition=Q(ended_at=None) & ~Q(browser=""),
                name="visit_link_of_a_browser",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
