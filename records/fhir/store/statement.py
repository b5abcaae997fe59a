"""
The one write statement: versions, current rows, search tables and audit, in one round trip.

Data-modifying CTEs over arrays. As a statement of its own it is its own transaction; an update
goes through only if nobody changed any of its rows since they were read.
"""

from functools import cache
from typing import Any

from records.fhir.store.rows import Row, columns
from records.fhir.trace import OF_ROWS, Trace
from records.fhir.work import Ask

VERSIONS = """
v as (insert into fhir_version (rid, version, type, updated, deleted, method, body)
 select * from unnest(%(rid)b::int8[], %(ver)b::int4[], %(type)b::int2[], %(upd)b::timestamptz[],
 %(del)b::bool[], %(met)b::int2[], %(body)b::text[]){when})"""
INSERTS = """
r as (insert into fhir_resource (rid, type, fhir_id, version, updated, patient, org, owner, at, hi,
 has, rev, tokens) select a, b, c, d, e, f, g, h, i, j, k, %(rev)b::int2, l::int8[] from unnest(
 %(rid)b::int8[], %(type)b::int2[], %(fid)b::text[], %(ver)b::int4[], %(upd)b::timestamptz[],
 %(pat)b::int8[], %(org)b::int4[], %(own)b::text[], %(at)b::timestamptz[], %(hi)b::timestamptz[],
 %(has)b::int8[], %(tok)b::text[]) t(a, b, c, d, e, f, g, h, i, j, k, l) where d = 1{and_when})"""
UPDATES = """
u as (update fhir_resource r set version = t.v, updated = t.e, deleted = t.x, patient = t.f,
 org = t.g, owner = t.h, at = t.i, hi = t.j, has = t.k, rev = %(rev)b::int2, tokens = t.l::int8[]
 from unnest(%(rid)b::int8[], %(type)b::int2[], %(ver)b::int4[], %(upd)b::timestamptz[],
 %(del)b::bool[], %(pat)b::int8[], %(org)b::int4[], %(own)b::text[], %(at)b::timestamptz[],
 %(hi)b::timestamptz[], %(has)b::int8[], %(tok)b::text[]) t(a, b, v, e, x, f, g, h, i, j, k, l)
 where t.v > 1 and r.type = t.b and r.rid = t.a and r.version = t.v - 1 returning r.rid),
ok as materialized (select count(*) = %(updates)b::int8 as ok from u)"""
CLEARS = [
    f"\nx{table} as (delete from {table} where rid = any(%(rid)b::int8[]){{and_when}})"
    for table in ("fhir_token", "fhir_string", "fhir_date", "fhir_number")
]
SIDES = {
    "h": """
h as (insert into fhir_token (tok, at, rid) select * from unnest(
 %(h0)b::int8[], %(h1)b::timestamptz[], %(h2)b::int8[]){when})""",
    "s": """
s as (insert into fhir_string (key, norm, raw, rid) select * from unnest(
 %(s0)b::int8[], %(s1)b::text[], %(s2)b::text[], %(s3)b::int8[]){when})""",
    "d": """
d as (insert into fhir_date (key, lo, hi, rid) select * from unnest(
 %(d0)b::int8[], %(d1)b::timestamptz[], %(d2)b::timestamptz[], %(d3)b::int8[]){when})""",
    "n": """
n as (insert into fhir_number (key, lo, hi, unit, rid) select * from unnest(
 %(n0)b::int8[], %(n1)b::float8[], %(n2)b::float8[], %(n3)b::int8[], %(n4)b::int8[]){when})""",
}


@cache
def _sql(inserts: bool, updates: bool, audited: bool, sides: tuple[str, ...]) -> str:
    """One text for each combination that occurs: empty tables are left out."""
    parts = [UPDATES, *CLEARS] if updates else []
    parts += [VERSIONS, *([INSERTS] if inserts else []), *(SIDES[side] for side in sides)]
    parts += [OF_ROWS] if audited else []
    when = " where (select ok from ok)" if updates else ""
    and_when = " and (select ok from ok)" if updates else ""
    filled = ",".join(parts).replace("{when}", when).replace("{and_when}", and_when)
    result = "select ok from ok" if updates else "select true"
    return f"with{filled}\n{result}"


def write(rows: list[Row], trace: Trace | None, revision: int) -> Ask:
    """Write them all or none; answers one row, false when another writer came between."""
    values: dict[str, Any] = columns(rows)
    values["rev"] = revision
    updates = sum(row.version > 1 for row in rows)
    if updates:
        values["updates"] = updates
    if trace:
        values.update(trace.of_rows(rows))
    sides = tuple(side for side in SIDES if f"{side}0" in values)
    return Ask(_sql(updates < len(rows), updates > 0, trace is not None, sides), values)
