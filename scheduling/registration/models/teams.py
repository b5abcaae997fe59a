"""Who looks after people together, and how many people each doctor has signed."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation
from telemed.people.models import User


class Function(models.TextChoices):
    """What somebody does in a team; no role of an account."""

    LEADER = "leader", _("Team leader")
    GP = "gp", _("Family doctor")
    NURSE = "nurse", _("Nurse")
    PUBLIC_HEALTH = "public_health", _("Public-health doctor")
    VILLAGE_DOCTOR = "village_doctor", _("Village doctor")
    SPECIALIST = "specialist", _("Supporting specialist")


# Whom a contract can name; each has a panel of their own.
DOCTORS = [Function.LEADER, Function.GP, Function.VILLAGE_DOCTOR]


class Team(BaseModel):
    """A family-doctor team of a clinic (家庭医生团队, FHIR CareTeam)."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="care_teams"
    )
    name = models.CharField(max_length=60)
    villages = models.CharField(max_length=200, blank=True)  # for whom, in words
    phone = models.CharField(max_length=20, blank=True)
    shut_on = models.DateField(null=True, blank=True)  # takes nobody since: closes, or suspended
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=Q(closed_on=None),
                name="one_open_team_of_a_name",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_team_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        """The telephone that answers: the team's own, else the clinic's."""
        return self.phone or self.organisation.phone


class MemberQuerySet(models.QuerySet["Member"]):
    def current(self) -> "MemberQuerySet":
        """Who belongs to an open team today."""
        today = timezone.localdate()
        there = Q(until=None) | Q(until__gt=today)
        return self.filter(there, since__lte=today, team__closed_on=None)


class Member(BaseModel):
    """Somebody's time in a team; who has no account (a nurse) stands there by name."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="care_teams"
    )
    name = models.CharField(max_length=60, blank=True)
    function = models.CharField(max_length=14, choices=Function)
    since = models.DateField(default=timezone.localdate)
    until = models.DateField(null=True, blank=True)  # the first day without
    # To whom whoever they have signed goes, where somebody was named when they left.
    successor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "user"], condition=Q(until=None), name="once_in_a_team"
            ),
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(until=None, function="leader"),
                name="one_leader_of_a_team",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(name=""), name="a_member_is_somebody"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(function__in=["nurse", "public_health"]),
                name="a_doctor_of_a_team_has_an_account",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="a_member_stays_some_time"
            ),
        ]

    def __str__(self) -> str:
        return self.user.name if self.user else self.name


class Panel(BaseModel):
    """How many people a doctor has signed; the last place is given away once."""

    doctor = models.OneToOneField(User, on_delete=models.PROTECT, related_name="panel")
    cap = models.PositiveIntegerField()  # what the policy said when it was last asked
    signed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(signed__lte=F("cap")), name="a_panel_has_a_cap")
        ]

    def __str__(self) -> str:
        return f"{self.signed}/{self.cap}"

    @property
    def free(self) -> int:
        return self.cap - self.signed
