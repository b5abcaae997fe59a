"""What many tests only look at is made once for their module."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from telemed.people import signing


def quicken_pins(patch: pytest.MonkeyPatch) -> None:
    """A PIN becomes a key with the least work."""
    patch.setattr(signing, "ARGON2", signing.ARGON2 | {"memory_cost": 64, "time_cost": 1})


@contextmanager
def kept(django_db_blocker) -> Iterator[None]:
    """
    What is written in here stays until the end; each test's own writes are undone as ever.

    For a fixture of a module that depends on django_db_setup. Inside, nothing is committed.
    """
    whole = transaction.atomic()  # noqa: TID251  outside of every intention
    whole._from_testcase = True  # intentions open a transaction of their own in it, as in a test
    with django_db_blocker.unblock(), whole:
        yield
        transaction.set_rollback(True)


def settle() -> None:
    """
    What is checked at the end of a transaction is checked now, however long it takes: each test in
    kept() would check it again, in the little time that the last intention left it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
