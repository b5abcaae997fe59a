"""Read files of the population register into the person index; a cut-off import goes on later."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from records.mpi import roll as files
from records.mpi import services
from records.mpi.models import Roll
from telemed.core.errors import DomainError
from telemed.core.intentions import System, intention
from telemed.organisations import queries as organisations
from telemed.organisations.models import Organisation

IMPORT = System("population")
BAR = 30  # characters
BATCH = 1_000
TURNS = 3
TIMEOUT = 120_000  # ms


class Command(BaseCommand):
    help = (
        "Import the population register: CSV (UTF-8 or GB18030) or NDJSON of Patients. Run it again"
        " with the same file to go on where it was cut off; docs/population.md has the columns."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--organisation",
            default="",
            metavar="ID",
            help="id or number of who keeps rows without 机构编号 (default: the first hospital)",
        )
        parser.add_argument(
            "--errors", type=Path, metavar="CSV", help="refused rows (default: FILE.errors.csv)"
        )
        parser.add_argument("--batch", type=int, default=BATCH, help="rows a transaction")

    def handle(
        self, *, files: list[Path], organisation: str, errors: Path | None, batch: int, **_o: Any
    ) -> None:
        if not 1 <= batch <= 10 * BATCH:
            raise CommandError(_("A batch has from 1 to {n} rows.").format(n=10 * BATCH))
        if errors and len(files) > 1:
            raise CommandError(_("--errors is for one file; each has its own without it."))
        refused = 0
        for path in files:
            try:
                found = self.load(path, organisation, errors, batch)
            except DomainError as error:
                raise CommandError(error.message) from None
            self.show(path, found)
            refused += found.refused
        if refused:
            raise CommandError(_("{count} were refused.").format(count=refused))

    def load(self, path: Path, organisation: str, errors: Path | None, size: int) -> Roll:
        file = files.look_at(path)
        lines = files.lines_of(file)
        with intention(IMPORT, door="command"):
            keeper = organisations.get_hospital(organisation)
            roll = services.open_roll(actor=IMPORT, file=file, organisation=keeper)
        if roll.finished_at:
            said = _("{file} was read already, on {date}.")
            self.stdout.write(said.format(file=path.name, date=f"{roll.finished_at:%Y-%m-%d}"))
            return roll
        if roll.rows:
            said = _("{file}: going on behind row {row}.")
            self.stdout.write(said.format(file=path.name, row=roll.rows + 1))
        rest = islice(lines, roll.rows, None)
        target = errors or path.with_name(f"{path.name}.errors.csv")
        started = monotonic(), roll.rows
        with ErrorFile(target, up_to=roll.rows + 1) as written:
            for chunk in _batches(rest, size):
                roll = self.enrol(roll, chunk, written)
                self.progress(file, roll, *started)
        with intention(IMPORT, door="command"):
            services.close_roll(actor=IMPORT, roll=roll)
        return roll

    def enrol(self, roll: Roll, chunk: list[files.Line], written: "ErrorFile") -> Roll:
        """Once more where a desk registered one of them at the same moment."""
        for turn in range(TURNS):
            try:
                with intention(IMPORT, door="command", timeout_ms=TIMEOUT):
                    return services.enrol(
                        actor=IMPORT,
                        roll=roll,
                        lines=chunk,
                        find_organisation=_organisation,
                        before_commit=written.write,
                    )
            except IntegrityError:
                if turn == TURNS - 1:
                    raise
        raise RuntimeError("A batch was neither kept nor refused.")

    def progress(self, file: files.File, roll: Roll, began: float, first: int) -> None:
        if not self.stderr.isatty():
            return
        filled = min(BAR, BAR * roll.rows // file.lines)
        bar = "█" * filled + "·" * (BAR - filled)
        pace = (roll.rows - first) / max(monotonic() - began, 0.001)
        self.stderr.write(
            f"\r\033[K{bar} {roll.rows}/{file.lines} {pace:.0f}/s {file.path.name}", ending=""
        )

    def show(self, path: Path, roll: Roll) -> None:
        if self.stderr.isatty():
            self.stderr.write("")
        said = _(
            "{file}: {rows} rows; {registered} registered, {known} known already,"
            " {refused} refused, {queued} pairs to review."
        )
        counts = {
            name: getattr(roll, name)
            for name in ("rows", "registered", "known", "refused", "queued")
        }
        self.stdout.write(said.format(file=path.name, **counts))


def _batches(lines: Iterator[files.Line], size: int) -> Iterator[list[files.Line]]:
    while chunk := list(islice(lines, size)):
        yield chunk


@cache
def _organisation(number: str) -> Organisation:
    return organisations.get_hospital(number)


class ErrorFile:
    """
    Refused rows, on the disk before their batch is committed.

    What was written for a batch that was then cut off is taken out again: it is read anew.
    """

    def __init__(self, path: Path, *, up_to: int) -> None:
        self.path, self.up_to = path, up_to
        self.file: TextIO | None = None

    def __enter__(self) -> "ErrorFile":
        kept = self._kept()
        self.file = self.path.open("w", encoding="utf-8-sig", newline="")
        self.writer = csv.writer(self.file)
        self.writer.writerow(["row", "column", "why"])
        self.writer.writerows(kept)
        self.file.flush()
        return self

    def _kept(self) -> list[list[str]]:
        if self.up_to <= 1 or not self.path.exists():
            return []
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))[1:]
        return [row for row in rows if row and row[0].isdecimal() and int(row[0]) <= self.up_to]

    def write(self, batch: services.Batch) -> None:
        if self.file is None:
            raise RuntimeError("Open the file first.")
        self.writer.writerows([row.row, row.field, row.why] for row in batch.refused)
        self.file.flush()

    def __exit__(self, *_exception: object) -> None:
        if self.file:
            self.file.close()
