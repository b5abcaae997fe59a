"""Everything, with one command."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from telemed.demo.console import Console
from telemed.demo.refusals import Refusal
from telemed.demo.stack import default_folder
from telemed.demo.startup import Startup, Wish
from telemed.demo.supervisor import Stopped


class Command(BaseCommand):
    help = "Starts all of Telemed: database, Valkey, tables, demo data, web, worker and beat."
    requires_system_checks = []  # the web process checks; this one stays small and quick

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument(
            "--data", type=Path, default=default_folder(), help="data folder (TELEMED_DATA)"
        )
        parser.add_argument("--no-demo", action="store_true", help="without the demo's province")
        parser.add_argument("--tls", action="store_true", help="HTTPS with a local certificate")

    def handle(self, *args: Any, **options: Any) -> None:
        wish = Wish(
            host=options["host"],
            port=options["port"],
            data=options["data"].expanduser().resolve(),
            demo=not options["no_demo"],
            tls=options["tls"],
        )
        try:
            with Startup(wish, Console(sys.stdout)) as startup:
                startup.bring_up()
                startup.supervisor.watch()
        except Stopped:
            return
        except Refusal as refusal:
            self.stderr.write(str(refusal))
            sys.exit(1)
