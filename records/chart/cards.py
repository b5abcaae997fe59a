"""A part of a page that may fail without taking the rest with it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from traceback import extract_tb
from typing import Generic, TypeVar

from django.db import DatabaseError, connection

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Card(Generic[T]):
    """What a part shows; nothing, and `failed`, where it could not be read."""

    content: T | None = None
    failed: bool = False


def attempt(name: str, make: Callable[[], T]) -> Card[T]:
    """
    Make one part. What goes wrong is logged by its place alone: messages may quote the record.

    A failed statement has spoilt an open transaction: there it must not pass for success.
    """
    try:
        return Card(make())
    except Exception as error:
        if isinstance(error, DatabaseError) and _in_transaction():
            raise
        where = extract_tb(error.__traceback__)[-1]
        kind = type(error).__name__
        log.error("The part %s failed: %s at %s:%s", name, kind, where.filename, where.lineno)
        return Card(failed=True)


def _in_transaction() -> bool:
    return connection.in_atomic_block
