"""
Which way a search finds its candidates. We choose, not the planner: one driver, everything else a
check on each candidate. Forms that no plan can spoil; the pool runs them with generic plans.
"""

from dataclasses import dataclass
from typing import Any

from records.fhir import access
from records.fhir.callers import Caller, Kind
from records.fhir.definitions import SHARED, TYPE_NUMBER
from records.fhir.reading import table
from records.fhir.search.clauses import Binder, Clause, Query

COLUMNS = "r.rid, r.version, r.{column} as k, r.patient"


@dataclass
class Plan:
    """A SELECT of candidates (rid, version, k, patient), to be completed with order and limit."""

    query: Query
    caller: Caller
    bind: Binder
    limit: int | None = None  # None: all of them, to be counted
    in_care: list[int] | None = None  # the caller's patients, when they are few

    def sql(self) -> str:
        clauses = self.query.clauses
        by_id = next((c.ids for c in clauses if c.ids is not None), None)
        if by_id is not None:
            return self.rows(f"r.rid = any({self.bind(list(by_id), 'int8[]')})")
        hot = next((c for c in clauses if c.hot is not None), None)
        if hot and hot.once and hot.hot is not None:
            return self.by_token_table(hot.hot, ordered=False)
        patients = self.patients()
        if patients is not None:
            return self.by_patients(*patients)
        if hot and hot.hot is not None and self.query.column == "at":
            return self.by_token_table(hot.hot, ordered=True)
        tokens = next((c for c in clauses if c.tokens is not None), None)
        if tokens and tokens.tokens is not None and not hot:
            return self.by_tokens(tokens)
        return self.rows("")

    def patients(self) -> tuple[list[int], bool] | None:
        """The records to look into, and whether what belongs to no patient counts as well."""
        named = next((c.patients for c in self.query.clauses if c.patients is not None), None)
        if named is not None:
            return list(named), False
        if self.query.type in SHARED:
            return None
        if self.caller.kind == Kind.RESIDENT:
            return [self.caller.own] if self.caller.own is not None else [], False
        return (self.in_care, True) if self.in_care is not None else None

    @property
    def columns(self) -> str:
        return COLUMNS.format(column=self.query.column)

    @property
    def of_type(self) -> str:
        return f"r.type = {TYPE_NUMBER[self.query.type]}"

    def checks(self, leave_out: Clause | None = None) -> str:
        """Everything a candidate must be, access first of all."""
        conditions = [access.visible(self.caller, "r", self.query.type), "not r.deleted"]
        conditions += [c.check("r", self.bind) for c in self.query.clauses if c is not leave_out]
        return " and ".join(conditions)

    def beyond(self, alias: str, column: str) -> str:
        """The part of the order that is still to come."""
        if self.query.after is None:
            return ""
        at, rid = self.query.after
        way = "<" if self.query.descending else ">"
        mark = f"{self.bind(at, 'timestamptz')}, {self.bind(rid, 'int8')}"
        return f" and ({alias}.{column}, {alias}.rid) {way} ({mark})"

    def order(self, alias: str = "", column: str = "k") -> str:
        """One index serves both ways, for both columns turn together."""
        if self.limit is None:
            return ""
        way = " desc" if self.query.descending else ""
        dot = f"{alias}." if alias else ""
        return f" order by {dot}{column}{way}, {dot}rid{way} limit {self.limit}"

    def rows(self, driver: str, extra: str = "") -> str:
        """From the table itself: by its key, by patient or along the order of its index."""
        column = self.query.column
        conditions = " and ".join(filter(None, [self.of_type, driver, self.checks()]))
        return (
            f"select {self.columns}{extra} from {table(self.query.type)} r where {conditions}"
            f"{self.beyond('r', column)}{self.order('r', column)}"
        )

    def by_patients(self, patients: list[int], unowned: bool) -> str:
        if len(patients) == 1 and not unowned:
            return self.rows(f"r.patient = {self.bind(patients[0], 'int8')}")
        each = self.rows("r.patient = p.patient")
        rows = f"""select c.* from unnest({self.bind(patients, "int8[]")}) p(patient)
         cross join lateral ({each} offset 0) c"""
        if unowned:
            rows += f" union all select * from ({self.rows('r.patient is null')}) c"
        return f"select * from ({rows}) c{self.order()}"

    def by_token_table(self, token: int, *, ordered: bool) -> str:
        """Along the ordered tokens, checking each; or all of the few that an identifier has."""
        found = (
            f"select {self.columns} from {table(self.query.type)} r"
            f" where {self.of_type} and r.rid = h.rid and {self.checks()} offset 0"
        )
        rows = (
            f"select r.* from fhir_token h cross join lateral ({found}) r"
            f" where h.tok = {self.bind(token, 'int8')}"
        )
        if ordered:
            return f"{rows}{self.beyond('h', 'at')}{self.order('h', 'at')}"
        beyond = self.beyond("c", "k").removeprefix(" and")
        where = f" where{beyond}" if beyond else ""
        return f"select * from ({rows} offset 0) c{where}{self.order()}"

    def by_tokens(self, clause: Clause) -> str:
        """Through GIN; without a condition on the type, which would tempt into a BitmapAnd."""
        tokens = self.bind(list(clause.tokens or ()), "int8[]")
        checks = self.checks(leave_out=clause)
        beyond = self.beyond("r", self.query.column)
        rows = (
            f"select {self.columns} from {table(self.query.type)} r"
            f" where r.tokens && {tokens} and {checks}{beyond}"
        )
        return f"with c as materialized ({rows}) select * from c{self.order()}"


def values(caller: Caller, bind: Binder) -> dict[str, Any]:
    return {**access.values(caller), **bind.values}
