"""The chain over the audit rows. Writers never wait for it: one sealer follows them."""

import hashlib
from collections.abc import Iterable

from django.db import connection

from telemed.audit.models import AuditRow, Seal
from telemed.core.intentions import require_intention

LOCK = 0x5EA1


def seal() -> Seal | None:
    """Chain the rows of every transaction that has ended since the last seal."""
    require_intention()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        # Every transaction below xmin has committed or rolled back: none can add a row later.
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (until,) = cursor.fetchone()
    last = Seal.objects.order_by("until").last()
    since = last.until if last else 0
    count, link = chain(last, window(since, until))
    if not count:
        return None
    return Seal.objects.create(since=since, until=until, rows=count, hash=link)


def window(since: int, until: int) -> Iterable[AuditRow]:
    return AuditRow.objects.filter(xact__gte=since, xact__lt=until).order_by("id").iterator()


def chain(last: Seal | None, rows: Iterable[AuditRow]) -> tuple[int, str]:
    count, link = 0, hashlib.sha256((last.hash if last else "").encode())
    for row in rows:
        link.update(f"{row.id}:{row.hash}\n".encode())
        count += 1
    return count, link.hexdigest()


def holds(link: Seal, before: Seal | None) -> bool:
    """Whether one link still fits its rows and the link before it; `broken` walks all of them."""
    if link.since != (before.until if before else 0):
        return False
    rows = list(window(link.since, link.until))
    intact = all(row.digest() == row.hash for row in rows)
    return intact and chain(before, rows) == (link.rows, link.hash)


def broken() -> Iterable[str]:
    """Walk the whole chain again and name what no longer fits."""
    last = None
    for link in Seal.objects.order_by("until"):
        if link.since != (last.until if last else 0):
            yield f"a seal is missing before {link}"
        rows = window(link.since, link.until)
        yield from (f"row {row.id} was changed" for row in rows if row.digest() != row.hash)
        if chain(last, window(link.since, link.until)) != (link.rows, link.hash):
            yield f"rows of {link} were changed, added or removed"
        last = link
