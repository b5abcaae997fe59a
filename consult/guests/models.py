"""The one-time links of guests without an account."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q

from consult.rooms.links import ENTERED, OPENED_BY_A_BROWSER, OneTimeLink
from consult.rooms.models import Room


class Link(OneTimeLink):
    """Into one room, for whom a host asked in by name and number; both are kept with it."""

    GOOD_FOR = timedelta(hours=24)

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="guest_links")
    phone = models.CharField(max_length=20)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder"], condition=Q(ended_at=None), name="one_open_link_a_guest"
            ),
            models.UniqueConstraint(
                fields=["room", "phone"],
                condition=Q(ended_at=None),
                name="one_open_link_a_phone_in_a_room",
            ),
            models.CheckConstraint(
                condition=OPENED_BY_A_BROWSER, name="an_opened_guest_link_has_a_browser"
            ),
        ]
        indexes = [
            models.Index(fields=["browser"], condition=ENTERED, name="guest_link_of_a_browser")
        ]
