"""Load FHIR files into the store: patients come under the care of one hospital."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from records.fhir import importing
from records.fhir.callers import Caller, Kind
from telemed.core.errors import DomainError
from telemed.core.intentions import System, intention
from telemed.organisations import queries as organisations

IMPORT = System("import")
BAR = 30  # characters
SHOWN = 50  # refusals; the rest is counted
TIMEOUT = 120_000  # ms; one file is one intention


class Command(BaseCommand):
    help = "Import FHIR R4 JSON: bundles, NDJSON or single resources, files or folders of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--organisation",
            default="",
            metavar="ID",
            help="id or number of who treats them (default: the hospital entered first)",
        )

    def handle(self, *, files: list[Path], organisation: str, **options: Any) -> None:
        paths = list(_files(files))
        try:
            with intention(IMPORT, door="command"):
                hospital = organisations.get_hospital(organisation)
        except DomainError as error:
            raise CommandError(error.message) from None
        caller = Caller(
            kind=Kind.SYSTEM,
            actor_id=IMPORT.actor_id,
            organisation_id=hospital.pk,
            org=hospital.number,
        )
        report = importing.Report()
        for number, path in enumerate(paths):
            self.progress(number, len(paths), path.name)
            report.add(self.load(caller, path))
        self.progress(len(paths), len(paths), "")
        self.show(report)
        if report.refused:
            raise CommandError(_("{count} were refused.").format(count=len(report.refused)))

    def load(self, caller: Caller, path: Path) -> importing.Report:
        """A file stands or falls by itself; one that can't be read is refused as a whole."""
        try:
            with intention(IMPORT, door="command", timeout_ms=TIMEOUT):
                return importing.store(caller, list(importing.changes_of(path)))
        except (DomainError, OSError) as error:
            report = importing.Report()
            report.refused.append((path.name, str(error)))
            return report

    def progress(self, done: int, total: int, name: str) -> None:
        if not self.stderr.isatty():
            return
        filled = BAR * done // max(total, 1)
        bar = "█" * filled + "·" * (BAR - filled)
        ending = "\n" if done == total else ""
        self.stderr.write(f"\r\033[K{bar} {done}/{total} {name}", ending=ending)

    def show(self, report: importing.Report) -> None:
        for name, count in sorted(report.stored.items()):
            self.stdout.write(f"{count:>8} {name}")
        stored, unchanged = report.stored.total(), report.unchanged.total()
        self.stdout.write(_("{count} stored.").format(count=stored))
        if unchanged:
            self.stdout.write(_("{count} were there already, unchanged.").format(count=unchanged))
        for resource, reason in report.refused[:SHOWN]:
            self.stderr.write(_("refused: {what}: {why}").format(what=resource, why=reason))


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.suffix in (".json", ".ndjson"))
        elif path.exists():
            yield path
        else:
            raise CommandError(_("There is no file {name}.").format(name=path))
