"""Django's migrate, by the owner role; then the partitions ahead and the application's grants."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections

from telemed.core import grants, partitions


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, database: str, **options: Any) -> None:
        with uncollected():
            super().handle(*args, database=database, **options)
        partitions.make_ahead(connections[database])
        grants.apply(connections[database], settings.DATABASES["default"]["USER"])


@contextmanager
def uncollected() -> Iterator[None]:
    """Django makes thousands of short-lived model classes; looking for garbage is a third of it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
