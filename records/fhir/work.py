"""
What the store does, apart from who waits for the database.

A piece of work is a generator: it yields what it asks of the database, is sent the rows, and
returns its result. The ASGI door drives it on its own asynchronous pool; services, the import
and `publish()` drive it on Django's connection, inside the open intention.
"""

from collections.abc import Generator
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection
from psycopg import pq
from psycopg.abc import AdaptContext
from psycopg.adapt import AdaptersMap, Dumper, Loader

from records.fhir import arrays
from telemed.core.intentions import require_intention

T = TypeVar("T")


class Ask(NamedTuple):
    """One statement, and its values by name (`%(name)b`)."""

    sql: str
    values: dict[str, Any]


# None lets others run first: a bundle of thousands of entries yields it now and then.
Work = Generator[Ask | None, list[tuple[Any, ...]], T]


class _TextOfBytes(Dumper):
    """UTF-8 goes to a text column as it is."""

    format = pq.Format.BINARY
    oid = psycopg.adapters.types["text"].oid

    def dump(self, obj: bytes) -> bytes:
        return obj


class _BytesOfText(Loader):
    """And comes back as it is: bodies are never decoded."""

    format = pq.Format.BINARY

    def load(self, data: bytes | bytearray | memoryview) -> bytes:
        return bytes(data)


def adapt(context: AdaptContext) -> None:
    """Every text comes back as bytes on this connection or cursor, and may be sent as such."""
    arrays.register(context)
    context.adapters.register_dumper(bytes, _TextOfBytes)
    context.adapters.register_loader("text", _BytesOfText)


_adapted: WeakKeyDictionary[Any, AdaptersMap] = WeakKeyDictionary()


class _Cursor(psycopg.Cursor[Any]):
    """Its adapters are made once for a connection: that costs more than most statements."""

    def __init__(self, line: Any) -> None:
        super().__init__(line)
        self.format = pq.Format.BINARY
        if line not in _adapted:
            adapt(self)
            _adapted[line] = self.adapters
        self._adapters = _adapted[line]


def run_here(work: Work[T]) -> T:
    """Drive it on Django's connection, by psycopg's cursor: Django's binds on the client."""
    require_intention()
    with _Cursor(connection.connection) as cursor:
        try:
            ask = next(work)
            while True:
                rows: list[tuple[Any, ...]] = []
                if ask is not None:
                    cursor.execute(ask.sql, ask.values)
                    rows = cursor.fetchall() if cursor.description else []
                ask = work.send(rows)
        except StopIteration as end:
            return end.value
