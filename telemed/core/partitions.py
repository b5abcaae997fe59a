"""Partitions that must exist before their rows: made ahead by the owner, after each migration."""

from collections.abc import Callable

from django.db.backends.base.base import BaseDatabaseWrapper

_makers: list[Callable[[BaseDatabaseWrapper], None]] = []


def register(maker: Callable[[BaseDatabaseWrapper], None]) -> None:
    """A slice with a partitioned table says how its next partitions are made. Called in ready()."""
    _makers.append(maker)


def make_ahead(connection: BaseDatabaseWrapper) -> None:
    """Run as the owner; makers tolerate that a partition is there."""
    for maker in _makers:
        maker(connection)
