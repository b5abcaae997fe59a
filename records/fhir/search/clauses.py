"""
Search parameters as SQL conditions.

A clause checks a candidate; its check is put in a form that no index can match (`unmatched`), so
the planner has nothing to choose. What may drive a search is said apart from it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from records.fhir.arrays import array


class Binder:
    """Names the values of one statement."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def __call__(self, value: Any, sql_type: str) -> str:
        name = f"v{len(self.values)}"
        many = sql_type.endswith("[]")
        self.values[name] = array(sql_type.removesuffix("[]"), value) if many else value
        return f"%({name})b::{sql_type}"


Condition = Callable[[str, Binder], str]  # of the alias


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One condition, and what of it can find candidates by itself."""

    check: Condition
    ids: tuple[int, ...] | None = None  # the record numbers it allows
    patients: tuple[int, ...] | None = None  # whose records it allows; the check says which of them
    hot: int | None = None  # a token of the ordered table
    tokens: tuple[int, ...] | None = None  # tokens of which one must be there
    strings: Condition | None = None  # rows of fhir_string x, to be counted first
    once: bool = False  # a hot token that few share (an identifier): always the best driver
    within: tuple[str, Condition] | None = None  # a column, and the part of its order to walk
    sealed: tuple[str, ...] = ()  # hashes of identity numbers, and the tokens in the ordered table
    hots: tuple[int, ...] = ()  # of the same numbers where they were sent in clear (people.py)

    @property
    def finds(self) -> bool:
        """Whether it may drive a search."""
        ways = (self.ids, self.patients, self.hot, self.tokens, self.strings)
        return any(way is not None for way in ways)


@dataclass
class Query:
    """A parsed search of one type."""

    type: str
    clauses: list[Clause] = field(default_factory=list)
    links: list["Link"] = field(default_factory=list)
    count: int = 20
    column: str = "at"
    descending: bool = True
    after: tuple[Any, int] | None = None  # (column, rid) of the last row of the page before
    includes: list[tuple[str, str, str | None]] = field(default_factory=list)
    reverse: list[tuple[str, str]] = field(default_factory=list)
    only_count: bool = False
    total: bool = False
    ignored: list[str] = field(default_factory=list)  # unknown parameters, when lenient
    used: list[tuple[str, str]] = field(default_factory=list)  # for the self link


@dataclass(frozen=True, kw_only=True)
class Link:
    """A condition on another resource: what this one refers to (chain), or what refers to it."""

    reverse: bool
    parameter: str  # of the referring type
    queries: tuple[Query, ...]  # on the other type or types


def unmatched(condition: str) -> str:
    """The same condition, out of the reach of every index."""
    return f"({condition}) is true"


def has_tokens(tokens: tuple[int, ...]) -> Condition:
    def check(alias: str, bind: Binder) -> str:
        return f"{alias}.tokens && {bind(list(tokens), 'int8[]')}"

    return check


def has_no_tokens(tokens: tuple[int, ...]) -> Condition:
    def check(alias: str, bind: Binder) -> str:
        return f"not ({alias}.tokens && {bind(list(tokens), 'int8[]')})"

    return check


def is_one_of(rids: tuple[int, ...]) -> Condition:
    return lambda alias, bind: f"{alias}.rid = any({bind(list(rids), 'int8[]')})"


def is_missing(bit: int, missing: bool) -> Condition:
    return lambda alias, bind: f"(({alias}.has >> {bit}) & 1) = {0 if missing else 1}"


def beside(table: str, key: int, condition: Condition) -> Condition:
    """A row of a search table: those of the candidate first, then the condition on the alias x."""

    def check(alias: str, bind: Binder) -> str:
        own = f"select * from {table} where rid = {alias}.rid offset 0"
        fits = f"x.key = {bind(key, 'int8')} and {condition('x', bind)}"
        return f"(select true from ({own}) x where {fits} limit 1)"

    return check


def either(conditions: list[Condition]) -> Condition:
    if len(conditions) == 1:
        return conditions[0]
    return lambda alias, bind: f"({' or '.join(c(alias, bind) for c in conditions)})"
