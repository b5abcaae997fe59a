"""Reads of the trace, for who reviews it. Bounded by one institution and a period."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from telemed.audit.models import AuditRow, Seal
from telemed.core.intentions import Actor

EMERGENCY = "break_glass"  # the reason of a row that an emergency opening allowed
# In the order of accounts and times, from one row to the one so many later. An hour with more rows
# than twice that has two of them, one after the other: a hundredth of the rows is looked at.
BUSY = """
    WITH RECURSIVE step AS (
        (SELECT actor_id, at, id FROM audit_auditrow
         WHERE at >= %(since)s AND at < %(until)s ORDER BY actor_id, at, id LIMIT 1)
        UNION ALL
        SELECT later.* FROM step CROSS JOIN LATERAL (
            SELECT r.actor_id, r.at, r.id FROM audit_auditrow r
            WHERE r.at >= %(since)s AND r.at < %(until)s
                AND (r.actor_id, r.at, r.id) > (step.actor_id, step.at, step.id)
            ORDER BY r.actor_id, r.at, r.id OFFSET %(stride)s LIMIT 1) later
    ), stepped AS (
        SELECT actor_id, date_trunc('hour', at) AS hour,
               lag(date_trunc('hour', at)) OVER (PARTITION BY actor_id ORDER BY at, id) AS before
        FROM step WHERE actor_id LIKE 'user:%%'
    )
    SELECT DISTINCT actor_id, hour FROM stepped WHERE hour = before
"""


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


def busy_hours(since: datetime, until: datetime, most: int) -> list[tuple[str, datetime]]:
    """
    Accounts and the hours in which they left more than `most` rows, or may have: whoever asks
    counts what matters of these. A month is not read for it, but walked along an index.
    """
    with connection.cursor() as cursor:
        cursor.execute(BUSY, {"since": since, "until": until, "stride": (most + 1) // 2 - 1})
        return list(cursor.fetchall())


def sealed(rows: QuerySet[AuditRow], newest: Seal) -> QuerySet[AuditRow]:
    """What lies under a seal, each row with the hash of its own as `seal`."""
    own = Seal.objects.filter(since__lte=OuterRef("xact")).order_by("-since").values("hash")[:1]
    return rows.filter(xact__lt=newest.until).annotate(seal=Subquery(own))


def newest_seals() -> list[Seal]:
    """The newest link of the chain and the one before it."""
    return list(Seal.objects.order_by("-until")[:2])
