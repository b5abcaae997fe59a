"""Opinions: a draft that only its writers see, and signed versions that nobody can change."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from consult.requests.models import Case
from telemed.core.models import BaseModel
from telemed.people.models import User

LIMITS = {"findings": 4000, "conclusion": 2000, "recommendations": 4000, "reason": 200}


class Draft(BaseModel):
    """The text being written. `version` counts saves, so that two windows don't overwrite."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="draft")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="opinion_drafts")
    findings = models.TextField(max_length=LIMITS["findings"], blank=True)
    conclusion = models.TextField(max_length=LIMITS["conclusion"], blank=True)
    recommendations = models.TextField(max_length=LIMITS["recommendations"], blank=True)
    amends = models.PositiveSmallIntegerField(default=0)  # which signed version, 0: none
    reason = models.CharField(max_length=LIMITS["reason"], blank=True)  # why it is amended
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.pk)


class Opinion(BaseModel):
    """
    One signed version. The application's role may not change or delete a row.

    `digest` is SHA-256 over the canonical JSON (RFC 8785 rules for our plain values) in `sealed`,
    which holds the previous version's digest; `signature` is the signer's over `digest`.
    """

    APPEND_ONLY = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    version = models.PositiveSmallIntegerField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="opinions")
    findings = models.TextField()
    conclusion = models.TextField()
    recommendations = models.TextField()
    reason = models.CharField(max_length=LIMITS["reason"], blank=True)
    signed_at = models.DateTimeField()
    sealed = models.TextField()
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    signature = models.BinaryField()
    public_key = models.BinaryField()
    check_code = models.CharField(max_length=20, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_opinion_a_version"),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="amending_gives_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.version}"
