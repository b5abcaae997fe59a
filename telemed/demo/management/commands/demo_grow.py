"""A province with as many residents as a real one has registered: up to a million."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from telemed.core.intentions import System, intention
from telemed.demo import growing, mode

CHUNK, STATEMENT = 2_000, 30_000  # residents an intention; ms
GROWER = System("demo")


class Command(BaseCommand):
    help = (
        "Adds synthetic residents to the demonstration, with numbers, addresses, the clinic that"
        " treats them and their resources. May be stopped and goes on where it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--residents", type=int, required=True, help="how many there are in the end"
        )

    def handle(self, *, residents: int, **options: Any) -> None:
        mode.require_demo(CommandError)
        if not 1 <= residents <= growing.MOST:
            raise CommandError(f"--residents is 1 to {growing.MOST:,}.")
        with intention(GROWER, door="command"):
            progress = growing.begin_growing(residents=residents)
        if progress is None:
            raise CommandError("The province is still being filled; try again in a few minutes.")
        self.began, self.first, self.wanted = time.monotonic(), progress.done, residents
        done, before = progress.done, -1
        try:
            while before < done < residents or before < 0:
                before = done
                with intention(GROWER, door="command", timeout_ms=STATEMENT):
                    done = growing.grow_chunk(size=CHUNK, residents=residents)
                self._show(done)
        except KeyboardInterrupt:
            self.stdout.write(f"\nStopped at {done:,}; the same command goes on.")
            return
        connections["owner"].cursor().execute("ANALYZE mpi_patient, care_access")
        self.stdout.write(f"\n{done:,} residents are there.")

    def _show(self, done: int) -> None:
        took = max(time.monotonic() - self.began, 0.001)
        rate = (done - self.first) / took
        left = f", {(self.wanted - done) / rate:.0f} s left" if rate else ""
        line = f"{done:,} of {self.wanted:,} residents, {rate:,.0f} a second{left}"
        self.stdout.write(f"\r\x1b[K{line}" if self.stdout.isatty() else line, ending="")
        self.stdout.write("" if self.stdout.isatty() else "\n", ending="")
        self.stdout.flush()
