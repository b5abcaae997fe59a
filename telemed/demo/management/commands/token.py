"""Issue a bearer token for the APIs of a demonstration."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from telemed.core.errors import DomainError
from telemed.core.intentions import System, intention
from telemed.demo import accounts, mode
from telemed.people import tokens

LIFETIME = timedelta(days=30)
USER_SCOPES = "user/*.cruds"


class Command(BaseCommand):
    help = "Print a bearer token for a demonstration account, or for the conformance suite."

    def add_arguments(self, parser: CommandParser) -> None:
        holder = parser.add_mutually_exclusive_group(required=True)
        holder.add_argument("username", nargs="?", help="an account of demo_accounts")
        holder.add_argument(
            "--system", action="store_true", help=f"the conformance suite: {accounts.SUITE_SCOPES}"
        )

    def handle(self, *, username: str | None, system: bool, **options: Any) -> None:
        mode.require_demo(CommandError)
        try:
            with intention(System("command"), door="command"):
                holder = accounts.get_suite() if system else accounts.get_user(username or "")
                scopes = accounts.SUITE_SCOPES if system else USER_SCOPES
                raw = tokens.issue_token(holder=holder, scopes=scopes, lifetime=LIFETIME)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(raw)
