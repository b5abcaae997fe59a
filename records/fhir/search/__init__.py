"""Search: a page of matches with what they include, a count, or the one that criteria name."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from records.fhir import access, keys, text, walker
from records.fhir.arrays import array
from records.fhir.callers import Caller, Kind
from records.fhir.definitions import SHARED, TYPE_NUMBER, TYPES
from records.fhir.reading import table
from records.fhir.search import cursors, links, plans
from records.fhir.search.clauses import Binder, Query
from records.fhir.search.parsing import Pairs
from records.fhir.trace import OF_ONE, Trace
from records.fhir.work import Ask, Work

PAGES = (1, 20, 50, 100, 200, 500, 1000)  # few different limits, so few prepared statements
IN_CARE_LIMIT = 200  # more patients than this, and walking the type beats visiting each
INCLUDED = 1000
IN_CARE = """select distinct patient from care_access where org = %(c_org)b::int4
 and (person is null or person = %(c_person)b::uuid) and until > %(c_now)b::timestamptz
 order by patient limit {}"""
PAGE = f"""with page as materialized ({{rows}}),
about as (select case when count(*) = count(patient) and min(patient) = max(patient)
 then min(patient) end as patient from page),
{OF_ONE}
select p.rid, p.k, v.body from page p cross join lateral (select body from fhir_version v
 where v.rid = p.rid and v.version = p.version offset 0) v order by p.k{{way}}, p.rid{{way}}"""
COUNT = f"""with page as materialized ({{rows}}),
about as (select case when count(*) = count(patient) and min(patient) = max(patient)
 then min(patient) end as patient from page),
{OF_ONE}
select count(*) from page"""
MANY = """select r.type, r.fhir_id, v.body from unnest(%(rids)b::int8[]) i (rid)
 cross join lateral (select * from {table} r where r.type = {number} and r.rid = i.rid
 and not r.deleted and {visible} offset 0) r cross join lateral (
 select body from fhir_version v where v.rid = r.rid and v.version = r.version offset 0) v
 limit {limit}"""
REFERRING = """with c as materialized (select r.rid, r.version, r.fhir_id, r.type from {table} r
 where r.tokens && %(tokens)b::int8[] and not r.deleted and {visible})
select c.type, c.fhir_id, v.body from c cross join lateral (select body from fhir_version v
 where v.rid = c.rid and v.version = c.version offset 0) v limit {limit}"""


@dataclass
class Found:
    """The answer to a search."""

    bodies: list[bytes] = field(default_factory=list)
    included: list[tuple[str, str, bytes]] = field(default_factory=list)  # type, id, text
    total: int | None = None
    next_page: str | None = None
    ids: list[int] = field(default_factory=list)


def search(caller: Caller, query: Query, pairs: Pairs) -> Work[Found]:
    """`pairs` are the parameters as received: the next page's address is bound to them."""
    yield from links.resolve(caller, query)
    found = Found()
    if query.only_count or query.total:
        found.total = yield from _count(caller, query)
    if query.only_count:
        return found
    limit = next(size for size in PAGES if size >= query.count) + 1
    plan = yield from _plan(caller, query, limit)
    sql = PAGE.format(rows=plan.sql(), way=" desc" if query.descending else "")
    rows = yield Ask(sql, {**_audit(caller, query), **plan.bind.values})
    page = rows[: query.count]
    if len(rows) > query.count and page:
        found.next_page = _next(page[-1], query, pairs)
    found.bodies, found.ids = [row[2] for row in page], [row[0] for row in page]
    if page and (query.includes or query.reverse):
        found.included = yield from _included(caller, query, found)
    return found


def matches(caller: Caller, query: Query) -> Work[list[int]]:
    """The record numbers of at most two that fit: none, the one, or too many."""
    yield from links.resolve(caller, query)
    plan = yield from _plan(caller, query, 2)
    rows = yield Ask(f"select rid from ({plan.sql()}) p", plans.values(caller, plan.bind))
    return [row[0] for row in rows]


def _plan(caller: Caller, query: Query, limit: int | None) -> Work[plans.Plan]:
    plan = plans.Plan(query, caller, Binder(), limit)
    driven = any(c.ids is not None or c.patients is not None or c.once for c in query.clauses)
    if caller.kind == Kind.CLINICIAN and query.type not in SHARED and not driven:
        rows = yield Ask(IN_CARE.format(IN_CARE_LIMIT + 1), access.values(caller))
        if len(rows) <= IN_CARE_LIMIT:
            plan.in_care = [row[0] for row in rows]
    return plan


def _count(caller: Caller, query: Query) -> Work[int]:
    plan = yield from _plan(caller, query, None)
    after, query.after = query.after, None  # all pages, not those still to come
    rows = plan.sql()
    query.after = after
    audit = _audit(caller, query) if query.only_count else {}
    sql = COUNT.format(rows=rows) if audit else f"select count(*) from ({rows}) p"
    ((count,),) = yield Ask(sql, {**audit, **plans.values(caller, plan.bind)})
    return count


def _audit(caller: Caller, query: Query) -> dict[str, Any]:
    """The names of the parameters and never their values, which may be people's names."""
    names = ",".join(sorted({name for name, _value in query.used if not name.startswith("_")}))
    return Trace(caller=caller).of_one("fhir.search", f"{query.type}?{names}"[:120])


def _next(last: tuple[int, datetime, bytes], query: Query, pairs: Pairs) -> str:
    return cursors.write(last[1], last[0], query.type, pairs)


def _included(caller: Caller, query: Query, found: Found) -> Work[list[tuple[str, str, bytes]]]:
    """One level: what the page refers to, and what refers to it; each once, none of the page."""
    rows: list[tuple[Any, ...]] = []
    for target, rids in _targets(query, found.bodies).items():
        visible = access.visible(caller, "r", target)
        sql = MANY.format(
            table=table(target), number=TYPE_NUMBER[target], visible=visible, limit=INCLUDED
        )
        rows += yield Ask(sql, {**access.values(caller), "rids": array("int8", sorted(rids))})
    for source, name in query.reverse:
        key = keys.parameter(source, name)
        visible = access.visible(caller, "r", source)
        sql = REFERRING.format(table=table(source), visible=visible, limit=INCLUDED)
        rows += yield Ask(
            sql, {**access.values(caller), "tokens": array("int8", [i ^ key for i in found.ids])}
        )
    matched = {(query.type, rid) for rid in found.ids}
    once = {(TYPES[row[0]], row[1].decode()): row[2] for row in rows}
    return [
        (name, fhir_id, body)
        for (name, fhir_id), body in once.items()
        if (name, keys.rid_of(name, fhir_id)) not in matched
    ][:INCLUDED]


def _targets(query: Query, bodies: list[bytes]) -> dict[str, set[int]]:
    wanted = {keys.parameter(source, name): only for source, name, only in query.includes}
    targets: dict[str, set[int]] = {}
    for body in bodies if wanted else ():
        _issues, values = walker.check(text.decode(body))
        for reference in values.references:
            only = wanted.get(reference.key, "")
            if only != "" and only in (None, reference.type) and reference.type in TYPE_NUMBER:
                rid = keys.rid_of(reference.type, reference.id)
                targets.setdefault(reference.type, set()).add(rid)
    return targets
