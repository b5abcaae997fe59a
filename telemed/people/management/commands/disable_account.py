"""Close an account at once: somebody left, or a device was stolen."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from telemed.core.errors import DomainError
from telemed.core.intentions import System, intention
from telemed.people import services
from telemed.people.queries import get_account


class Command(BaseCommand):
    help = "Close an account: what is open under it ends within seconds, what it did stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: Any) -> None:
        system = System("command")
        try:
            with intention(system, door="command"):
                services.disable_account(actor=system, account=get_account(username))
        except DomainError as error:
            raise CommandError(error.message) from error
