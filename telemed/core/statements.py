"""
Statements that the database keeps prepared, in the open intention: for what every act writes.

Django writes the SQL of each save() anew, and binds its values on the client: for an audit row, a
clock or an event that costs several times what the row costs. Here the text is made once for a
model, the server plans it once for a connection, and what is written `together()` goes out as one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault
from django.utils.functional import Promise

from telemed.core.intentions import require_intention

Rows = list[tuple[Any, ...]]
_Part = tuple[type[Model], tuple[str, ...], str, list[list[str | None]]]
_waiting: ContextVar[list[_Part] | None] = ContextVar("waiting", default=None)


def ask(statement: str, *values: Any) -> Rows:
    """The rows of one statement with $1, $2 … in it; its text must not change from call to call."""
    require_intention()
    return look(statement, *values)


def look(statement: str, *values: Any) -> Rows:
    """ask() for what is only read: outside of an intention too."""
    connection.ensure_connection()
    began = time.perf_counter()
    with connection.wrap_database_errors, psycopg.RawCursor(connection.connection) as cursor:
        cursor.execute(statement, [as_text(value) for value in values], prepare=True)
        shows = cursor.pgresult is not None and cursor.pgresult.nfields
        rows = cursor.fetchall() if shows else []
    if connection.queries_logged:
        taken = f"{time.perf_counter() - began:.3f}"
        connection.queries_log.append({"sql": statement, "time": taken})
    return rows


def insert(*rows: Model, conflict: str = "") -> None:
    """
    New rows of one model, as save() would write them, now or with the rest of `together()`.

    `conflict`: what follows ON CONFLICT. A number that the database gives is not read back.
    """
    require_intention()
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in _fields(model) if any(_is_given(field, row) for row in rows)]
    columns = tuple(field.column or "" for field in fields)
    lines = [[as_text(field.pre_save(row, True)) for field in fields] for row in rows]
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    part = (model, columns, conflict, lines)
    waiting = _waiting.get()
    if waiting is None:
        _send([part])
    else:
        waiting.append(part)


@contextmanager
def together() -> Iterator[None]:
    """
    What is inserted in here goes out at its end, in one statement: nothing in here may look for it.
    """
    require_intention()
    if _waiting.get() is not None:
        yield
        return
    parts: list[_Part] = []
    token = _waiting.set(parts)
    try:
        yield
    finally:
        _waiting.reset(token)
    if parts:
        _send(parts)


def _send(parts: Sequence[_Part]) -> None:
    shape = tuple((*part[:3], len(part[3])) for part in parts)
    ask(_insertion(shape), *(value for part in parts for line in part[3] for value in line))


@cache
def _insertion(shape: tuple[tuple[type[Model], tuple[str, ...], str, int], ...]) -> str:
    """Data-modifying CTEs: all of them see the database as it was before, and stand together."""
    texts, number = [], 0
    for model, columns, conflict, count in shape:
        lines = []
        for _line in range(count):
            places = [f"${number + place}" for place in range(1, len(columns) + 1)]
            lines.append(f"({', '.join(places)})")
            number += len(columns)
        names = ", ".join(f'"{column}"' for column in columns)
        text = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES {", ".join(lines)}'  # noqa: S608
        texts.append(f"{text} ON CONFLICT {conflict}" if conflict else text)
    first = ", ".join(f"i{place} AS ({text})" for place, text in enumerate(texts[1:]))
    return f"WITH {first} {texts[0]}" if first else texts[0]


@cache
def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    return [field for field in model._meta.local_concrete_fields if field.column]


def _is_given(field: Field[Any, Any], row: Model) -> bool:
    value = getattr(row, field.attname, None)
    if value is None:
        return not field.null and not field.primary_key
    return not isinstance(value, DatabaseDefault)


def as_text(value: Any) -> str | None:
    """As PostgreSQL reads it in: the column says of which type it is, and no value changes that."""
    if value is None or type(value) is str:
        return value
    return _TEXTS[type(value)](value) if type(value) in _TEXTS else _other(value)


def _other(value: Any) -> str:
    for kind, text in _TEXTS.items():
        if isinstance(value, kind):
            return text(value)
    raise TypeError(f"No column takes a {type(value).__name__} here.")


def _range(value: Any) -> str:
    low, high = (bound.isoformat() if bound else "" for bound in (value.lower, value.upper))
    return f"{value.bounds[0]}{low},{high}{value.bounds[1]}"


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder)


def _array(values: Sequence[Any]) -> str:
    """Of ids and codes alone: nothing in them needs quoting."""
    return "{" + ",".join(str(value) for value in values) + "}"


_TEXTS: dict[type, Callable[[Any], str]] = {
    UUID: str,
    bool: lambda value: "t" if value else "f",
    int: str,
    Decimal: lambda value: f"{value:f}",
    datetime: datetime.isoformat,
    date: date.isoformat,
    timedelta: lambda value: f"{value.total_seconds()} seconds",
    str: str.__str__,  # of a choice: its value
    Promise: str,
    dict: _json,
    list: _json,
    tuple: _array,
    DateTimeTZRange: _range,
}
