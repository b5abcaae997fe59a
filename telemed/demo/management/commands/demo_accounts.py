"""Show the demonstration accounts."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from telemed.demo import accounts, mode
from telemed.people.models import Role


class Command(BaseCommand):
    help = "Show the accounts of the demonstration, as a table or as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, **options: Any) -> None:
        mode.require_demo(CommandError)
        listed = accounts.listed()
        if options["json"]:
            self.stdout.write(json.dumps(listed, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"Password of all: {accounts.PASSWORD}   PIN for signing: {accounts.PIN}")
        for account in listed:
            role = str(Role(account["role"]).label)
            place = account["organisation"] or "-"
            self.stdout.write(f"{account['username']:<14}{role:<28}{account['name']}  {place}")
