"""Write the tables of a new database anew, after a migration was added."""

from typing import Any

from django.core.management.base import BaseCommand

from telemed.demo import snapshots


class Command(BaseCommand):
    help = (
        "Write telemed/core/snapshot.sql: what all migrations together make of an empty database."
    )

    def handle(self, **options: Any) -> None:
        snapshots.write()
