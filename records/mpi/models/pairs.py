"""Pairs of records that may be one person, and what was merged."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from records.mpi.models.people import Patient
from telemed.core.models import BaseModel
from telemed.people.models import User


class Pair(BaseModel):
    """
    Two records that may be one person: how alike they are, and what people decided about it.

    A proposal (to merge, or of a merged pair to separate) waits for a second person.
    """

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("To be decided")
        LINKED = "linked", _("Linked")
        DIFFERENT = "different", _("Different people")
        MERGED = "merged", _("Merged")
        UNMERGED = "unmerged", _("Separated again")

    class Grade(models.TextChoices):
        CERTAIN = "certain", _("Certain")
        PROBABLE = "probable", _("Probable")
        POSSIBLE = "possible", _("Possible")
        UNLIKELY = "unlikely", _("Unlikely")

    TRANSITIONS = {
        State.SUGGESTED: {State.LINKED, State.DIFFERENT, State.MERGED},
        State.LINKED: {State.DIFFERENT, State.MERGED},
        State.DIFFERENT: {State.SUGGESTED},
        State.MERGED: {State.UNMERGED},
        State.UNMERGED: {State.LINKED, State.DIFFERENT, State.MERGED, State.SUGGESTED},
    }

    one = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="pairs_as_one")
    other = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="pairs_as_other")
    state = models.CharField(max_length=10, choices=State, default=State.SUGGESTED)
    grade = models.CharField(max_length=8, choices=Grade)
    score = models.SmallIntegerField()
    reasons = models.JSONField(default=list)  # codes of records.mpi.words
    said = models.CharField(max_length=200, blank=True)  # what whoever suggested it said
    suggested_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="pairs_suggested"
    )
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="pairs_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    survivor = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="pairs_surviving"
    )
    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="pairs_proposed"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposal = models.CharField(max_length=200, blank=True)  # why

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="a_pair_is_ordered"),
            models.UniqueConstraint(fields=["one", "other"], name="a_pair_once"),
            models.CheckConstraint(
                condition=Q(survivor=None) | Q(survivor=F("one")) | Q(survivor=F("other")),
                name="one_of_the_pair_survives",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by=None) | (Q(survivor__isnull=False) & ~Q(proposal="")),
                name="a_proposal_says_what_and_why",
            ),
        ]
        indexes = [models.Index(fields=["state", "-score", "id"], name="pair_queue")]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"

    @property
    def loser(self) -> Patient | None:
        if self.survivor_id is None:
            return None
        return self.other if self.survivor_id == self.one_id else self.one

    def can_become(self, state: Pair.State) -> bool:
        return state in self.TRANSITIONS[Pair.State(self.state)]


class Merge(BaseModel):
    """The ledger of merges: which record went into which, who said so, and what pointed at it."""

    pair = models.ForeignKey(Pair, on_delete=models.PROTECT, related_name="merges")
    loser = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges_lost")
    survivor = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges_won")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="merges_proposed")
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="merges_confirmed"
    )
    reason = models.CharField(max_length=200)
    pointers = models.JSONField()  # {"requests.case.patient": [ids]} of the loser's row, as it was
    undo_proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="unmerges_proposed"
    )
    undone_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="unmerges_confirmed"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["loser"], condition=Q(undone_at=None), name="merged_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("proposed_by")), name="two_people_merge"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None)
                | (Q(undone_by__isnull=False) & ~Q(undone_by=F("undo_proposed_by"))),
                name="two_people_separate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loser_id} in {self.survivor_id}"
