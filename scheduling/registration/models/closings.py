"""A team closes or is suspended: who takes its residents over, and who was left without one."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scheduling.registration.models.contracts import Contract
from scheduling.registration.models.teams import Team
from telemed.core.models import BaseModel
from telemed.people.models import User


class Closing(BaseModel):
    """
    The handing over of all residents of a team, done in parts: it ends when nobody is left there.

    `people` were signed when it began; `moved` counts those whom another team looks after now.
    """

    class Kind(models.TextChoices):
        CLOSE = "close", _("The team closes")
        SUSPEND = "suspend", _("The team is suspended and may open again")

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="closings")
    kind = models.CharField(max_length=7, choices=Kind)
    reason = models.CharField(max_length=200)
    left_reason = models.CharField(max_length=500, blank=True)  # why somebody stays without a team
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    people = models.PositiveIntegerField()
    moved = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(finished_at=None),
                name="one_closing_of_a_team_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["close", "suspend"]), name="closing_kind_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_closing_says_why"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Share(BaseModel):
    """Which team takes over the people of a village; nobody where none is named."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="shares")
    village = models.CharField(max_length=60, blank=True)  # empty: the address names none
    people = models.PositiveIntegerField()
    successor = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="shares"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["closing", "village"], name="one_share_a_village")
        ]

    def __str__(self) -> str:
        return self.village


class Left(BaseModel):
    """Somebody whose team closed and whom no other took: the county's to see to."""

    class Because(models.TextChoices):
        NOBODY = "nobody", _("no team was named for the village")
        FULL = "full", _("the team that was named has no room")

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="left")
    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="left_behind")
    because = models.CharField(max_length=6, choices=Because)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(settled_by__isnull=False) & ~Q(note=""),
                name="who_was_left_is_seen_to_with_a_note",
            )
        ]
        indexes = [
            models.Index(fields=["closing"], condition=Q(settled_at=None), name="left_to_see_to")
        ]

    def __str__(self) -> str:
        return str(self.pk)
