"""Where the hospital's own system says something that the rows here contradict."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scheduling.availability.models.periods import Period
from scheduling.availability.models.sessions import Session
from telemed.core.models import BaseModel
from telemed.people.models import Application, User


class Disagreement(BaseModel):
    """
    What a system sent about its session, or one period of it, and what stood in the way here.

    `said` and `here` are facts in numbers and times, so that each reader has them in words of the
    own language. A system that sends the same again adds nothing.
    """

    class Kind(models.TextChoices):
        MOVED = "moved", _("Moved, and somebody is booked")
        BELOW = "below", _("Fewer places than are booked")
        DROPPED = "dropped", _("Not held, and somebody is booked")
        COUNT = "count", _("Another number of free places")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        THEIRS = "theirs", _("The system's was taken")
        OURS = "ours", _("Ours was kept")
        OVER = "over", _("The two agree again")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="disagreements")
    period = models.ForeignKey(
        Period,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="disagreements",
    )
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind)
    said = models.JSONField()
    here = models.JSONField()
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "period"],
                condition=Q(state="open"),
                nulls_distinct=False,
                name="one_open_disagreement",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["moved", "below", "dropped", "count"]),
                name="disagreement_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "theirs", "ours", "over"]),
                name="disagreement_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "over"])
                | Q(settled_by__isnull=False) & ~Q(reason=""),
                name="who_settles_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None)
                | ~Q(state="open") & Q(settled_at__isnull=False),
                name="what_is_settled_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def can_take(self) -> bool:
        """Whether the system's word can be made true here without moving anybody by hand."""
        whole = self.kind == self.Kind.DROPPED and self.period_id is None
        return whole or self.kind == self.Kind.COUNT
