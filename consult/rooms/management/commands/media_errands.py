"""What the media engine was never told, and a new try."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from consult.rooms import queries, services
from telemed.core.intentions import System, intention


class Command(BaseCommand):
    help = "List what the media engine was never told; --again tries it once more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true")

    def handle(self, *, again: bool, **options: Any) -> None:
        with intention(System("command"), door="command"):
            for errand in queries.dead_errands():
                said = f"{errand.dead_at:%Y-%m-%d %H:%M} {errand} room {errand.room_id}"
                self.stdout.write(f"{said}: {errand.error}")
            revived = services.revive_errands() if again else 0
        if again:
            self.stdout.write(f"{revived} tried again")
