"""Reads of the trace, for who reviews it. Bounded by one institution and a period."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from telemed.audit.models import AuditRow, Seal
from telemed.core.intentions import Actor

EMERGENCY = "break_glass"  # the reason of a row that an emergency opening allowed


def rows_of(organisation_id: UUID | None, *, since: datetime) -> QuerySet[AuditRow]:
    """What was done in the name of one institution, newest first."""
    rows = AuditRow.objects.filter(organisation_id=str(organisation_id or "-"), at__gte=since)
    return rows.order_by("-at", "-id")


def rows_within(since: datetime, until: datetime) -> QuerySet[AuditRow]:
    """What was done with the records of people in a period, in the name of any institution."""
    rows = AuditRow.objects.filter(at__gte=since, at__lt=until, refused="")
    return rows.exclude(patient_id="").exclude(organisation_id="")


def rows_about(patient_id: str, *, since: datetime) -> QuerySet[AuditRow]:
    """What was done with one person's record since then."""
    return AuditRow.objects.filter(patient_id=patient_id, at__gte=since, refused="")


def has_done(actor: Actor, action: str, patient_id: str, since: datetime) -> bool:
    """Whether this actor did that with this record since then."""
    rows = rows_about(patient_id, since=since)
    return rows.filter(actor_id=actor.actor_id, action=action).exists()


def refused(rows: QuerySet[AuditRow]) -> QuerySet[AuditRow]:
    return rows.exclude(refused="")


def counted(rows: QuerySet[AuditRow]) -> tuple[int, int]:
    """How many were refused, and how many an emergency allowed."""
    found = rows.aggregate(
        refused=Count("id", filter=~Q(refused="")),
        emergency=Count("id", filter=Q(reason=EMERGENCY)),
    )
    return found["refused"], found["emergency"]


def in_emergency(rows: QuerySet[AuditRow]) -> QuerySet[AuditRow]:
    return rows.filter(reason=EMERGENCY)


def by_actors(rows: QuerySet[AuditRow], user_ids: Iterable[Any]) -> QuerySet[AuditRow]:
    return rows.filter(actor_id__in=[f"user:{user_id}" for user_id in user_ids])


def by_accounts(rows: QuerySet[AuditRow]) -> QuerySet[AuditRow]:
    """Those of people; not of systems and applications."""
    return rows.filter(actor_id__startswith="user:")


def sealed(rows: QuerySet[AuditRow], newest: Seal) -> QuerySet[AuditRow]:
    """What lies under a seal, each row with the hash of its own as `seal`."""
    own = Seal.objects.filter(since__lte=OuterRef("xact")).order_by("-since").values("hash")[:1]
    return rows.filter(xact__lt=newest.until).annotate(seal=Subquery(own))


def newest_seals() -> list[Seal]:
    """The newest link of the chain and the one before it."""
    return list(Seal.objects.order_by("-until")[:2])
