"""Reads of one instance: its current text, an older version, its history."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from records.fhir import access, keys
from records.fhir.arrays import array
from records.fhir.callers import Caller
from records.fhir.definitions import PARTITIONED, TYPE_NUMBER
from records.fhir.trace import OF_MANY, OF_ONE, Trace
from records.fhir.work import Ask, Work
from telemed.core.errors import Gone, NotFound

VREAD = f"""with about as materialized (select r.patient, v.version, v.deleted, v.updated, v.body
 from {{table}} r cross join lateral (select version, deleted, updated, body from fhir_version v
 where v.rid = r.rid and v.version = %(version)b::int4 offset 0) v
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
MANY = f"""with about as materialized (select a.n, a.id, a.target, a.head, r.patient, v.version,
 v.deleted, v.updated, v.body from unnest(%(rids)b::int8[], %(fhir_ids)b::text[], %(a_id)b::int8[],
 %(a_target)b::text[], %(a_head)b::text[]) with ordinality a(rid, fhir_id, id, target, head, n)
 cross join lateral (select rid, version, patient from {{table}} r where r.type = {{number}}
 and r.rid = a.rid and r.fhir_id = a.fhir_id and {{visible}} offset 0) r
 cross join lateral (select version, deleted, updated, body from fhir_version v
 where v.rid = r.rid and v.version = r.version offset 0) v),
{OF_MANY}
select n, version, deleted, updated, body from about"""
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


def of_patient(alias: str, patient: str, resource_type: str) -> str:
    """
    The rows of one type in one record, as a range of the index (patient, type, at, rid).

    By equality the planner may believe that everything is one patient's, and read the whole type.
    """
    own, key = (
        f"({alias}.patient, {alias}.type)",
        f"({patient}, {TYPE_NUMBER[resource_type]}::int2)",
    )
    return f"{own} >= {key} and {own} <= {key}"


def vread(caller: Caller, resource_type: str, fhir_id: str, version: int) -> Work[Stored]:
    """One version, of what the caller may see now. Raises as found() does."""
    path = f"{resource_type}/{fhir_id}"
    visible = access.visible(caller, "r", resource_type)
    sql = VREAD.format(table=table(resource_type), visible=visible)
    values = Trace(caller=caller).of_one("fhir.vread", path)
    values.update(_which(resource_type, fhir_id), version=version)
    rows = yield Ask(sql, values)
    return found(Stored(*rows[0]) if rows else None, path)


def read_many(caller: Caller, resource_type: str, fhir_ids: list[str]) -> Work[dict[int, Stored]]:
    """The current versions, by the place of their ids; what is absent or hidden is left out."""
    sql = MANY.format(
        table=table(resource_type),
        number=TYPE_NUMBER[resource_type],
        visible=access.visible(caller, "r", resource_type),
    )
    targets = [f"{resource_type}/{fhir_id}" for fhir_id in fhir_ids]
    values = Trace(caller=caller).of_many("fhir.read", targets)
    values["rids"] = array("int8", [keys.rid_of(resource_type, i) for i in fhir_ids])
    values["fhir_ids"] = array("text", fhir_ids)
    rows = yield Ask(sql, values)
    return {row[0] - 1: Stored(*row[1:]) for row in rows}


def found(stored: Stored | None, path: str) -> Stored:
    """Raises NotFound for what is absent or hidden, Gone for what was deleted."""
    if stored is None:
        raise NotFound(_("Not found, or not yours to know of."), path=path)
    if stored.deleted:
        raise Gone(_("This was deleted."), path=path)
    return stored


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
