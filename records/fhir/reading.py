"""Reads of one instance: its current text, an older version, its history."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from records.fhir import access, keys
from records.fhir.callers import Caller
from records.fhir.definitions import PARTITIONED, TYPE_NUMBER
from records.fhir.trace import OF_ONE, Trace
from records.fhir.work import Ask, Work
from telemed.core.errors import Gone, NotFound

READ = f"""with about as materialized (select r.patient, v.version, v.deleted, v.updated, v.body
 from {{table}} r cross join lateral (select version, deleted, updated, body from fhir_version v
 where v.rid = r.rid and v.version = {{version}} offset 0) v
 where r.type = %(type)b::int2 and r.rid = %(rid)b::int8 and r.fhir_id = %(fhir_id)b
 and {{visible}}),
{OF_ONE}
select version, deleted, updated, body from about"""
HISTORY = f"""with about as materialized (select r.patient, r.rid from {{table}} r
 where r.type = %(type)b::int2 and r.rid = %(rid)b::int8 and r.fhir_id = %(fhir_id)b
 and {{visible}}),
{OF_ONE}
select v.version, v.deleted, v.updated, v.body, v.method from about
 cross join lateral (select * from fhir_version v where v.rid = about.rid
 and v.version < %(before)b::int4 order by v.version desc limit %(limit)b::int8 offset 0) v"""
NEWEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Stored:
    """One version as kept."""

    version: int
    deleted: bool
    updated: datetime
    body: bytes
    method: int = 0


def table(resource_type: str) -> str:
    """The partition of a type: it needs no pruning, and none can go wrong."""
    own = resource_type in PARTITIONED
    return f"fhir_resource_{resource_type.lower() if own else 'other'}"


def read(
    caller: Caller, resource_type: str, fhir_id: str, version: int | None = None
) -> Work[Stored]:
    """Raises NotFound for what is absent or hidden, Gone for what was deleted."""
    path = f"{resource_type}/{fhir_id}"
    sql = READ.format(
        table=table(resource_type),
        visible=access.visible(caller, "r", resource_type),
        version="r.version" if version is None else "%(version)b::int4",
    )
    action = "fhir.read" if version is None else "fhir.vread"
    values = Trace(caller=caller).of_one(action, path)
    values.update(_which(resource_type, fhir_id), version=version)
    rows = yield Ask(sql, values)
    if not rows:
        raise NotFound(_("Not found, or not yours to know of."), path=path)
    found = Stored(*rows[0])
    if found.deleted:
        raise Gone(_("This was deleted."), path=path)
    return found


def history(
    caller: Caller, resource_type: str, fhir_id: str, *, limit: int, before: int = NEWEST
) -> Work[list[Stored]]:
    """Newest first, deletions among them."""
    path = f"{resource_type}/{fhir_id}"
    visible = access.visible(caller, "r", resource_type)
    sql = HISTORY.format(table=table(resource_type), visible=visible)
    values = Trace(caller=caller).of_one("fhir.history", path)
    values.update(_which(resource_type, fhir_id), before=before, limit=limit)
    rows = yield Ask(sql, values)
    if not rows and before == NEWEST:
        raise NotFound(_("Not found, or not yours to know of."), path=path)
    return [Stored(*row) for row in rows]


def _which(resource_type: str, fhir_id: str) -> dict[str, object]:
    number, rid = TYPE_NUMBER[resource_type], keys.rid_of(resource_type, fhir_id)
    return {"type": number, "rid": rid, "fhir_id": fhir_id}
