"""A room is a numbered log, and the places of the people in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consult.requests.models import Case
from scheduling.appointments.models import Appointment
from telemed.core.errors import Conflict
from telemed.core.models import BaseModel
from telemed.people.models import User


class Role(models.TextChoices):
    """What somebody is in a room: by its case or visit, for guests and residents by their place."""

    REQUESTER = "requester", _("Asking doctor")
    SPECIALIST = "specialist", _("Specialist")
    COORDINATOR = "coordinator", _("Coordinator")
    INTERPRETER = "interpreter", _("Interpreter")
    OBSERVER = "observer", _("Observer")
    RESIDENT = "resident", _("Patient")  # or who is there for them, by a link


class Removal(models.TextChoices):
    """Why a host shows somebody the door; the log keeps it."""

    NOISE = "noise", _("Disturbs")
    MISTAKE = "mistake", _("Is here by mistake")
    PATIENT = "patient", _("The patient does not wish it")
    DONE = "done", _("Is no longer needed")


class Room(BaseModel):
    """
    Where the people of one case, or of one visit by video, meet (ADR 0034). `last_seq` is the
    number of the newest event of its log; whoever writes to the log holds this row's lock, so
    that no number is skipped or given twice.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        LIVE = "live", _("In progress")
        HELD = "held", _("On hold")
        ENDED = "ended", _("Ended")

    ALONE_FOR = timedelta(seconds=60)  # then a live room in which one side is missing is held
    EMPTY_FOR = timedelta(minutes=30)  # then a live room that everybody left ends by itself

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="rooms"
    )
    visit = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="rooms"
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    last_seq = models.PositiveIntegerField(default=0)
    leader = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="rooms_led"
    )
    live_at = models.DateTimeField(null=True, blank=True)
    # While it is held the time of the consult does not count; by nobody: by the system.
    held_at = models.DateTimeField(null=True, blank=True)
    held_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="rooms_held"
    )
    held_for = models.DurationField(default=timedelta)  # in all, before the hold that runs
    ended_at = models.DateTimeField(null=True, blank=True)
    # The room's name at the media engine, which tells nothing; empty: the browsers are a mesh.
    engine_room = models.CharField(max_length=43, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engine_room"], condition=~Q(engine_room=""), name="one_room_a_name"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=~Q(status="ended"), name="one_open_room_a_case"
            ),
            models.UniqueConstraint(
                fields=["visit"], condition=~Q(status="ended"), name="one_open_room_a_visit"
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False, visit=None) | Q(case=None, visit__isnull=False),
                name="a_room_is_of_a_case_or_a_visit",
            ),
            models.CheckConstraint(
                condition=Q(status="ended", ended_at__isnull=False)
                | Q(status__in=["open", "live", "held"], ended_at=None),
                name="an_ended_room_says_when",
            ),
            models.CheckConstraint(
                condition=Q(status="held", held_at__isnull=False)
                | (~Q(status="held") & Q(held_at=None)),
                name="a_held_room_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @staticmethod
    def group(room_id: UUID) -> str:
        """The channel group of everybody in a room."""
        return f"room.{room_id}"

    @property
    def matter(self) -> Case | Appointment:
        """What it is about: both have a patient, and people whose it is."""
        return self.visit or self.consult

    @property
    def consult(self) -> Case:
        """The case, for what only a consult has. Raises Conflict in a visit's room."""
        if self.case is None:
            raise Conflict(gettext("This is a visit by video, and no consult."), path="room")
        return self.case

    @property
    def path(self) -> str:
        """Where its page is, for whose case or visit it is."""
        return f"/rooms/{self.case_id or self.visit_id}/"

    @property
    def is_under_way(self) -> bool:
        """Whether the consult has begun in it and it has not ended."""
        return self.status in (self.Status.LIVE, self.Status.HELD)

    def counted(self, now: datetime) -> timedelta:
        """How long it was live, without what it was held."""
        if self.live_at is None:
            return timedelta()
        return (self.ended_at or self.held_at or now) - self.live_at - self.held_for


class Participant(BaseModel):
    """
    One person's place. Presence is a lease: who is admitted and was not seen for LEASE is away,
    whatever became of the socket. `connection` is the socket that signals go to: the newest tab.
    """

    class Status(models.TextChoices):
        INVITED = "invited", _("Invited")
        WAITING = "waiting", _("Waiting to be let in")
        REFUSED = "refused", _("Not let in")
        ADMITTED = "admitted", _("Present")
        AWAY = "away", _("Away")
        LEFT = "left", _("Left")
        REMOVED = "removed", _("Removed")

    HERE = (Status.ADMITTED, Status.AWAY)
    LEASE = timedelta(seconds=25)
    AGAIN = timedelta(minutes=10)  # after which who was not let in may knock again
    MOST = 50  # in one room

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="participants")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="room_places")
    role = models.CharField(max_length=12, choices=Role)
    status = models.CharField(max_length=8, choices=Status, default=Status.ADMITTED)
    connection = models.UUIDField(null=True, blank=True)
    seen_at = models.DateTimeField()
    invited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="room_guests"
    )
    joined = models.BooleanField(default=False)  # whether they were ever in
    knocked_at = models.DateTimeField(null=True, blank=True)  # the first time: one's place in line

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "user"], name="one_place_a_person"),
            models.UniqueConstraint(fields=["connection"], name="one_place_a_connection"),
        ]
        indexes = [
            models.Index(
                fields=["seen_at"], condition=Q(status="admitted"), name="participant_present"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"


class RoomEvent(BaseModel):
    """
    What happened in a room, in order. Never changed.

    `sender` is null where the system itself speaks; `client_id` is the sender's own name for it,
    so that what is sent twice happens once.
    """

    APPEND_ONLY = True

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=24)  # "chat.posted"
    sender = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="room_events"
    )
    client_id = models.UUIDField(null=True, blank=True)
    body = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="one_event_a_number"),
            models.UniqueConstraint(fields=["room", "client_id"], name="one_event_a_client_id"),
        ]
        indexes = [
            models.Index(
                fields=["room"],
                condition=Q(kind="chat.retracted"),
                name="room_event_taken_back",
            )
        ]

    def __str__(self) -> str:
        return f"{self.room_id}#{self.seq}"


class MediaErrand(BaseModel):
    """
    One thing that the media engine is to be told, until it was: a worker claims it, tells it
    without a transaction, and marks it. A claim that its worker did not finish is anybody's again.
    """

    class Kind(models.TextChoices):
        OPEN = "open"
        REMOVE = "remove"
        MUTE = "mute"
        CLOSE = "close"

    LEASE = timedelta(seconds=30)
    ATTEMPTS = 8

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="media_errands")
    kind = models.CharField(max_length=8, choices=Kind)
    engine_room = models.CharField(max_length=43)
    identity = models.CharField(max_length=36, blank=True)
    track = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["open", "remove", "mute", "close"]),
                name="media_errand_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(dead_at=None), name="media_errand_ends_once"
            ),
            models.UniqueConstraint(
                fields=["room"],
                condition=Q(kind="open", done_at=None, dead_at=None),
                name="one_way_into_the_engine",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(done_at=None, dead_at=None),
                name="media_errand_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.done_at is not None or self.dead_at is not None
