"""Create only what is not there yet (If-None-Exist), safe against others who do the same."""

from django.utils.translation import gettext as _

from records.fhir import search
from records.fhir.arrays import array
from records.fhir.callers import Caller
from records.fhir.definitions import TYPE_NUMBER
from records.fhir.outcomes import Ambiguous
from records.fhir.reading import table
from records.fhir.search.clauses import Query
from records.fhir.store.rows import Row
from records.fhir.work import Ask, Work
from records.fhir.writing import Change, apply
from telemed.core.errors import Malformed

LOCK = "select pg_advisory_xact_lock(key) from unnest(%(keys)b::int8[]) key order by key"
FHIR_ID = "select fhir_id from {table} where type = {number} and rid = %(rid)b::int8"


def lock(queries: list[Query]) -> Work[None]:
    """
    Whoever has the same exact tokens in their criteria waits here until our transaction ends.

    Criteria without one (identifier, code, reference) would lock nothing, and are refused.
    """
    keys: set[int] = set()
    for query in queries:
        exact = {token for clause in query.clauses for token in clause.tokens or ()}
        if not exact:
            raise Malformed(_("A condition needs an identifier or another exact token."))
        keys |= exact
    yield Ask(LOCK, {"keys": array("int8", sorted(keys))})


def existing(caller: Caller, query: Query) -> Work[str | None]:
    """The id of the one that fits; raises Ambiguous for several. Call it under the lock."""
    rids = yield from search.matches(caller, query)
    if len(rids) > 1:
        raise Ambiguous(_("Several instances fit the condition."), path=query.type)
    if not rids:
        return None
    sql = FHIR_ID.format(table=table(query.type), number=TYPE_NUMBER[query.type])
    ((fhir_id,),) = yield Ask(sql, {"rid": rids[0]})
    return fhir_id.decode()


def create(caller: Caller, query: Query, change: Change) -> Work[tuple[Row | None, str | None]]:
    """The row written, or the id of what is there already. Needs a transaction around it."""
    yield from lock([query])
    found = yield from existing(caller, query)
    if found is not None:
        return None, found
    (row,) = yield from apply(caller, [change])
    return row, None
