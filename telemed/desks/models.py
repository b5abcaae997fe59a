"""A browser that several people use, and who of them may take it over today."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation
from telemed.people.models import User


class Desk(BaseModel):
    """One browser of one institution. It is known by a cookie, of which only the hash is kept."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="desks")
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return str(self.pk)


class Seat(BaseModel):
    """
    Somebody who signed in at a desk with their password that day, and may come back with the PIN.

    It is no session: who left has none. `session_key` is the one that a PIN opened last.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="seats")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="seats")
    day = models.DateField()
    user_agent = models.CharField(max_length=200, blank=True)
    session_key = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "user"], condition=Q(ended_at=None), name="one_seat_at_a_desk"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
