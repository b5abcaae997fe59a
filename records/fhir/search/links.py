"""
Chains and _has. The other side is searched first, under the same access filter: if few fit, they
become a list that drives the search; if many, each candidate is checked against them.
"""

from typing import Any

from django.utils.translation import gettext as _

from records.fhir import access, keys
from records.fhir.callers import Caller
from records.fhir.definitions import TYPE_NUMBER
from records.fhir.outcomes import TooCostly
from records.fhir.reading import of_patient, table
from records.fhir.search import people, plans
from records.fhir.search.clauses import (
    Binder,
    Clause,
    Condition,
    Link,
    Query,
    has_tokens,
    is_one_of,
    unmatched,
)
from records.fhir.search.parsing import column_parameters
from records.fhir.work import Ask, Work

FEW = 1000


def resolve(caller: Caller, query: Query) -> Work[None]:
    """Turn the links of a query into clauses."""
    for link in query.links:
        clause = yield from (_reverse if link.reverse else _chain)(caller, query, link)
        query.clauses.append(clause)
    query.links = []
    yield from people.resolve(query)
    yield from _strings(query)


def _chain(caller: Caller, query: Query, link: Link) -> Work[Clause]:
    """Those whose reference points at one of the resources found."""
    key = keys.parameter(query.type, link.parameter)
    in_column = link.parameter in column_parameters(query.type)
    found: list[tuple[str, int]] = []
    for other in link.queries:
        rows = yield from _some(caller, other)
        if rows is None and in_column and [q.type for q in link.queries] == ["Patient"]:
            number = TYPE_NUMBER[other.type]
            points = f"o.type = {number} and o.rid = {{alias}}.patient"
            return Clause(check=_check(caller, other, points))
        if rows is None:
            raise TooCostly(_("Too many fit the chained criterion; narrow it."))
        found += [(other.type, rid) for rid, _patient in rows]
    tokens = tuple(rid ^ key for _type, rid in found)
    if in_column and all(other.type == "Patient" for other in link.queries):
        patients = tuple(rid for _type, rid in found)
        return Clause(check=has_tokens(tokens), patients=patients)
    return Clause(check=has_tokens(tokens), tokens=tokens)


def _reverse(caller: Caller, query: Query, link: Link) -> Work[Clause]:
    """Those that one of the resources found refers to."""
    (other,) = link.queries
    key = keys.parameter(other.type, link.parameter)
    if query.type == "Patient" and link.parameter in column_parameters(other.type):
        rows = yield from _some(caller, other)
        if rows is not None:
            rids = tuple({patient for _rid, patient in rows if patient is not None})
            return Clause(check=is_one_of(rids), ids=rids)
        return Clause(check=_check(caller, other, of_patient("o", "{alias}.rid", other.type)))
    refers = f"o.tokens @> array[{{alias}}.rid # {key}::int8]"  # the key holds the type
    return Clause(check=_check(caller, other, refers))


def _some(caller: Caller, other: Query) -> Work[list[tuple[int, int | None]] | None]:
    """(rid, patient) of everything that fits, or None when that is too much to list."""
    yield from people.resolve(other)
    yield from _strings(other)
    bind = Binder()
    plan = plans.Plan(other, caller, bind, limit=FEW + 1)
    rows = yield Ask(f"select rid, patient from ({plan.sql()}) p", plans.values(caller, bind))
    return [(row[0], row[1]) for row in rows] if len(rows) <= FEW else None


def _check(caller: Caller, other: Query, link: str) -> Condition:
    """A scalar subquery, which no planner turns into a join."""

    def check(alias: str, bind: Binder) -> str:
        checks = [c.check("o", bind) for c in other.clauses]
        checks += [access.visible(caller, "o", other.type), "not o.deleted"]
        conditions = [link.format(alias=alias), *map(unmatched, checks)]
        rows = f"select true from {table(other.type)} o where {' and '.join(conditions)}"
        return f"({rows} limit 1) is true"

    return check


def _strings(query: Query) -> Work[None]:
    """A text that few have finds them; one that many have is checked on each candidate."""
    if any(c.ids is not None or c.patients is not None or c.once for c in query.clauses):
        return
    clause = next((c for c in query.clauses if c.strings), None)
    if clause is None or clause.strings is None:
        return
    bind = Binder()
    sql = f"select x.rid from fhir_string x where {clause.strings('x', bind)} limit {4 * FEW}"
    rows: list[tuple[Any, ...]] = yield Ask(sql, bind.values)
    rids = tuple({row[0] for row in rows})
    if len(rows) < 4 * FEW:
        query.clauses.append(Clause(check=lambda alias, bind: "true", ids=rids))
