"""The one-time links of visits by video."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from consult.rooms.links import ENTERED, OPENED_BY_A_BROWSER, OneTimeLink
from scheduling.appointments.models import Appointment


class Link(OneTimeLink):
    """Into the room of one visit. Nobody made it: the system, when the visit was booked."""

    visit = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="visit_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit"], condition=Q(ended_at=None), name="one_open_link_a_visit"
            ),
            models.CheckConstraint(
                condition=OPENED_BY_A_BROWSER, name="an_opened_link_has_a_browser"
            ),
        ]
        indexes = [
            models.Index(fields=["browser"], condition=ENTERED, name="visit_link_of_a_browser")
        ]
