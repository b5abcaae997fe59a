"""What a stack needs before it serves: tables, collected static files, the demo's province."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from telemed.demo import accounts, seeding
from telemed.demo.console import COLLECTED


class Command(BaseCommand):
    help = "Migrates, collects static files, seeds the demo; `up` runs it. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--collect", action="store_true", help="also collect static files")
        parser.add_argument("--accounts", type=Path, help="write the demo's accounts to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        self.say("Tables are up to date")
        if options["collect"]:
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            self.say(COLLECTED)
        if settings.DEMO:
            seeding.seed(self.say)
        if options["accounts"]:
            listed = accounts.listed() if settings.DEMO else []
            options["accounts"].touch(mode=0o600)
            options["accounts"].write_text(json.dumps(listed, ensure_ascii=False))

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
