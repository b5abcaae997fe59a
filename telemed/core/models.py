"""What every table shares, and the kernel's own tables: outbox, clocks, policies, idempotency."""

from django.db import models
from django.db.models import F, Q

from telemed.core.ids import new_id


class BaseModel(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class OutboxEvent(models.Model):
    """
    An announcement waiting for its subscribers. A dead one was tried too often; an administrator
    replays or discards it.
    """

    topic = models.CharField(max_length=100)
    payload = models.JSONField()
    trace_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    available_at = models.DateTimeField(null=True, blank=True)  # not before; null: at once
    dead_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)
    discard_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(discarded_at=None) | ~Q(discard_reason=""),
                name="who_discards_says_why",
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(delivered_at=None), name="outbox_waiting"),
            models.Index(fields=["id"], condition=Q(dead_at__isnull=False), name="outbox_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"


class Calendar(models.TextChoices):
    WALL = "wall"
    WORKING = "working"


class ClockState(models.TextChoices):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FIRED = "fired"
    DEAD = "dead"  # its handler failed too often; an administrator sees it


class Clock(BaseModel):
    """One rung of a promise with a time limit. Beat claims it when it is due; it fires once."""

    kind = models.CharField(max_length=50)  # "case.accept"
    about = models.UUIDField()
    rung = models.PositiveSmallIntegerField(default=0)
    turn = models.PositiveSmallIntegerField(default=0)  # a clock that starts again keeps history
    calendar = models.CharField(max_length=8, choices=Calendar)
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=ClockState, default=ClockState.RUNNING)
    remaining = models.DurationField(null=True, blank=True)  # what is left while paused
    ended_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about", "kind", "rung", "turn"], name="each_rung_fires_once"
            ),
            models.CheckConstraint(
                condition=Q(remaining__isnull=False) | ~Q(state="paused"),
                name="a_paused_clock_knows_what_is_left",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="running"), name="clock_running"),
            models.Index(fields=["about", "kind"], name="clock_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}#{self.rung} {self.due_at:%Y-%m-%d %H:%M}"


class PolicyChange(models.Model):
    """
    One policy set anew: for an organisation, or (null) for the province, from a moment on.

    Only added, never changed. `value` is as its kind keeps it; null gives up an own value.
    """

    APPEND_ONLY = True

    id = models.BigAutoField(primary_key=True)  # in order: of two for one moment the later holds
    name = models.CharField(max_length=60)
    organisation_id = models.UUIDField(null=True, blank=True)
    value = models.JSONField(null=True, blank=True)
    effective_at = models.DateTimeField()
    set_by = models.CharField(max_length=60)  # Actor.actor_id
    set_by_name = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_changed_policy_says_why")
        ]
        indexes = [models.Index(fields=["name", "organisation_id"], name="policy_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.effective_at:%Y-%m-%d %H:%M}"


class IdempotencyKey(models.Model):
    """A write that was asked for under a key, and what it answered. Kept for 24 hours."""

    actor_id = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(F("actor_id"), F("key"), name="one_answer_a_key"),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return self.key
