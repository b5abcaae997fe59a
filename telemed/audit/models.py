"""The trace of every read and write. Plain ids only: history never blocks, and never points up."""

import hashlib
import json
from typing import Any

from django.db import models
from django.db.models.expressions import RawSQL
from django.utils import timezone

from telemed.core.ids import new_rid

# What the hash covers, in this order for ever: a new field goes at the end, with a new version.
SEALED_FIELDS = [
    "at",
    "actor_id",
    "organisation_id",
    "role",
    "trace_id",
    "door",
    "action",
    "target",
    "patient_id",
    "reason",
    "refused",
]
XACT = RawSQL("(pg_current_xact_id()::text)::bigint", [])


def digest(facts: dict[str, Any]) -> str:
    """SHA-256 over the sealed fields as text; `at` is an aware UTC datetime, ids are text."""
    text = json.dumps([str(facts[name]) for name in SEALED_FIELDS], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class AuditRow(models.Model):
    """
    Who did what to which record, for whom and why. Partitioned by month of `at` (migration 0001).

    `patient_id` is the id of the person in the index; `target` is "Type/id"; `reason` is the
    relationship that allowed it; `refused` is the kind of error when it was refused.
    """

    APPEND_ONLY = True

    pk = models.CompositePrimaryKey("id", "at")
    id = models.BigIntegerField(default=new_rid)
    at = models.DateTimeField(default=timezone.now)
    actor_id = models.CharField(max_length=60)
    organisation_id = models.CharField(max_length=36, blank=True)
    role = models.CharField(max_length=20, blank=True)
    trace_id = models.UUIDField()
    door = models.CharField(max_length=20)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=120)
    patient_id = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    refused = models.CharField(max_length=20, blank=True)
    hash = models.CharField(max_length=64)
    xact = models.BigIntegerField(db_default=XACT, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["xact", "id"], name="audit_xact"),
            models.Index(fields=["patient_id", "-at"], name="audit_patient"),
            models.Index(fields=["organisation_id", "-at"], name="audit_place"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target}"

    def digest(self) -> str:
        return digest({name: getattr(self, name) for name in SEALED_FIELDS})


class Seal(models.Model):
    """One link of the chain: every row of the transactions in [since, until)."""

    APPEND_ONLY = True

    since = models.BigIntegerField(unique=True)
    until = models.BigIntegerField(unique=True)
    rows = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"[{self.since}, {self.until})"
