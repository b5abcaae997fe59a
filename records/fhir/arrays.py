"""
Columns of values as PostgreSQL's binary arrays, of the type that the statement names.

psycopg would look at every value to find the smallest type that holds them all: slow, and each
outcome is another prepared statement with a plan of its own.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from struct import Struct
from typing import Any

import psycopg
from psycopg import pq
from psycopg.abc import AdaptContext
from psycopg.adapt import Dumper

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's
_head, _none, _length = Struct("!iiIii").pack, Struct("!iiI").pack, Struct("!i").pack
NULL = _length(-1)
Pack = Callable[[Any], bytes]


def _moment(value: datetime) -> int:
    since = value - EPOCH
    return (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds


def _text(value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return _length(len(raw)) + raw


_time = partial(Struct("!iq").pack, 8)
PACKS: dict[str, Pack] = {
    "int2": partial(Struct("!ih").pack, 2),
    "int4": partial(Struct("!ii").pack, 4),
    "int8": partial(Struct("!iq").pack, 8),
    "float8": partial(Struct("!id").pack, 8),
    "bool": partial(Struct("!i?").pack, 1),
    "text": _text,
    "timestamptz": lambda value: _time(_moment(value)),
}


def _dumper(element: str, pack: Pack) -> type[Dumper]:
    info = psycopg.adapters.types[element]

    class ArrayDumper(Dumper):
        format = pq.Format.BINARY
        oid = info.array_oid

        def dump(self, obj: list[Any]) -> bytes:
            if not obj:
                return _none(0, 0, info.oid)
            values = [NULL if value is None else pack(value) for value in obj]
            return _head(1, None in obj, info.oid, len(obj), 1) + b"".join(values)

    return ArrayDumper


# A class for each type of element: by the class psycopg chooses the dumper.
_classes = {element: type(f"{element}[]", (list,), {}) for element in PACKS}
_dumpers = {_classes[element]: _dumper(element, pack) for element, pack in PACKS.items()}


def array(element: str, values: Iterable[Any]) -> list[Any]:
    """A value for `%(name)b::element[]`."""
    return _classes[element](values)


def register(context: AdaptContext) -> None:
    for kind, dumper in _dumpers.items():
        context.adapters.register_dumper(kind, dumper)
