"""A session: somebody's half day, planned, published and held; and what stops it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.availability.models.templates import Offered, Template
from telemed.core.errors import Conflict
from telemed.core.models import BaseModel
from telemed.people.models import Application, Practitioner, User


class State(models.TextChoices):
    PLANNED = "planned", _("Planned")
    PUBLISHED = "published", _("Open for booking")
    STOPPED = "stopped", _("Stopped")
    FINISHED = "finished", _("Finished")
    CANCELLED = "cancelled", _("Taken off the plan")


# The whole life of a session, readable at a glance. Missing key: final.
TRANSITIONS = {
    State.PLANNED: {State.PUBLISHED, State.CANCELLED},
    State.PUBLISHED: {State.STOPPED, State.FINISHED},
    State.STOPPED: {State.PUBLISHED},
}
RUNNING = [State.PLANNED, State.PUBLISHED, State.FINISHED]  # keeps its doctor and its room busy


class Session(Offered):
    """
    One doctor's, machine's or room's time on one day (FHIR Schedule).

    An application may own it: then the hospital's own system plans and moves it, and it is known
    here by that system's identifier.
    """

    day = models.DateField()  # in China
    # The day its template planned it for, where somebody moved it to another by hand.
    of_day = models.DateField(null=True, blank=True)
    during = DateTimeRangeField()
    title = models.CharField(max_length=12, choices=Practitioner.Title, blank=True)  # the level
    shares = models.JSONField(default=dict)  # per cent by pool, as its policy was when planned
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    release_at = models.DateTimeField()  # when the public may book
    # Since when nobody books, because its doctor may see nobody then; why, the licence says.
    held_up_at = models.DateTimeField(null=True, blank=True)
    template = models.ForeignKey(
        Template, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    identifier = models.CharField(max_length=200, blank=True)  # its "system|value"

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="nobody_is_in_two_sessions",
                expressions=[
                    ("clinician", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=RUNNING),
            ),
            ExclusionConstraint(
                name="no_room_has_two_sessions",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("room", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=RUNNING) & ~Q(room=""),
            ),
            models.UniqueConstraint(
                fields=["template", "day"],
                condition=Q(of_day=None),
                name="a_template_plans_a_day_once",
            ),
            models.UniqueConstraint(
                fields=["template", "of_day"], name="what_moved_is_not_planned_again"
            ),
            models.UniqueConstraint(
                fields=["application", "identifier"],
                condition=~Q(identifier=""),
                name="one_session_of_an_identifier",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="session_state_known"),
            models.CheckConstraint(
                condition=Q(during__isempty=False) & Q(capacity__gte=1),
                name="a_session_has_time_and_places",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "day"], name="sessions_of_a_day"),
            models.Index(fields=["department", "day"], name="sessions_of_a_department"),
            models.Index(
                fields=["organisation", "of_day"],
                condition=Q(of_day__isnull=False),
                name="sessions_moved_by_hand",
            ),
            models.Index(
                fields=["organisation", "release_at"],
                condition=Q(state="planned"),
                name="session_to_publish",
            ),
            models.Index(
                fields=["organisation", "day"],
                condition=Q(state="published"),
                name="session_published",
            ),
            models.Index(
                fields=["organisation", "day"],
                condition=Q(held_up_at__isnull=False, state="published"),
                name="sessions_to_stop",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.state}"

    @property
    def starts_at(self) -> datetime:
        return self.during.lower

    @property
    def ends_at(self) -> datetime:
        return self.during.upper

    def become(self, state: State) -> None:
        """Change the state in memory, or refuse. The service locks, saves and audits."""
        if state not in TRANSITIONS.get(State(self.state), set()):
            raise self.out_of_turn()
        self.state = state

    def out_of_turn(self) -> Conflict:
        """The refusal of what its state does not allow."""
        sentence = gettext("This session is “{state}”; that cannot be done now.")
        return Conflict(sentence.format(state=self.get_state_display()), path="state")


NOBODY_OF_LEVEL = _("No doctor of that level; on the phone list.")


class Stop(BaseModel):
    """停诊: a published session that is not held, and why. It can be undone until `final_at`."""

    class Plan(models.TextChoices):
        """What whoever booked is offered."""

        SUBSTITUTE = "substitute", _("Another doctor of the same level, at the same time")
        ANOTHER_DAY = "another_day", _("The same doctor on another day")
        ELSEWHERE = "elsewhere", _("The same level in another hospital near by")
        CANCEL = "cancel", _("Nothing; everybody is told")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="stops")
    reason = models.CharField(max_length=200)
    plan = models.CharField(max_length=12, choices=Plan)
    instead = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="stands_in_for"
    )
    stopped_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    final_at = models.DateTimeField()  # from then on it is not undone, and everybody is told
    undone_at = models.DateTimeField(null=True, blank=True)
    together = models.UUIDField(null=True, blank=True)  # the same for what was stopped as one

    class Meta:
        indexes = [
            models.Index(
                fields=["together"],
                condition=Q(together__isnull=False),
                name="stopped_together",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(undone_at=None), name="one_stop_of_a_session"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_stop_says_why"),
            models.CheckConstraint(
                condition=~Q(session=F("instead")), name="no_session_stands_in_for_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.plan}"

    @property
    def is_rung(self) -> bool:
        """Another doctor was to stand in, and there is none of that level."""
        return self.plan == self.Plan.SUBSTITUTE and self.instead_id is None

    @property
    def offers(self) -> str:
        """In words."""
        return str(NOBODY_OF_LEVEL if self.is_rung else self.get_plan_display())
