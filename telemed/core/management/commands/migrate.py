"""
Django's migrate, by the owner role: an empty database begins with the snapshot, and the partitions
ahead and the application's grants come last.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from telemed.core import grants, partitions, snapshot


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")
        parser.add_argument(
            "--one-by-one", action="store_true", help="an empty database, too, without the snapshot"
        )

    def handle(self, *args: Any, database: str, one_by_one: bool = False, **options: Any) -> None:
        if not (one_by_one or options.get("app_label") or options.get("plan")):
            snapshot.lay(connections[database])
        refuse_halfway(connections[database])
        with uncollected():
            super().handle(*args, database=database, **options)
        partitions.make_ahead(connections[database])
        grants.apply(connections[database], settings.DATABASES["default"]["USER"])


def refuse_halfway(connection: BaseDatabaseWrapper) -> None:
    """
    Raises CommandError where only some of the migrations that one has replaced were applied.

    Django would take that one for not needed, and the rest of the tables would never be made.
    """
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    applied = set(MigrationRecorder(connection).applied_migrations())
    for (app, name), migration in loader.disk_migrations.items():
        replaced = set(migration.replaces)
        missing = sorted(f"{app}.{former}" for app, former in replaced - applied)
        if missing and replaced & applied:
            raise CommandError(
                f"This database was made by an earlier version and lacks {', '.join(missing)},"
                f" which {app}.{name} has replaced since: run `manage.py migrate` of a version"
                " that still has it, then this one; or begin with an empty database."
            )


@contextmanager
def uncollected() -> Iterator[None]:
    """Django makes thousands of short-lived model classes; looking for garbage is a third of it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
