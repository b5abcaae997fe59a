"""Institutions that have gone quiet, and figures that somebody should look at."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from telemed.core.models import BaseModel
from telemed.organisations.models import Organisation
from telemed.people.models import Role, User


class Reason(models.TextChoices):
    """Why an institution asks nothing. It is no fault."""

    SEASON = "season", _("Closed for the season")
    NO_STAFF = "no_staff", _("No staff")
    LINE_DOWN = "line_down", _("The line is down")
    BROKEN = "broken", _("Equipment is broken")
    TRAINED = "trained", _("Did not know how; trained meanwhile")
    OTHER = "other", _("Another reason")


class Silence(BaseModel):
    """
    One stretch in which an institution with an agreement in force asked nothing.

    `quiet_since` is its last request, or the first day of its agreement when it never asked. The
    reason is the present answer; it is asked anew after a while, and what was said stays in the
    entries.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="silences"
    )
    quiet_since = models.DateTimeField()
    ever_asked = models.BooleanField(default=True)
    noticed_at = models.DateTimeField()
    asked_at = models.DateTimeField()  # since when the reason is awaited, or was last
    turn = models.PositiveSmallIntegerField(default=0)  # how often it was asked again
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    text = models.CharField(max_length=200, blank=True)
    reason_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)  # the county, last
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(ended_at=None), name="one_silence_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(reason="", reason_at=None) | ~Q(reason="") & Q(reason_at__isnull=False),
                name="a_reason_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(reason="other") | ~Q(text=""), name="another_reason_says_which"
            ),
        ]
        indexes = [
            models.Index(
                fields=["quiet_since", "id"], condition=Q(ended_at=None), name="silence_open"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SilenceEntry(BaseModel):
    """What was said and done about a silence, in order. Who did it: institution and role."""

    APPEND_ONLY = True

    class Kind(models.TextChoices):
        NOTICED = "noticed", _("Noticed; the reason was asked for")
        REASON = "reason", _("Reason given")
        AGAIN = "again", _("Asked again")
        TOLD = "told", _("The county was told")
        ENDED = "ended", _("It asks again")
        OVER = "over", _("Its agreement is over")

    silence = models.ForeignKey(Silence, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    text = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=20, choices=Role, blank=True)
    actor_id = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["silence", "id"], name="silence_history")]

    def __str__(self) -> str:
        return f"{self.kind} {self.silence_id}"


class Cause(models.TextChoices):
    """What lies behind a signal, as whoever explains it says."""

    STAFF = "staff", _("Staff missing or new")
    SUPPLY = "supply", _("Equipment or line")
    PATIENTS = "patients", _("Unusual patients or season")
    RECORDS = "records", _("Entered wrongly or late")
    CONDUCT = "conduct", _("Somebody did not keep to the rules")
    NONE = "none", _("Nothing is behind it")
    OTHER = "other", _("Another reason")


class Signal(BaseModel):
    """
    A rule that spoke about an institution and a month. It asks for a look; it blames nobody.

    `facts` are what its sentence says, so that it reads the same after the figures have moved on.
    The explanation is the present one; what was said before it stays in the entries.
    """

    class State(models.TextChoices):
        RAISED = "raised", _("waits for an explanation")
        EXPLAINING = "explaining", _("the institution was asked")
        EXPLAINED = "explained", _("waits for a decision")
        ACCEPTED = "accepted", _("explanation accepted")
        ESCALATED = "escalated", _("escalated")
        CLOSED = "closed", pgettext_lazy("signal", "Closed")

    UNEXPLAINED = (State.RAISED, State.EXPLAINING)
    OPEN = (*UNEXPLAINED, State.EXPLAINED)
    DECIDED = (State.ACCEPTED, State.ESCALATED)

    number = models.CharField(max_length=20, unique=True)
    rule = models.CharField(max_length=40)
    subject = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="signals")
    month = models.DateField()
    facts = models.JSONField()
    state = models.CharField(
        max_length=10, choices=State, default=State.RAISED, db_default="raised"
    )
    cause = models.CharField(max_length=10, choices=Cause, blank=True, db_default="")
    explanation = models.CharField(max_length=500, blank=True)
    explained_at = models.DateTimeField(null=True, blank=True)
    explained_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="explained_signals"
    )
    explained_for = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject", "month"], name="a_rule_speaks_once_a_month"
            ),
            models.UniqueConstraint(
                fields=["rule", "subject"],
                condition=Q(state__in=["raised", "explaining", "explained"]),
                name="one_open_signal_of_a_rule",
            ),
            models.CheckConstraint(
                condition=Q(explained_at=None, explanation="")
                | Q(explained_at__isnull=False) & ~Q(explanation=""),
                name="an_explanation_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["explained", "accepted", "escalated"])
                | Q(explained_at__isnull=False),
                name="what_is_decided_was_explained",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="a_signal_is_about_a_month"),
        ]
        indexes = [
            models.Index(fields=["-month", "-id"], name="signal_newest"),
            models.Index(fields=["state", "-id"], name="signal_state"),
        ]

    def __str__(self) -> str:
        return self.number


class SignalEntry(BaseModel):
    """What was said and done about a signal, in order. Who did it: institution and role."""

    APPEND_ONLY = True

    class Kind(models.TextChoices):
        AGAIN = "again", _("The rule spoke again")
        ASKED = "asked", _("The institution was asked")
        EXPLAINED = "explained", _("Explained")
        TAKEN_BACK = "taken_back", _("Explanation taken back")
        ACCEPTED = "accepted", _("Explanation accepted")
        ESCALATED = "escalated", _("Escalated")
        CLOSED = "closed", pgettext_lazy("signal", "Closed")

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind)
    cause = models.CharField(max_length=10, choices=Cause, blank=True)
    text = models.CharField(max_length=500, blank=True)
    month = models.DateField(null=True, blank=True)  # of another time that the rule spoke
    facts = models.JSONField(null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=20, choices=Role, blank=True)
    actor_id = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["signal", "month"],
                condition=Q(month__isnull=False),
                name="a_signal_speaks_again_once_a_month",
            )
        ]
        indexes = [models.Index(fields=["signal", "id"], name="signal_history")]

    def __str__(self) -> str:
        return f"{self.kind} {self.signal_id}"
