"""
Which way a search finds its candidates. We choose, not the planner: one driver, everything else a
check on each candidate. Forms that no plan can spoil; the pool runs them with generic plans.

A driver is either exact (record numbers, tokens), or it is ordered by the whole of the index that
it means to follow: no other gives that order, and the pool's connections do not sort to get it.
"""

from dataclasses import dataclass
from typing import Any

from records.fhir import access
from records.fhir.callers import Caller, Kind
from records.fhir.definitions import SHARED, TYPE_NUMBER
from records.fhir.reading import of_patient, table
from records.fhir.search.clauses import Binder, Clause, Query, unmatched

COLUMNS = "r.rid, r.version, r.{column} as k, r.patient"
BY_PATIENT = ("r.patient", "r.type", "r.at", "r.rid")


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
            return self.by_numbers(list(dict.fromkeys(by_id)))
        hot = next((c.hot for c in clauses if c.once), None)
        if hot is not None:
            return self.by_identifier(hot)
        patients = self.patients()
        if patients is not None:
            return self.by_patients(*patients)
        hot = next((c.hot for c in clauses if c.hot is not None), None)
        if hot is not None and self.query.column == "at":
            return self.by_ordered_token(hot)
        tokens = next((c for c in clauses if c.tokens is not None), None)
        if tokens and hot is None:
            return self.by_tokens(tokens)
        return self.walk()

    def patients(self) -> tuple[list[int], bool] | None:
        """The records to look into, and whether what belongs to no patient counts as well."""
        named = next((c.patients for c in self.query.clauses if c.patients is not None), None)
        if named is not None:
            return list(dict.fromkeys(named)), False
        if self.query.type in SHARED:
            return None
        if self.caller.kind == Kind.RESIDENT:
            return [self.caller.own] if self.caller.own is not None else [], False
        return (self.in_care, True) if self.in_care is not None else None

    @property
    def of_type(self) -> str:
        return f"r.type = {TYPE_NUMBER[self.query.type]}"

    def select(self, *conditions: str) -> str:
        columns = COLUMNS.format(column=self.query.column)
        where = " and ".join(filter(None, conditions))
        return f"select {columns} from {table(self.query.type)} r where {where}"

    def checked(self, leave_out: Clause | None = None) -> str:
        """Everything a candidate must be."""
        checks = [access.visible(self.caller, "r", self.query.type), "not r.deleted"]
        checks += [c.check("r", self.bind) for c in self.query.clauses if c is not leave_out]
        return " and ".join(map(unmatched, checks))

    def mark(self) -> str | None:
        """Where the page before ended."""
        if self.query.after is None:
            return None
        at, rid = self.query.after
        return f"{self.bind(at, 'timestamptz')}, {self.bind(rid, 'int8')}"

    @property
    def way(self) -> str:
        return "<" if self.query.descending else ">"

    def beyond(self, columns: str) -> str:
        """The part of the order that is still to come."""
        mark = self.mark()
        return f"({columns}) {self.way} ({mark})" if mark else ""

    def order(self, *columns: str) -> str:
        """One index serves both ways, for all its columns turn together."""
        turn = " desc" if self.query.descending else ""
        return f" order by {', '.join(f'{column}{turn}' for column in columns)}"

    @property
    def page(self) -> str:
        return f" limit {self.limit}" if self.limit is not None else ""

    def sorted(self, rows: str) -> str:
        """A page of rows that no index gives in order."""
        if self.limit is None:
            return rows
        beyond = self.beyond("c.k, c.rid")
        where = f" where {beyond}" if beyond else ""
        return f"select * from ({rows} offset 0) c{where}{self.order('c.k', 'c.rid')}{self.page}"

    def walk(self) -> str:
        """Along the index of the type, in the order asked for."""
        column = f"r.{self.query.column}"
        parts = [c.within for c in self.query.clauses if c.within]
        within = [part("r", self.bind) for name, part in parts if name == self.query.column]
        beyond = self.beyond(f"{column}, r.rid")
        rows = self.select(self.of_type, *within, self.checked(), beyond)
        return f"{rows}{self.order(column, 'r.rid')}{self.page}" if self.limit else rows

    def by_numbers(self, rids: list[int]) -> str:
        found = self.select(self.of_type, "r.rid = i.rid", self.checked())
        each = f"unnest({self.bind(rids, 'int8[]')}) i(rid)"
        return self.sorted(f"select r.* from {each} cross join lateral ({found} offset 0) r")

    def by_identifier(self, token: int) -> str:
        """Through the few that share it."""
        return self.sorted(self.of_token(token))

    def by_ordered_token(self, token: int) -> str:
        """Along the ordered tokens, checking each."""
        beyond = self.beyond("h.at, h.rid")
        rows = f"{self.of_token(token)}{f' and {beyond}' if beyond else ''}"
        return f"{rows}{self.order('h.at', 'h.rid')}{self.page}" if self.limit else rows

    def of_token(self, token: int) -> str:
        found = self.select(self.of_type, "r.rid = h.rid", self.checked())
        return (
            f"select r.* from fhir_token h cross join lateral ({found} offset 0) r"
            f" where h.tok = {self.bind(token, 'int8')}"
        )

    def by_patients(self, patients: list[int], unowned: bool) -> str:
        if len(patients) == 1 and not unowned:
            return self.in_record(self.bind(patients[0], "int8"))
        each = f"unnest({self.bind(patients, 'int8[]')}) p(patient)"
        rows = (
            f"select c.* from {each} cross join lateral ({self.in_record('p.patient')} offset 0) c"
        )
        if unowned:
            rows += f" union all select * from ({self.in_record(None)}) c"
        return self.sorted(rows)

    def in_record(self, patient: str | None) -> str:
        """One patient's, or nobody's, along the index (patient, type, at, rid)."""
        by_time = self.query.column == "at"
        if patient is None:
            driver = f"r.patient is null and {self.of_type}"
        else:
            driver = of_patient("r", patient, self.query.type)
        mark = self.mark() if by_time else None
        if mark and patient is None:
            driver += f" and (r.at, r.rid) {self.way} ({mark})"
        elif mark:
            begin = f"{patient}, {TYPE_NUMBER[self.query.type]}::int2, {mark}"
            driver += f" and (r.patient, r.type, r.at, r.rid) {self.way} ({begin})"
        rows = self.select(driver, self.checked()) + self.order(*BY_PATIENT)
        return rows + self.page if by_time else self.sorted(rows)

    def by_tokens(self, clause: Clause) -> str:
        """Through GIN; without a condition on the type, which would tempt into a BitmapAnd."""
        tokens = self.bind(list(clause.tokens or ()), "int8[]")
        rows = self.select(f"r.tokens && {tokens}", self.checked(leave_out=clause))
        return f"with f as materialized ({rows}) {self.sorted('select * from f')}"


def values(caller: Caller, bind: Binder) -> dict[str, Any]:
    return {**access.values(caller), **bind.values}
